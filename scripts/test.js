// `npm test`: every check there is. `npm test -- --only unit` runs one kind of it.
import { launch } from './launch.js'

await launch('scripts/test.ts', process.argv.slice(2))
