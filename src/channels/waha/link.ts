/** The phone that the number stays on: linked by a code that is scanned, or typed as letters. */
import * as z from 'zod'
import { nameOn } from '../baileys/account.ts'
import { words } from '../baileys/lenient.ts'
import { ChannelError, type Link, type Linking, type LinkState, type Reach } from '../channel.ts'
import { ask } from './rest.ts'

const STATES: Record<string, LinkState> = {
  ...{ WORKING: 'open', STARTING: 'connecting', SCAN_QR_CODE: 'waiting' },
  ...{ PASSKEY_REQUIRED: 'waiting', PASSKEY_CONFIRMATION_REQUIRED: 'waiting' },
}

/** STOPPED, FAILED, and what we do not know: nothing goes out or comes in. */
export const linkStateOf = (status: string): LinkState =>
  Object.hasOwn(STATES, status) ? (STATES[status] ?? 'closed') : 'closed'

const session = ({ accountId }: Reach) => encodeURIComponent(nameOn(accountId))

const Status = z.object({ status: z.string() })

async function look(reach: Reach, { begins, phone }: { begins: boolean; phone: string | null }): Promise<Link> {
  const { status } = Status.parse(await ask(reach, { method: 'GET', path: `sessions/${session(reach)}` }))
  const state = linkStateOf(status)
  if (state === 'closed' && begins) {
    await ask(reach, { path: `sessions/${session(reach)}/start` })
    return { state: 'connecting', code: null }
  }
  return { state, code: state === 'waiting' ? await codeOf(reach, phone) : null }
}

const Squares = z.object({ value: z.string().min(1) })
const Letters = z.object({ code: words })

/** None yet, or no more: the session is about to change its state, and says so when it is asked again. */
async function codeOf(reach: Reach, phone: string | null): Promise<Link['code']> {
  try {
    const squares = Squares.safeParse(await ask(reach, { method: 'GET', path: `${session(reach)}/auth/qr?format=raw` }))
    if (!squares.success) return null
    const body = { phoneNumber: phone }
    const letters = phone === null ? null : await ask(reach, { path: `${session(reach)}/auth/request-code`, body })
    return { squares: squares.data.value, letters: Letters.safeParse(letters).data?.code ?? null }
  } catch (error) {
    if (error instanceof ChannelError && error.code === 'disconnected') return null
    throw error
  }
}

export const link: Linking = {
  look,
  restart: async (reach) => {
    await ask(reach, { path: `sessions/${session(reach)}/restart` })
  },
  unlink: async (reach) => {
    await ask(reach, { path: `sessions/${session(reach)}/logout` })
  },
}
