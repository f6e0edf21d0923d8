/** The browser's files: one script, one stylesheet, one sprite, named by their content, with the sizes they may have. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompressSync } from 'node:zlib'
import * as esbuild from 'esbuild'
import * as z from 'zod'
import { readMigrations } from './migrate.ts'

type Kind = 'script' | 'recorder' | 'style' | 'icons'

export interface BuiltAsset {
  /** As the page asks for it: `/assets/app.1a2b3c4d.js`. */
  url: string
  kind: Kind
  brotliBytes: number
  limitBytes: number
}

const ROOT = join(import.meta.dirname, '..')
const SOURCES = join(ROOT, 'src', 'assets')
const DIST = join(ROOT, 'dist')
const DAY_MS = 86_400_000
const PUBLIC = join(DIST, 'assets')

const KB = 1024
/** The recorder is loaded when somebody records, and by nobody else. */
const LIMITS = { script: 32 * KB, recorder: 50 * KB, style: 20 * KB, icons: 6 * KB }

/** htmx and its extensions share one script: apart they race, and the socket is silently never opened. */
const HTMX = ['htmx.js', 'ext/hx-ws.js', 'ext/hx-upsert.js', 'ext/hx-preload.js']

/** Wherever the browser finds a file under /assets its name is its content, so it never asks again. */
const HEADERS = '/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n'

/** Writes `dist/assets` and `dist/manifest.ts`; refuses what is over its limit. */
export async function buildAssets(): Promise<BuiltAsset[]> {
  const contents = { script: await script(), recorder: await recorder(), style: await style(), icons: await sprite() }
  const files = {
    script: hashed('app', 'js', contents.script),
    recorder: hashed('recorder', 'js', contents.recorder),
    style: hashed('app', 'css', contents.style),
    icons: hashed('icons', 'svg', contents.icons),
  }

  await mkdir(join(PUBLIC, 'assets'), { recursive: true })
  const statics = join(SOURCES, 'static')
  if (existsSync(statics)) await cp(statics, PUBLIC, { recursive: true })
  await writeWhole(join(PUBLIC, '_headers'), HEADERS)
  for (const kind of KINDS) await writeWhole(join(PUBLIC, 'assets', files[kind]), contents[kind])
  await writeWhole(join(DIST, 'manifest.ts'), await manifest(files))
  await removeOthers(Object.values(files))

  const built = KINDS.map((kind) => ({
    kind,
    url: `/assets/${files[kind]}`,
    brotliBytes: brotliCompressSync(contents[kind]).byteLength,
    limitBytes: LIMITS[kind],
  }))
  const heavy = built.find(({ brotliBytes, limitBytes }) => brotliBytes > limitBytes)
  if (heavy)
    throw new Error(`${heavy.url} is ${inKb(heavy.brotliBytes)} with brotli; it may be ${inKb(heavy.limitBytes)}.`)
  return built
}

/** Builds them, and tells their sizes. With PROSA_BUILD=kept what was built last is taken as it is. */
export async function readyAssets(): Promise<string> {
  return process.env['PROSA_BUILD'] === 'kept' ? 'as it was built last' : describeAssets(await buildAssets())
}

export const describeAssets = (built: BuiltAsset[]) =>
  built.map(({ kind, brotliBytes, limitBytes }) => `${kind} ${inKb(brotliBytes)} of ${inKb(limitBytes)}`).join(', ')

const KINDS = ['script', 'recorder', 'style', 'icons'] as const

async function script(): Promise<string> {
  const htmx = await Promise.all(
    HTMX.map((file) => readFile(join(ROOT, 'node_modules', 'htmx.org', 'dist', file), 'utf8')),
  )
  const minified = await Promise.all(htmx.map((code) => esbuild.transform(code, { minify: true, target: 'es2022' })))
  return [...minified.map(({ code }) => code.trim()), await ownScript()].join(';\n')
}

/** Ours in one scope of its own, in name order, the Trusted Types extension before all that writes HTML. */
async function ownScript(): Promise<string> {
  const folder = join(SOURCES, 'js')
  const names = (await namesIn(folder, '.js')).sort(
    (a, b) => Number(b === 'tt.js') - Number(a === 'tt.js') || compare(a, b),
  )
  const { outputFiles } = await esbuild.build({
    stdin: { contents: names.map((name) => `import './${name}'`).join('\n'), resolveDir: folder, loader: 'js' },
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

/** A module of its own, with the library that turns a recording into what channels take. */
async function recorder(): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(SOURCES, 'js', 'recorder', 'recorder.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

/** The file that declares the layers' order comes first. */
async function style(): Promise<string> {
  const folder = join(SOURCES, 'css')
  const first = (name: string) => name === 'order.css' || name.startsWith('00-')
  const names = (await namesIn(folder, '.css')).sort((a, b) => Number(first(b)) - Number(first(a)) || compare(a, b))
  const joined = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  const { code } = await esbuild.transform(joined.join('\n'), { loader: 'css', minify: true, target: 'esnext' })
  return code
}

/** Lucide's icons by name, and our own drawings beside them: `<use href="….svg#name">`. */
async function sprite(): Promise<string> {
  const folder = join(SOURCES, 'icons')
  const list = join(folder, 'icons.json')
  const names = existsSync(list) ? z.array(z.string()).parse(JSON.parse(await readFile(list, 'utf8'))) : []
  const drawings = [
    ...names.map((name) => join(ROOT, 'node_modules', 'lucide-static', 'icons', `${name}.svg`)),
    ...(await namesIn(folder, '.svg')).map((name) => join(folder, name)),
  ]
  const symbols = await Promise.all(
    drawings.map(async (path) => symbol(basename(path, '.svg'), await readFile(path, 'utf8'))),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`
}

/** How a drawing is filled and stroked moves to its symbol; its size and class are the page's matter. */
function symbol(name: string, svg: string): string {
  const [, attributes = '', drawing = ''] = /<svg\b([^>]*)>([\s\S]*)<\/svg>/.exec(svg) ?? []
  const kept = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)]
    .filter(([, key = '']) => !['xmlns', 'class', 'id', 'width', 'height'].includes(key))
    .map(([, key, value]) => ` ${key}="${value}"`)
  return `<symbol id="${name}"${kept.join('')}>${drawing.replace(/>\s+</g, '><').trim()}</symbol>`
}

async function manifest(files: Record<(typeof KINDS)[number], string>): Promise<string> {
  const latest = (await readMigrations()).at(-1)?.tag ?? ''
  return `// Written by scripts/assets.ts.
export const assets = {
  script: '/assets/${files.script}',
  recorder: '/assets/${files.recorder}',
  style: '/assets/${files.style}',
  icons: '/assets/${files.icons}',
} as const

/** The newest migration that this build knows: a database without it is not ready. */
export const latestMigration = '${latest}'

/** What this build is made of. */
export const build = ${JSON.stringify(await builtFrom())}
`
}

const Package = z.object({ version: z.string() })
const DATE = /^compatibility_date = "(\d{4}-\d\d-\d\d)"$/m

/** Where there is no repository, there is no commit to name. */
async function builtFrom(): Promise<{ version: string; commit: string; compatibilityDate: string }> {
  const { version } = Package.parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')))
  const compatibilityDate = DATE.exec(await readFile(join(ROOT, 'wrangler.toml'), 'utf8'))?.[1] ?? ''
  const commit = await promisify(execFile)('git', ['rev-parse', '--short=10', 'HEAD'], { cwd: ROOT }).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  )
  return { version, commit, compatibilityDate }
}

/** What a running app still serves stays for a day: a second build beside it must not take its assets away. */
async function removeOthers(current: string[]): Promise<void> {
  for (const name of await readdir(join(PUBLIC, 'assets'))) {
    const path = join(PUBLIC, 'assets', name)
    if (!current.includes(name) && (await stat(path)).mtimeMs < Date.now() - DAY_MS) await rm(path, { force: true })
  }
}

/** Two builds may run beside each other, and a reader must never see half a file. */
export async function writeWhole(path: string, content: string): Promise<void> {
  if (existsSync(path) && (await readFile(path, 'utf8')) === content) return
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.draft`
  await writeFile(draft, content)
  await rename(draft, path)
}

async function namesIn(folder: string, extension: string): Promise<string[]> {
  if (!existsSync(folder)) return []
  const names = await readdir(folder)
  return names.filter((name) => name.endsWith(extension) && !name.includes('.test.')).sort(compare)
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const hashed = (name: string, extension: string, content: string) =>
  `${name}.${createHash('sha256').update(content).digest('hex').slice(0, 10)}.${extension}`
const inKb = (bytes: number) => `${(bytes / KB).toFixed(1)} KB`
