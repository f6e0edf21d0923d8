/** Builds what the browser gets and, unless told `--assets`, the Worker. */
import { buildAssets, describeAssets } from './assets.ts'

const say = (line: string) => console.log(`build       ${line}`)

try {
  say(describeAssets(await buildAssets()))
  if (!process.argv.includes('--assets')) {
    const { bundleWorker } = await import('./bundle.ts')
    const { gzipBytes } = await bundleWorker()
    say(`worker ${(gzipBytes / 1024).toFixed(0)} KB gzip`)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
