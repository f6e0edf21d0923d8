/** docs/adding-a-channel.md: written by hand, but for how large its example is. */
import { readdirSync, readFileSync } from 'node:fs'

const ROOT = new URL('../../', import.meta.url)
export const ADDING_A_CHANNEL = new URL('docs/adding-a-channel.md', ROOT)

const ADAPTER = 'src/channels/waha/'
const FIXTURES = 'src/channels/fixtures/waha/'
const TESTS = [`${ADAPTER}calls.test.ts`, 'test/support/contract/waha.ts', 'src/views/shown-waha.test.ts']

/** The page with its table of sizes as they are now. */
export function withSizes(page: string): string {
  const files = readdirSync(new URL(ADAPTER, ROOT)).filter((name) => !name.includes('.test.'))
  const adapter = files.map((name) => linesOf(ADAPTER + name))
  const tests = TESTS.map(linesOf)
  const payloads = readdirSync(new URL(FIXTURES, ROOT)).filter(
    (name) => name.endsWith('.json') && name !== 'expect.json',
  )
  const table = [
    '| part | files | lines |',
    '|---|---|---|',
    `| adapter (\`${ADAPTER}\`) | ${adapter.length} | ${sum(adapter)} |`,
    `| its tests and tables | ${tests.length} | ${sum(tests)} |`,
    `| payloads | ${payloads.length} | |`,
    '| lines changed elsewhere: the import and the name in `src/channels/index.ts` | 1 | 2 |',
  ]
  return page.replace(/(<!-- sizes -->\n).*?(?=<!-- \/sizes -->)/s, `$1${table.join('\n')}\n`)
}

const linesOf = (path: string) => readFileSync(new URL(path, ROOT), 'utf8').trimEnd().split('\n').length
const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)
