import { describe, expect, it } from 'vitest'
import { whatsapp } from '../channels/whatsapp/whatsapp.ts'
import { canStillReply, needsHumanAgent, windowEndsAt } from './reply-window.ts'

const HOUR = 3_600_000
const WROTE = Date.UTC(2026, 10, 20, 12)
const messenger = { ...whatsapp.limits, adWindowHours: null, humanAgentHours: 168, outsideWindow: 'nothing' as const }
const telegram = { ...whatsapp.limits, replyWindowHours: null, adWindowHours: null }
const wrote = { lastIncomingAt: WROTE, lastAdAt: null, inboxSettings: {} }

describe('the end of the reply window', () => {
  it.each([
    ['WhatsApp: a day after the customer wrote', whatsapp.limits, wrote, WROTE + 24 * HOUR],
    ['three days after an ad', whatsapp.limits, { ...wrote, lastAdAt: WROTE - HOUR }, WROTE + 71 * HOUR],
    [
      'a day after what came last, long after an ad',
      whatsapp.limits,
      { ...wrote, lastAdAt: WROTE - 71 * HOUR },
      WROTE + 24 * HOUR,
    ],
    ['Messenger: a day', messenger, wrote, WROTE + 24 * HOUR],
    [
      'a week where a person may answer',
      messenger,
      { ...wrote, inboxSettings: { humanAgent: true } },
      WROTE + 168 * HOUR,
    ],
    ['an ad is like any other message there', messenger, { ...wrote, lastAdAt: WROTE }, WROTE + 24 * HOUR],
    [
      'WhatsApp knows no such permission',
      whatsapp.limits,
      { ...wrote, inboxSettings: { humanAgent: true } },
      WROTE + 24 * HOUR,
    ],
    ['there is none where anything may be written at any time', telegram, wrote, null],
  ])('%s', (_, limits, contacted, end) => {
    expect(windowEndsAt(limits, contacted)).toBe(end)
    expect(canStillReply(limits, contacted, (end ?? WROTE) - 1)).toBe(true)
    expect(canStillReply(limits, contacted, end ?? 9 * WROTE)).toBe(end === null)
  })

  it('is long past where the customer never wrote', () => {
    expect(canStillReply(whatsapp.limits, { ...wrote, lastIncomingAt: null }, WROTE)).toBe(false)
    expect(canStillReply(telegram, { ...wrote, lastIncomingAt: null }, WROTE)).toBe(true)
  })
})

it('a person answers by right of their own from the end of the usual window on, and not before', () => {
  const allowed = { lastIncomingAt: WROTE, inboxSettings: { humanAgent: true } }
  expect(needsHumanAgent(messenger, allowed, WROTE + 24 * HOUR - 1)).toBe(false)
  expect(needsHumanAgent(messenger, allowed, WROTE + 24 * HOUR)).toBe(true)
  expect(needsHumanAgent(messenger, { ...allowed, inboxSettings: {} }, WROTE + 24 * HOUR)).toBe(false)
  expect(needsHumanAgent(whatsapp.limits, allowed, WROTE + 24 * HOUR)).toBe(false)
})
