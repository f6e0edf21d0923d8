/**
 * The arrows of the house: `index → routes | gateways → app → views → domain → db | channels | rooms`. Any floor may be
 * skipped, none climbed; and the floors that must be pure read no clock, no dice and no network by themselves.
 */
import { posix } from 'node:path'
import { isTest, lineOf, type Source, withoutComments } from './sources.ts'

/** What each part of `src` may import, beside itself and libraries. */
const MAY_IMPORT: Record<string, string[]> = {
  index: [
    'routes',
    'gateways',
    'caretakers',
    'auth',
    'app',
    'log',
    'views',
    'domain',
    'db',
    'channels',
    'rooms',
    'i18n',
  ],
  routes: [
    'auth',
    'gateways/address',
    'gateways/entries',
    'app',
    'log',
    'views',
    'domain',
    'db',
    'channels',
    'rooms',
    'i18n',
    'manifest',
  ],
  auth: ['app', 'log', 'domain', 'db', 'rooms', 'i18n'],
  gateways: ['app', 'log', 'domain', 'db', 'channels', 'rooms'],
  caretakers: ['app', 'log', 'domain', 'db', 'gateways/turns'],
  app: [
    'caretakers/address',
    'egress',
    'store',
    'auth/media-address',
    'log',
    'views',
    'domain',
    'db',
    'channels',
    'rooms',
    'i18n',
  ],
  egress: ['domain', 'channels'],
  store: ['domain'],
  log: ['domain'],
  views: ['domain', 'db', 'channels', 'i18n', 'manifest'],
  domain: ['db', 'channels', 'rooms'],
  db: ['channels/content'], // what a message says is stored in the words in which the channels say it
  channels: [],
  rooms: ['db/queries', 'db/client'],
  i18n: ['domain', 'db', 'channels'],
}

/** Allowed as types alone: what stands behind a binding or a stub is named there, never called into. */
const TYPES_ONLY: Record<string, string[]> = {
  index: ['env'],
  routes: ['env', 'gateways'],
  auth: ['env'],
  gateways: ['env'],
  caretakers: ['env'],
  app: ['env', 'gateways', 'auth'],
  egress: ['env'],
  rooms: ['env', 'db'],
  db: ['channels/channel', 'channels/index'],
  env: ['rooms', 'gateways', 'caretakers', 'auth'],
}

/** A view draws what it is given: the shape of a row, never a way to fetch one. */
const NEVER_IN_VIEWS = ['db/client', 'db/queries', 'db/credentials']

const PURE = ['src/domain/', 'src/views/', 'src/channels/', 'src/db/queries/']
const BARE_FETCH = /(?<![.\w])fetch\(/g
/** `const { fetch } = reach`: handed in, and called by its own name. */
const TAKES_FETCH = /\{[^{}]*\bfetch\b[^{}]*\}[ \t]*[=:]/
const IMPURE: [RegExp, string][] = [
  [/\bDate\.now\(/g, 'reads the clock: take the time as a value'],
  [/\bnew Date\(\)/g, 'reads the clock: take the time as a value'],
  [/\bMath\.random\(/g, 'rolls dice: take the number as a value'],
  [/\bcrypto\.randomUUID\(/g, 'makes an id: take it as a value'],
  [BARE_FETCH, 'reaches the network: take fetch as a value'],
]

const IMPORT = /^[ \t]*(?:import|export)\b([^'"`;]*?)from[ \t]*['"]([^'"\n]+)['"]|\bimport\([ \t]*['"]([^'"\n]+)['"]/gm

/** One sentence for each arrow that climbs, with its place. */
export function climbingImports(sources: Source[]): string[] {
  return sources.filter((source) => !isTest(source)).flatMap(climbsOf)
}

/** One sentence for each impure call in a floor that must be pure. */
export function impureCalls(sources: Source[]): string[] {
  const pure = sources.filter((source) => !isTest(source) && PURE.some((folder) => source.path.startsWith(folder)))
  return pure.flatMap(({ path, text }) => {
    const code = withoutComments(text)
    const patterns = TAKES_FETCH.test(code) ? IMPURE.filter(([pattern]) => pattern !== BARE_FETCH) : IMPURE
    return patterns.flatMap(([pattern, why]) =>
      [...code.matchAll(pattern)].map((found) => `${path}:${lineOf(code, found.index)} ${why}.`),
    )
  })
}

function climbsOf({ path, text }: Source): string[] {
  const from = partOf(path)
  const code = withoutComments(text)
  return [...code.matchAll(IMPORT)].flatMap((found) => {
    const specifier = found[2] ?? found[3] ?? ''
    if (!specifier.startsWith('.')) return []
    const target = posix.join(posix.dirname(path), specifier)
    const typesOnly = /^\s*type\b/.test(found[1] ?? '')
    if (mayImport(from, target, typesOnly)) return []
    return [
      `${path}:${lineOf(code, found.index)} imports ${target}: ${from} stands below ${partOf(target)}, or must not know it.`,
    ]
  })
}

function mayImport(from: string, target: string, typesOnly: boolean): boolean {
  const part = partOf(target)
  if (from === part) return true
  if (from === 'views' && !typesOnly && NEVER_IN_VIEWS.some((name) => target.startsWith(`src/${name}`))) return false
  const allowed = [...(MAY_IMPORT[from] ?? []), ...(typesOnly ? (TYPES_ONLY[from] ?? []) : [])]
  return allowed.some((name) => name === part || target.startsWith(`src/${name}/`) || target.startsWith(`src/${name}.`))
}

/** `src/routes/messages.tsx` → routes; `src/app.ts` → app; what is generated for the page → manifest. */
function partOf(path: string): string {
  if (path.startsWith('dist/manifest')) return 'manifest'
  if (!path.startsWith('src/')) return path
  return (
    path
      .slice('src/'.length)
      .split('/')[0]
      ?.replace(/\.tsx?$/, '') ?? path
  )
}
