/** What stands around the words of a message: what it answers, what brought the person here, how it was passed on. */
import * as z from 'zod'
import type { Content } from '../content.ts'
import { maybe } from '../maybe.ts'
import { Id, isRow, long, part, type Row, words } from './lenient.ts'

const Ad = z.object({
  title: words,
  body: words,
  sourceUrl: words,
  sourceId: words,
  sourceType: words,
  ctwaClid: words,
})

const Context = z.object({
  stanzaId: maybe(Id),
  remoteJid: words,
  isForwarded: maybe(z.boolean()),
  forwardingScore: z.unknown().optional(),
  externalAdReply: maybe(Ad),
})
type Context = z.infer<typeof Context>

export interface Around {
  replyTo: string | null
  content: Content
}

/** From this on the phones say that it was forwarded many times. */
const OFTEN = 4
/** What a business posted for a day: an answer to it quotes nothing that we have. */
const STORIES = 'status@broadcast'

/** Newer gateways lay it beside the message, older ones leave it within what was said. */
export function contextIn(beside: unknown, said: unknown): Around {
  const found = isRow(beside) ? beside : within(said)
  const context = Context.safeParse(found ?? {}).data
  if (!context) return { replyTo: null, content: {} }
  const answersStory = context.remoteJid === STORIES && context.stanzaId !== undefined
  return {
    replyTo: answersStory ? null : (context.stanzaId ?? null),
    content: {
      ...forwarded(context),
      ...(answersStory ? { story: { kind: 'reply', ...part('id', context.stanzaId) } } : {}),
      ...(context.stanzaId === undefined ? referral(context.externalAdReply) : {}),
    },
  }
}

const within = (said: unknown): Row | null => (isRow(said) && isRow(said.contextInfo) ? said.contextInfo : null)

function forwarded({ isForwarded, forwardingScore }: Context): Content {
  if (isForwarded !== true) return {}
  return { forwarded: (long(forwardingScore) ?? 0) >= OFTEN ? 'often' : 'once' }
}

/** Only what names an advertisement is one: a link may come dressed in the same way. */
function referral(ad: z.infer<typeof Ad> | undefined): Content {
  if (!ad || (ad.sourceType !== 'ad' && !ad.sourceId && !ad.ctwaClid)) return {}
  return {
    referral: {
      source: 'ad',
      ...part('title', ad.title),
      ...part('body', ad.body),
      ...part('url', ad.sourceUrl),
      ...part('ref', ad.sourceId),
    },
  }
}
