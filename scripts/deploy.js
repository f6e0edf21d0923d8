// `npm run deploy`: Prosa on Cloudflare and Turso, once every setting it needs is in order.
import { launch } from './launch.js'

await launch('scripts/deploy.ts', process.argv.slice(2))
