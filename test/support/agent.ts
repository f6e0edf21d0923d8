/** Somebody of the team at a browser, as far as HTTP and sockets go: keeps cookies, and says where requests come from. */
import { randomUUID } from 'node:crypto'
import { type Answer, type Visitor, signIn as visitAs } from '../../bench/visitor.ts'
import { DEMO_PASSWORD } from '../../scripts/demo.ts'
import { type Bubble, bubblesIn, rowsIn } from './markup.ts'

export interface Agent extends Visitor {
  /** The conversation whose row bears this name; none where the list does not show one. */
  conversationWith(name: string): Promise<string | undefined>
  /** The newest page of a thread. */
  thread(conversationId: string): Promise<Bubble[]>
  /** What changed since, as a page that was away asks for it. */
  missed(conversationId: string, seq: number): Promise<Bubble[]>
  reply(conversationId: string, text: string, clientKey?: string): Promise<Answer>
  /** Opens a socket to `workspace` or `conversations/<id>`; answers once it is open. */
  enter(room: string): Promise<Seat>
}

/** A socket that was let in. */
export interface Seat {
  frames: { seq?: number; content: string }[]
  /** The bubbles of all frames so far. */
  bubbles(): Bubble[]
  /** The close code; none while it is open. */
  closed(): number | undefined
  leave(): void
}

export async function signIn(origin: string, email: string): Promise<Agent> {
  const visitor = await visitAs(origin, email, DEMO_PASSWORD)
  const text = async (path: string) => (await visitor.part(path)).body.toString()
  return {
    ...visitor,
    conversationWith: async (name) => rowsIn(await text('/conversations')).find((row) => row.name === name)?.id,
    thread: async (id) => bubblesIn(await text(`/conversations/${id}`)),
    missed: async (id, seq) => bubblesIn(await text(`/conversations/${id}/thread?after=${seq}`)),
    reply: (id, words, clientKey = randomUUID()) =>
      visitor.post(`/conversations/${id}/messages`, { text: words, clientKey }),
    enter: (room) => enter(visitor, room),
  }
}

/** Node's own takes headers, which a browser's does not; the types know only the latter. */
const Socket = WebSocket as unknown as new (
  url: string,
  options: { headers: Record<string, string> },
) => EventTarget & { close(): void }

async function enter({ origin, cookies }: Visitor, room: string): Promise<Seat> {
  const cookie = cookies().map(({ name, value }) => `${name}=${value}`)
  const socket = new Socket(`${origin.replace('http', 'ws')}/rooms/${room}`, {
    headers: { origin, cookie: cookie.join('; ') },
  })
  const frames: Seat['frames'] = []
  let code: number | undefined
  socket.addEventListener('message', (event) => frames.push(JSON.parse((event as MessageEvent).data)))
  socket.addEventListener('close', (event) => {
    code = (event as CloseEvent).code
  })
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error(`The room ${room} let nobody in.`)))
  })
  return {
    frames,
    bubbles: () => frames.flatMap(({ content }) => bubblesIn(content)),
    closed: () => code,
    leave: () => socket.close(),
  }
}
