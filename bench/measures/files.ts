/** What a large file costs in memory on its way through the Worker: no more than a part of it at a time. */
import { readdir, readFile } from 'node:fs/promises'
import { type Metric, metric } from '../report.ts'
import type { Visitor } from '../visitor.ts'
import { THREAD } from './pages.ts'

const MB = 1024 * 1024
const FILE = `%PDF-1.7\n${'a'.repeat(25 * MB - 9)}`
const WARM = 3
const TIMES = 6

/** Up and down again, one at a time: what it takes once is taken; what grows from file to file is kept. */
export async function fileMetrics(owner: Visitor): Promise<Metric[]> {
  for (let time = 0; time < WARM; time += 1) await throughAndBack(owner)
  const before = await workerdBytes()
  const times: number[] = []
  for (let time = 0; time < TIMES; time += 1) times.push(await throughAndBack(owner))
  const grown = Math.max(0, (await workerdBytes()) - before)
  return [
    metric('a file of 25 MB, sent and kept', 'ms', Math.max(...times)),
    metric(`${TIMES} files of 25 MB: how much workerd grew`, 'bytes', grown, 25 * MB),
  ]
}

async function throughAndBack(owner: Visitor): Promise<number> {
  const headers = {
    origin: owner.origin,
    'sec-fetch-site': 'same-origin',
    'hx-request': 'true',
    'hx-request-type': 'partial',
  }
  const { status, body, ms } = await owner.send('POST', `${THREAD}/uploads`, FILE, {
    ...headers,
    'content-type': 'application/octet-stream',
    'x-file-type': 'application/pdf',
    'x-file-name': 'grande.pdf',
  })
  const path = /data-unchoose="([^"]+)"/.exec(body.toString())?.[1]
  if (status !== 201 || !path) throw new Error(`The file was answered ${status}.`)
  await owner.send('DELETE', path, '', headers)
  return ms
}

/** What the runtime's processes hold of the machine's memory. */
async function workerdBytes(): Promise<number> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const held = await Promise.all(processes.map((pid) => heldBy(pid).catch(() => 0)))
  return held.reduce((sum, bytes) => sum + bytes, 0)
}

async function heldBy(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const isOurs = /^Name:\s+workerd$/m.test(status) && new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(status)
  return isOurs ? Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024 : 0
}
