// `npm run rollback`: see rollback.ts.
import { launch } from './launch.js'

await launch('scripts/rollback.ts', process.argv.slice(2))
