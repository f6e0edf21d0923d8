import { createServer } from 'node:net'
import { StartError } from './start-error.ts'

export interface NamedPort {
  port: number
  /** Who will listen there, as a sentence goes on with it: "the app". */
  use: string
}

/** Found out before anything is started, since a runtime that meets a taken port says it in words of its own. */
export async function requireFreePorts(app: number, ports: NamedPort[]): Promise<void> {
  for (const { port, use } of ports) {
    if (await isFree(port)) continue
    throw new StartError(
      `Port ${port}, where ${use} listens, is taken: stop what uses it, or choose others with PORT=${app + 100} npm start.`,
    )
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
