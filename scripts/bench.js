// `npm run bench`: how much Prosa costs and how long it takes, against its goals.
import { launch } from './launch.js'

await launch('bench/main.ts', process.argv.slice(2))
