/** The settings of a deployment, and what is wrong with them, in sentences that say what to do. */
export interface Deployment {
  /** What the Worker is given as secrets. */
  secrets: Record<string, string>
  databaseUrl: string
  databaseToken: string
  origin: string
}

const REQUIRED = ['DATABASE_URL', 'DATABASE_AUTH_TOKEN', 'APP_ORIGIN', 'AUTH_SECRET', 'CREDENTIALS_KEY'] as const
/** The providers' addresses are plain settings: they stand in wrangler.toml. */
const OPTIONAL = ['MEDIA_ORIGIN'] as const
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]']

type Env = Partial<Record<string, string>>

/** Empty where everything is in order. */
export function problemsWith(env: Env): string[] {
  return [
    databaseProblem(env),
    env['DATABASE_AUTH_TOKEN']
      ? undefined
      : 'DATABASE_AUTH_TOKEN is missing: make one with `turso db tokens create <name>`.',
    ...originProblems(env['APP_ORIGIN']),
    (env['AUTH_SECRET'] ?? '').length >= 32
      ? undefined
      : 'AUTH_SECRET must have 32 characters or more: make one with `openssl rand -base64 32`, and keep it, since another one signs everyone out.',
    bytesOf(env['CREDENTIALS_KEY'] ?? '') === 32
      ? undefined
      : 'CREDENTIALS_KEY must be 32 bytes in base64: make one with `openssl rand -base64 32`, and keep it, since what it sealed opens with no other.',
    env['EGRESS_ALLOW'] ? 'EGRESS_ALLOW is set: it opens the way to hosts of your own network; unset it.' : undefined,
  ].filter((problem) => problem !== undefined)
}

/** Only of settings that have no problem. */
export function deploymentOf(env: Env): Deployment {
  const names = [...REQUIRED, ...OPTIONAL].filter((name) => env[name])
  return {
    secrets: Object.fromEntries(names.map((name) => [name, env[name] ?? ''])),
    databaseUrl: env['DATABASE_URL'] ?? '',
    databaseToken: env['DATABASE_AUTH_TOKEN'] ?? '',
    origin: env['APP_ORIGIN']?.split(',')[0]?.trim() ?? '',
  }
}

function databaseProblem({ DATABASE_URL: url }: Env): string | undefined {
  if (!url) return 'DATABASE_URL is missing: `turso db show <name> --url` prints it.'
  if (!URL.canParse(url) || !['libsql:', 'https:'].includes(new URL(url).protocol)) {
    return 'DATABASE_URL must begin with libsql:// or https://: `turso db show <name> --url` prints it.'
  }
  return isLocal(url) ? 'DATABASE_URL is on this machine, where Cloudflare cannot reach it.' : undefined
}

function originProblems(origins: string | undefined): string[] {
  if (!origins) return ['APP_ORIGIN is missing: it is the address people will open, such as https://inbox.example.com.']
  return origins.split(',').flatMap((text) => {
    const origin = text.trim()
    if (!URL.canParse(origin) || new URL(origin).protocol !== 'https:') {
      return [`APP_ORIGIN has "${origin}": it must begin with https://.`]
    }
    if (new URL(origin).origin !== origin) return [`APP_ORIGIN has "${origin}": write it as ${new URL(origin).origin}.`]
    return isLocal(origin) ? [`APP_ORIGIN has "${origin}", which is this machine alone.`] : []
  })
}

const isLocal = (url: string) => LOCAL_HOSTS.includes(new URL(url).hostname)
const bytesOf = (base64: string) =>
  /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, 'base64').byteLength : 0
