/** What `npm start` may be told through the environment, and what follows from it. */
import { isAbsolute, join } from 'node:path'
import { StartError } from './start-error.ts'

export interface Settings {
  port: number
  simulatorPort: number
  databasePort: number
  /** Where people open the page, where that is not this machine's own address: what stands before it speaks https. */
  origin: string | null
  /** Absolute: all local state. */
  dataFolder: string
  seed: 'demo' | 'empty'
  simulator: boolean
  watch: boolean
  /** The providers' URLs that were given or follow from the simulator; a missing one is the real provider's. */
  providers: Partial<Record<ProviderUrl, string>>
}

const PROVIDER_URLS = ['GRAPH_API_URL', 'INSTAGRAM_API_URL', 'TELEGRAM_API_URL', 'EVOLUTION_API_URL'] as const
type ProviderUrl = (typeof PROVIDER_URLS)[number]

const ROOT = join(import.meta.dirname, '..', '..')

export function readSettings(env: NodeJS.ProcessEnv, args: string[]): Settings {
  const port = Number(env['PORT'] || 8787)
  if (!Number.isInteger(port) || port < 1 || port > 65_533) {
    throw new StartError(
      `PORT is "${env['PORT']}": it must be a number from 1 to 65533, since the two ports above it are used too.`,
    )
  }
  const simulator = oneOf(env, 'SIMULATOR', ['on', 'off']) === 'on'
  const dataFolder = env['PROSA_DATA'] || '.prosa'
  return {
    port,
    simulatorPort: port + 1,
    databasePort: port + 2,
    origin: originIn(env),
    dataFolder: isAbsolute(dataFolder) ? dataFolder : join(ROOT, dataFolder),
    seed: oneOf(env, 'PROSA_SEED', ['demo', 'empty']),
    simulator,
    watch: args.includes('--watch'),
    providers: { ...(simulator ? simulated(port + 1) : {}), ...given(env) },
  }
}

/** The first choice is the default. */
function oneOf<Choice extends string>(
  env: NodeJS.ProcessEnv,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const value = env[name] || choices[0]
  const choice = choices.find((known) => known === value)
  if (!choice) throw new StartError(`${name} is "${value}": it may be ${choices.join(' or ')}.`)
  return choice
}

function originIn({ APP_ORIGIN: text }: NodeJS.ProcessEnv): string | null {
  if (!text) return null
  if (!URL.canParse(text) || new URL(text).origin !== text || !text.startsWith('https://')) {
    throw new StartError(`APP_ORIGIN is "${text}": write it as https://inbox.example.com, with nothing after the name.`)
  }
  return text
}

const simulated = (port: number): Settings['providers'] => ({
  GRAPH_API_URL: `http://127.0.0.1:${port}/graph`,
  TELEGRAM_API_URL: `http://127.0.0.1:${port}/telegram`,
  EVOLUTION_API_URL: `http://127.0.0.1:${port}/evolution`,
})

function given(env: NodeJS.ProcessEnv): Settings['providers'] {
  const urls: Settings['providers'] = {}
  for (const name of PROVIDER_URLS) {
    const value = env[name]
    if (!value) continue
    if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
      throw new StartError(`${name} is "${value}": it must be an address that begins with http:// or https://.`)
    }
    urls[name] = value
  }
  return urls
}
