/** Cloudflare, through its own command: what it was told, and what it said that we need. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'

const ROOT = join(import.meta.dirname, '..', '..')

/** A thing that Cloudflare refused, in a sentence; what wrangler said of it stands above on the screen. */
export class RefusedByCloudflare extends Error {}

const Whoami = z.object({ accounts: z.array(z.object({ id: z.string(), name: z.string() })).default([]) })
const Deployments = z.array(
  z.object({ created_on: z.string(), versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })) }),
)
/** Of the lines that wrangler writes where WRANGLER_OUTPUT_FILE_PATH says, those about what was uploaded. */
const Uploaded = z.object({
  type: z.enum(['deploy', 'version-upload']),
  version_id: z.string(),
  targets: z.array(z.string()).default([]),
})
type Uploaded = z.infer<typeof Uploaded>

/** The accounts that we may use; null: nobody is signed in. */
export function accounts(): { id: string; name: string }[] | null {
  const { status, stdout } = quietly(['whoami', '--json'])
  const said = Whoami.safeParse(jsonIn(stdout))
  return status === 0 && said.success ? said.data.accounts : null
}

/** The versions that served everyone, newest first; null: there is no such Worker yet. */
export function servedVersions(): string[] | null {
  const { status, stdout } = quietly(['deployments', 'list', '--json'])
  const said = Deployments.safeParse(jsonIn(stdout))
  if (status !== 0 || !said.success) return null
  const newestFirst = said.data.toSorted((a, b) => b.created_on.localeCompare(a.created_on))
  return newestFirst.flatMap(({ versions }) => {
    const whole = versions.find(({ percentage }) => percentage === 100)
    return whole ? [whole.version_id] : []
  })
}

/** Makes the bucket where it is missing. */
export function requireBucket(name: string): void {
  if (quietly(['r2', 'bucket', 'info', name]).status === 0) return
  if (loudly(['r2', 'bucket', 'create', name]) === 0) return
  throw new RefusedByCloudflare(
    `The bucket ${name} could not be made: R2 must be switched on once for the account, in the dashboard under R2.`,
  )
}

/** For everyone at once. */
export function deployAtOnce(secrets: Record<string, string>): Uploaded {
  const { uploaded } = upload(['deploy'], secrets)
  if (uploaded) return uploaded
  throw new RefusedByCloudflare('The Worker was not deployed; wrangler says why above.')
}

/** For nobody yet; null where this version brings a new kind of Durable Object, which Cloudflare takes with a whole deployment alone. */
export function uploadVersion(secrets: Record<string, string>): Uploaded | null {
  const { uploaded, said } = upload(['versions', 'upload'], secrets)
  if (uploaded) return uploaded
  if (/pending Durable Object migration/i.test(said)) return null
  throw new RefusedByCloudflare('The Worker was not uploaded; wrangler says why above.')
}

/** The secrets travel with the version that needs them, in a file that only we can read and that is gone afterwards. */
function upload(command: string[], secrets: Record<string, string>): { uploaded: Uploaded | null; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'prosa-deploy-'))
  try {
    const [secretsFile, linesFile] = [join(folder, 'secrets.json'), join(folder, 'said.ndjson')]
    writeFileSync(secretsFile, JSON.stringify(secrets), { mode: 0o600 })
    const { status, stdout, stderr } = spawnSync('wrangler', [...command, '--secrets-file', secretsFile], {
      cwd: ROOT,
      env: { ...environment, WRANGLER_OUTPUT_FILE_PATH: linesFile },
      encoding: 'utf8',
    })
    process.stdout.write(stdout)
    process.stderr.write(stderr)
    const lines = existsSync(linesFile) ? readFileSync(linesFile, 'utf8').split('\n') : []
    const told = lines.map((line) => Uploaded.safeParse(jsonIn(line))).findLast(({ success }) => success)
    return { uploaded: (status === 0 && told?.data) || null, said: stdout + stderr }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Who serves from now on, such as `{ old: 100, new: 0 }`. */
export function serve(shares: Record<string, number>): void {
  const specs = Object.entries(shares).map(([version, percentage]) => `${version}@${percentage}%`)
  if (loudly(['versions', 'deploy', ...specs, '--yes']) !== 0) {
    throw new RefusedByCloudflare('Cloudflare did not take that deployment; wrangler says why above.')
  }
}

/** Everything short of an account. Answers with the exit code. */
export const rehearse = (outdir: string): number => loudly(['deploy', '--dry-run', '--outdir', outdir])

const environment = { ...process.env, WRANGLER_SEND_METRICS: 'false' }

const quietly = (args: string[]) => spawnSync('wrangler', args, { cwd: ROOT, env: environment, encoding: 'utf8' })

const loudly = (args: string[]): number =>
  spawnSync('wrangler', args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: environment }).status ?? 1

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
