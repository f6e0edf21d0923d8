// `npm run restore`: see restore.ts.
import { launch } from './launch.js'

await launch('scripts/restore.ts', process.argv.slice(2))
