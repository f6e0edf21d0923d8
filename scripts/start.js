// `npm start` and `npm run dev`: everything of Prosa on this machine.
import { launch } from './launch.js'

await launch('scripts/local/main.ts', process.argv.slice(2))
