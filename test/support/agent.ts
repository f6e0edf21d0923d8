/** Somebody of the team at a browser, as far as HTTP and sockets go: keeps cookies, and says where requests come from. */
import { randomUUID } from 'node:crypto'
import { type Answer, type Visitor, signIn as visitAs } from '../../bench/visitor.ts'
import { DEMO_PASSWORD } from '../../scripts/demo.ts'
import { type Bubble, bubblesIn, rowsIn } from './markup.ts'
import { upgrade } from './socket.ts'

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
  /** How an attempt to do so is answered, with these headers instead of the page's own. */
  knock(room: string, headers?: Record<string, string>): Promise<number>
}

/** A socket that was let in. */
export interface Seat {
  frames(): Frame[]
  /** The bubbles of all frames so far. */
  bubbles(): Bubble[]
  /** The close code; none while it is open. */
  closed(): number | undefined
  leave(): void
}

interface Frame {
  seq?: number
  content?: string
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
    knock: async (room, headers) => {
      const { status, socket } = await knock(visitor, room, headers)
      socket?.leave()
      return status
    },
  }
}

async function enter(visitor: Visitor, room: string): Promise<Seat> {
  const { status, socket } = await knock(visitor, room)
  if (!socket) throw new Error(`The room ${room} let nobody in: ${status}.`)
  const frames = () => socket.texts.map((text) => JSON.parse(text) as Frame)
  return {
    closed: socket.closed,
    leave: socket.leave,
    frames,
    bubbles: () => frames().flatMap(({ content }) => bubblesIn(content ?? '')),
  }
}

function knock({ origin, cookies }: Visitor, room: string, headers: Record<string, string> = { origin }) {
  const cookie = cookies().map(({ name, value }) => `${name}=${value}`)
  return upgrade(`${origin}/rooms/${room}`, { cookie: cookie.join('; '), ...headers })
}
