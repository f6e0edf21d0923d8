import { createServer } from 'node:net'

/** The first of `count` ports in a row that nobody listens on. */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const first = anyPort(count)
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const free = await Promise.all(ports.map(canListen))
    if (free.every(Boolean)) return first
  }
}

const LOWEST = 10_000
const STRETCHES = 50
const STRETCH = 400

/**
 * Below the range from which the system takes ports for outgoing connections, which come and go; in a stretch of this
 * process's own, so that two who look at the same time do not find the same.
 */
const anyPort = (count: number) =>
  LOWEST + (process.pid % STRETCHES) * STRETCH + Math.floor(Math.random() * (STRETCH - count + 1))

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
