/** What a first load and a click weigh on the wire, and in the page. */
import { brotliCompressSync, constants } from 'node:zlib'
import type { BuiltAsset } from '../../scripts/assets.ts'
import { type Metric, metric } from '../report.ts'
import type { People } from '../stand.ts'
import type { Answer } from '../visitor.ts'
import { LIST, THREAD } from './pages.ts'

const KB = 1024
const BUDGET = { script: 32 * KB, recorder: 50 * KB, style: 20 * KB, icons: 6 * KB } as const
const NAMES = {
  script: 'JavaScript of the first load',
  recorder: 'the recorder, when somebody records',
  style: 'CSS of the first load',
  icons: 'icons',
} as const

export const assetMetrics = (assets: BuiltAsset[]): Metric[] =>
  assets.map(({ kind, brotliBytes }) => metric(`${NAMES[kind]}, brotli`, 'bytes', brotliBytes, BUDGET[kind]))

export async function pageWeightMetrics({ owner }: People, assets: BuiltAsset[]): Promise<Metric[]> {
  const list = html(await owner.page(LIST), /data-conversation-id=/g, 30)
  const thread = html(await owner.part(THREAD), /data-message-id=/g, 60)
  const page = html(await owner.page(THREAD), /data-message-id=/g, 60)
  const firstLoad =
    assets.filter(({ kind }) => kind !== 'recorder').reduce((sum, { brotliBytes }) => sum + brotliBytes, 0) +
    brotli(list)
  return [
    metric('list of 30 rows, HTML, brotli', 'bytes', brotli(list), 16 * KB),
    metric('list of 30 rows, nodes', 'nodes', nodes(list), 1_200),
    metric('thread of 60 messages, HTML, brotli', 'bytes', brotli(thread), 20 * KB),
    metric('thread of 60 messages, nodes', 'nodes', nodes(thread)),
    metric('list and thread in one page, nodes', 'nodes', nodes(page), 3_000),
    metric('first load: scripts, styles, icons, list', 'bytes', firstLoad, 60 * KB),
  ]
}

/** Only a page with everything on it may be weighed. */
function html({ status, body }: Answer, marks: RegExp, expected: number): string {
  const text = body.toString()
  const found = text.match(marks)?.length ?? 0
  if (status !== 200 || found !== expected)
    throw new Error(`Expected ${expected} of ${marks.source} in a page; found ${found} (${status}).`)
  return text
}

/** The quality that a CDN takes for what it compresses on the fly. */
const brotli = (text: string) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }).byteLength

const nodes = (text: string) => text.match(/<[a-zA-Z]/g)?.length ?? 0
