/** The phone that the number stays on: linked by a code that is scanned, or typed as letters. */
import * as z from 'zod'
import { isRow, words } from '../baileys/lenient.ts'
import { ChannelError, type Link, type LinkState, type Reach } from '../channel.ts'
import { stateOf } from './instance.ts'
import { ask } from './rest.ts'

const STATES: Record<string, LinkState> = { open: 'open', connecting: 'connecting', close: 'closed' }

/**
 * As it stands. While the server draws codes the one of now comes with it; where it draws none, only who `begins` has it
 * start. With the phone's number there are letters too.
 */
export async function lookAtLink(
  reach: Reach,
  { begins, phone }: { begins: boolean; phone: string | null },
): Promise<Link> {
  const state = STATES[await stateOf(reach)] ?? 'closed'
  if (state === 'open' || (state === 'closed' && !begins)) return { state, code: null }
  const query = phone === null ? {} : { number: phone }
  const answer = await ask(reach, { method: 'GET', path: 'instance/connect', query })
  const code = codeIn(answer)
  if (code) return { state: 'waiting', code }
  return { state: isOpen(answer) ? 'open' : 'connecting', code: null }
}

const Code = z.object({ code: words, pairingCode: words })

function codeIn(answer: unknown): Link['code'] {
  const found = Code.safeParse(isRow(answer) && isRow(answer.qrcode) ? answer.qrcode : answer).data
  return found?.code ? { squares: found.code, letters: found.pairingCode ?? null } : null
}

const Open = z.object({ instance: z.object({ state: z.literal('open') }) })
const isOpen = (answer: unknown) => Open.safeParse(answer).success

export async function restartLink(reach: Reach): Promise<void> {
  await done(ask(reach, { path: 'instance/restart' }))
}

export async function unlink(reach: Reach): Promise<void> {
  await done(ask(reach, { method: 'DELETE', path: 'instance/logout' }))
}

/** A phone that is not connected cannot be disconnected: that is what was wanted. */
async function done(asked: Promise<unknown>): Promise<void> {
  try {
    await asked
  } catch (error) {
    if (!(error instanceof ChannelError) || error.code !== 'disconnected') throw error
  }
}
