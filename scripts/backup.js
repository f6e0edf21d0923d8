// `npm run backup`: see backup.ts.
import { launch } from './launch.js'

await launch('scripts/backup.ts', process.argv.slice(2))
