/** A line between the Worker and its database that can be cut, slowed, or made to lose every answer. */

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/**
 * `cut`: nobody gets through. `loses answers`: what is asked is done, and nobody hears of it. `{ delay }`: what is asked
 * arrives that many ms later, also where who asked has gone since.
 */
export type LinkState = 'open' | 'cut' | 'loses answers' | { delay: number }

export interface Link {
  url: string
  is(state: LinkState): void
  /** How many connections ended with an answer lost. */
  readonly lost: number
  stop(): Promise<void>
}

export async function startLink(targetUrl: string): Promise<Link> {
  const target = Number(new URL(targetUrl).port)
  const callers = new Set<Socket>()
  let state: LinkState = 'open'
  let lost = 0

  const server = createServer((caller) => {
    callers.add(caller)
    caller.on('close', () => callers.delete(caller))
    caller.on('error', () => undefined)
    if (state === 'cut') {
      caller.destroy()
      return
    }
    const database = connect(target, '127.0.0.1')
    database.on('error', () => caller.destroy())
    database.on('close', () => caller.destroy())
    let last = Promise.resolve()
    caller.on('data', (bytes) => {
      const wait = typeof state === 'object' ? state.delay : 0
      last = wait === 0 ? last : last.then(() => passed(wait))
      last = last.then(() => void database.write(bytes))
    })
    caller.on('close', () => void last.then(() => database.end()))
    database.on('data', (bytes) => {
      if (state === 'loses answers') {
        lost += 1
        caller.destroy()
      } else {
        caller.write(bytes)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    is: (next) => {
      state = next
      if (next === 'cut') for (const caller of callers) caller.destroy()
    },
    get lost() {
      return lost
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const caller of callers) caller.destroy()
      }),
  }
}

const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
