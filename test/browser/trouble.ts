/** Stands between a page and the room of its conversation, and does to the frames what networks do. */
import type { Page, WebSocketRoute } from 'playwright-core'

export type Fate = 'through' | 'lost' | 'twice' | 'held'

export interface Trouble {
  /** What happens to the frames from now on. */
  fate: Fate
  /** Lets go, the newest first, of what was held. */
  release(): void
  /** Sends everything that ever came once more, shuffled. */
  replay(shuffled: <T>(frames: T[]) => T[]): void
  /** As when a server restarts: the page is to come back by itself. */
  cut(): Promise<void>
}

const SERVICE_RESTART = 1012

/** For the sockets that open from now on. */
export async function troubleFor(page: Page): Promise<Trouble> {
  const seen: string[] = []
  let held: string[] = []
  let current: WebSocketRoute | null = null
  const tell = (frame: string) => current?.send(frame)

  const trouble: Trouble = {
    fate: 'through',
    release() {
      for (const frame of held.toReversed()) tell(frame)
      held = []
    },
    replay: (shuffled) => shuffled(seen).forEach(tell),
    cut: async () => current?.close({ code: SERVICE_RESTART }),
  }

  await page.routeWebSocket(/\/rooms\/conversations\//, (socket) => {
    current = socket
    socket.connectToServer().onMessage((message) => {
      const frame = String(message)
      seen.push(frame)
      if (trouble.fate === 'lost') return
      if (trouble.fate === 'held') held.push(frame)
      else tell(frame)
      if (trouble.fate === 'twice') tell(frame)
    })
  })
  return trouble
}
