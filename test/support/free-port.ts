import { createServer } from 'node:net'

/** The first of `count` ports in a row that nobody listens on. */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const first = anyPort()
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const free = await Promise.all(ports.map(canListen))
    if (free.every(Boolean)) return first
  }
}

/** Below the range from which the system takes ports for outgoing connections, which come and go. */
const anyPort = () => 10_000 + Math.floor(Math.random() * 20_000)

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
