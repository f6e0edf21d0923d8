// `npm run soak`: what takes too long for every change. `SOAK_MINUTES=5 npm run soak` shortens the longest of it.
import { launch } from './launch.js'

await launch('scripts/soak.ts', process.argv.slice(2))
