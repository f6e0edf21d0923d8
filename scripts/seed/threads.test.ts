import { describe, expect, test } from 'vitest'
import { STORIES } from './stories.ts'
import { milliseconds } from './story.ts'
import { threads } from './threads.ts'

const NOW = Date.UTC(2026, 10, 22, 15)
const told = threads(STORIES, NOW)
const messagesOf = (conversation: { id: string }) =>
  told.messages.filter((message) => message.conversationId === conversation.id)

describe('the demo', () => {
  test('has about sixty conversations, and as many rows each time', () => {
    expect(told.conversations.length).toBeGreaterThanOrEqual(60)
    expect(threads(STORIES, NOW)).toEqual(told)
  })

  test('gives every row an id of its own', () => {
    for (const rows of [told.conversations, told.messages, told.attempts, told.comments]) {
      expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length)
    }
  })

  test('leaves nothing for a gateway to send', () => {
    expect(
      told.attempts.filter(({ state }) => state === 'queued' || state === 'sending' || state === undefined),
    ).toEqual([])
  })

  test('counts what a conversation says of its thread', () => {
    for (const conversation of told.conversations) {
      const messages = messagesOf(conversation)
      const answered = messages.findLastIndex(({ direction }) => direction === 'outgoing')
      expect(conversation.seq).toBe(Math.max(...messages.map(({ seq }) => seq)))
      expect(conversation.lastAt).toBe(Math.max(...messages.map(({ occurredAt }) => occurredAt)))
      expect(conversation.unread).toBeLessThanOrEqual(messages.length - 1 - answered)
      expect(conversation.lastAt).toBeLessThanOrEqual(NOW)
    }
  })

  test('opens a conversation after the earlier one of the same address was closed', () => {
    const byAddress = Map.groupBy(told.conversations, ({ identityId }) => identityId)
    for (const conversations of byAddress.values()) {
      const open = conversations.filter(({ status }) => status === 'open')
      expect(open.length).toBeLessThanOrEqual(1)
      for (const { closedAt } of conversations) if (closedAt && open[0]) expect(closedAt).toBeLessThan(open[0].openedAt)
    }
  })

  test('tells each story in the order of its lines', () => {
    for (const conversation of told.conversations) {
      const times = messagesOf(conversation).map(({ occurredAt }) => occurredAt)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }
  })

  test('reads spans of time', () => {
    expect([milliseconds('40s'), milliseconds('5m'), milliseconds('2d')]).toEqual([40_000, 300_000, 172_800_000])
  })
})
