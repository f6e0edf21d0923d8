/** Answers for Meta: every send is accepted, and told to whoever waits for it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as z from 'zod'

export interface GraphStub {
  url: string
  /** The id given to the next message that is sent. */
  nextSend(): Promise<string>
  stop(): Promise<void>
}

const Send = z.object({ type: z.string(), to: z.string() })

export async function startGraphStub(port: number): Promise<GraphStub> {
  const waiting: ((id: string) => void)[] = []
  let sent = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const send = Send.safeParse(JSON.parse(Buffer.concat(chunks).toString() || '{}'))
    response.setHeader('content-type', 'application/json')
    if (send.success) {
      sent += 1
      const id = `wamid.bench-sent-${process.pid}-${sent}`
      // The address as the provider knows it: digits alone, however it was asked.
      const contacts = [{ input: send.data.to, wa_id: send.data.to.replaceAll(/\D/g, '') }]
      response.end(JSON.stringify({ messaging_product: 'whatsapp', contacts, messages: [{ id }] }), () =>
        waiting.shift()?.(id),
      )
    } else {
      response.end(JSON.stringify({ success: true }))
    }
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    nextSend: () => new Promise((resolve) => waiting.push(resolve)),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
