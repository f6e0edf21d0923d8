// `npm run docs`: the pages of the documentation that are made of data.
import { launch } from './launch.js'

await launch('scripts/docs.ts', process.argv.slice(2))
