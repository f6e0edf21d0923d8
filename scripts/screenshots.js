// `npm run screenshots`: the pictures of the README, taken anew from a fresh demo.
import { launch } from './launch.js'

await launch('scripts/screenshots.ts', process.argv.slice(2))
