import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { descendantsOf, leftAfter, oneNamed } from '../support/processes.ts'
import { listenTo, type Prosa, startProsa, temporaryFolder } from '../support/prosa.ts'

let prosa: Prosa
let dataFolder: string

beforeEach(async () => {
  dataFolder = await temporaryFolder()
  prosa = await startProsa({ dataFolder, seed: 'empty' })
})

afterEach(async () => {
  await prosa.stop()
  await rm(dataFolder, { recursive: true, force: true })
})

it('a database that is killed is started again, and a sentence says so', async () => {
  killNamed('sqld')
  await prosa.said('database    ended (SIGKILL); starting it again')
  await prosa.said('database    is back')
  expect(await statusSoon('/readyz')).toBe(200)
})

it('a runtime that is killed is started again on the same port', async () => {
  killNamed('workerd')
  await prosa.said('worker      its runtime had ended; it was started again')
  expect(await statusSoon('/readyz')).toBe(200)
})

it('a simulator that is killed is started again', async () => {
  killNamed('simulator/main.ts')
  await prosa.said('simulator   ended (SIGKILL); starting it again')
  await prosa.said('simulator   is back')
  expect((await fetch(prosa.simulatorUrl)).status).toBe(200)
})

it('a database that keeps dying ends Prosa, with a sentence and exit code 1', async () => {
  const everyone = descendantsOf(prosa.pid)
  for (let deaths = 1; deaths <= 6; deaths += 1) {
    await retry(() => killNamed('sqld'))
    await retry(() => expect(prosa.output().match(/^database +ended|Prosa stops/gm)).toHaveLength(deaths))
  }

  await prosa.said('The database ended 6 times within a minute, the last time SIGKILL: Prosa stops.')
  expect(await leftAfter(10_000, everyone)).toEqual([])
  expect(await prosa.stop()).toBe(1)
})

it.each([
  ['the one who started everything', () => [oneNamed('local/main.ts', descendantsOf(prosa.pid)).pid]],
  ['the bootstrap', () => [prosa.pid]],
  ['both at once', () => [prosa.pid, oneNamed('local/main.ts', descendantsOf(prosa.pid)).pid]],
])('killed without a word, %s leaves no orphan', async (_who, pids) => {
  const everyone = descendantsOf(prosa.pid)
  expect(everyone.length).toBeGreaterThanOrEqual(4)

  for (const pid of pids()) process.kill(pid, 'SIGKILL')

  expect(await leftAfter(5_000, everyone)).toEqual([])
})

it('npm itself, killed without a word, leaves no orphan', async () => {
  await prosa.stop()
  const child = spawn('npm', ['start'], {
    env: { ...process.env, PORT: String(await freePort(3)), PROSA_DATA: dataFolder, PROSA_SEED: 'empty' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { output } = listenTo(child)
  await retry(() => expect(output()).toMatch(/^ready /m), 60_000)
  const everyone = descendantsOf(child.pid ?? 0)

  child.kill('SIGKILL')

  expect(await leftAfter(5_000, everyone)).toEqual([])
})

function killNamed(words: string): void {
  process.kill(oneNamed(words, descendantsOf(prosa.pid)).pid, 'SIGKILL')
}

async function statusSoon(path: string): Promise<number> {
  let status = 0
  await retry(async () => {
    status = (await fetch(`${prosa.url}${path}`)).status
    expect(status).toBe(200)
  })
  return status
}

async function retry<T>(attempt: () => T | Promise<T>, ms = 15_000): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await pause(100)
    }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
