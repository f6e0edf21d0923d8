/** The Worker as one module, and what wrangler.toml binds to it: what the runtime on this machine is started with. */
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'
import { unstable_readConfig } from 'wrangler'
import * as z from 'zod'
import { writeWhole } from './assets.ts'
import type { WorkerSettings } from './local/runtime.ts'

const ROOT = join(import.meta.dirname, '..')
const OUT = join(ROOT, 'dist', 'worker')
/** Only the Worker's own code and its libraries may be inside; nothing of the machinery around it. */
const OUTSIDE = ['simulator/', 'scripts/', 'bench/', 'test/']

/** Writes `dist/worker/index.js` and `dist/worker/settings.json`; answers with the bundle's size as it is uploaded. */
export async function bundleWorker(entry = join(ROOT, 'src', 'index.ts')): Promise<{ gzipBytes: number }> {
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [entry],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser', 'import', 'module', 'default'],
    target: 'es2024',
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    keepNames: true,
    external: ['cloudflare:*', 'node:*'],
    alias: Object.fromEntries(builtins.map((name) => [name, `node:${name}`])),
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  })
  const strangers = Object.keys(metafile.inputs).filter((path) => OUTSIDE.some((folder) => path.startsWith(folder)))
  if (strangers.length > 0) throw new Error(`The Worker must not contain ${strangers.join(', ')}.`)

  const code = outputFiles[0]?.text ?? ''
  await writeWhole(join(OUT, 'index.js'), code)
  await writeWhole(join(OUT, 'settings.json'), JSON.stringify(workerSettings(), null, 2))
  return { gzipBytes: gzipSync(code).byteLength }
}

/** A library may say `crypto` where workerd knows `node:crypto` alone. */
const builtins = builtinModules.filter((name) => !name.startsWith('_') && !name.includes('/') && !name.includes(':'))

/** Wrangler's own types do not resolve outside its repository, so what is read of its answer is checked here. */
const Config = z.object({
  name: z.string(),
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  vars: z.record(z.string(), z.string()),
  assets: z.object({ binding: z.string() }),
  r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string() })),
  durable_objects: z.object({ bindings: z.array(z.object({ name: z.string(), class_name: z.string() })) }),
  triggers: z.object({ crons: z.array(z.string()) }),
})

function workerSettings(): WorkerSettings {
  const config = Config.parse(unstable_readConfig({ config: join(ROOT, 'wrangler.toml') }, { hideWarnings: true }))
  return {
    name: config.name,
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: config.compatibility_flags,
    vars: config.vars,
    assets: { binding: config.assets.binding, directory: join(ROOT, 'dist', 'assets') },
    buckets: config.r2_buckets.map(({ binding, bucket_name }) => ({ binding, name: bucket_name })),
    objects: config.durable_objects.bindings.map(({ name, class_name }) => ({ binding: name, className: class_name })),
    crons: config.triggers.crons,
  }
}
