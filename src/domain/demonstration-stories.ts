/** What the demonstration tells: who writes to an invented shop, where, how long ago, and what became of it. Words are the catalogs'. */
import type { TagColor } from '../db/records.ts'

/** The words of the demonstration in one language; a story's lines stand in its order. */
export interface DemonstrationWords {
  colleagues: Record<Colleague, string>
  inboxes: Record<DemonstrationChannel, string>
  tags: Record<TagKey, string>
  groups: Record<GroupKey, string>
  reasons: Record<'solved' | 'sold', string>
  comments: Record<CommentKey, string>
  told: Record<string, string[]>
}

export type Colleague = 'bruno' | 'carla'
export type DemonstrationChannel = 'whatsapp' | 'instagram' | 'telegram'
export type TagKey = 'quote' | 'urgent' | 'newcomer' | 'slip'
type GroupKey = 'wholesale'
type CommentKey = 'carlos' | 'pilar'

export interface Story {
  /** Which words. */
  told: string
  name: string
  channel: DemonstrationChannel
  /** `me`: whoever loads it. Nobody: it waits. */
  assignee?: 'me' | Colleague
  /** How many minutes ago its last line was written. */
  ago: number
  /** Whose lines they are, in order: the customer's, or ours. */
  lines: readonly ('them' | 'us')[]
  unread?: number
  /** What became of our last line; the others were read. */
  last?: 'delivered' | 'failed'
  closed?: 'solved' | 'sold'
  tags?: readonly TagKey[]
  groups?: readonly GroupKey[]
  comment?: { key: CommentKey; by: 'me' | Colleague; pinned?: true }
}

const HOUR = 60
const DAY = 24 * HOUR

export const TAG_COLORS_OF: Record<TagKey, TagColor> = { quote: 'sky', urgent: 'clay', newcomer: 'leaf', slip: 'plum' }

/** The same name is the same person: what was closed stands above what is open. */
export const STORIES: readonly Story[] = [
  {
    ...{ told: 'mariana', name: 'Mariana Souza', channel: 'whatsapp', ago: 4, unread: 2 },
    ...{ lines: ['them', 'them'], tags: ['newcomer'] },
  },
  {
    ...{ told: 'rafael', name: 'Rafael Menezes', channel: 'whatsapp', assignee: 'me', ago: 9, unread: 1 },
    ...{ lines: ['them', 'us', 'us', 'them'], tags: ['quote'] },
  },
  { told: 'juliana', name: 'Juliana Prado', channel: 'instagram', ago: 15, unread: 1, lines: ['them'] },
  {
    ...{ told: 'carlos', name: 'Carlos Eduardo', channel: 'telegram', assignee: 'bruno', ago: 25, last: 'delivered' },
    ...{ lines: ['them', 'us', 'them', 'us'], tags: ['urgent'], comment: { key: 'carlos', by: 'bruno' } },
  },
  { told: 'helena', name: 'Helena Castro', channel: 'whatsapp', assignee: 'me', ago: 30, unread: 1, lines: ['them'] },
  {
    ...{ told: 'helenaBefore', name: 'Helena Castro', channel: 'whatsapp', assignee: 'me', ago: 12 * DAY },
    ...{ lines: ['them', 'us', 'them', 'us'], closed: 'sold' },
  },
  {
    ...{ told: 'patricia', name: 'Patrícia Nunes', channel: 'whatsapp', assignee: 'carla', ago: 40, last: 'delivered' },
    ...{ lines: ['them', 'us', 'them', 'us'], tags: ['slip'] },
  },
  { told: 'lucia', name: 'Lúcia Braga', channel: 'telegram', ago: HOUR, unread: 1, lines: ['them'] },
  {
    ...{ told: 'pilar', name: 'Construtora Pilar', channel: 'whatsapp', assignee: 'me', ago: 2 * HOUR },
    ...{
      lines: ['them', 'us', 'them', 'us'],
      groups: ['wholesale'],
      comment: { key: 'pilar', by: 'me', pinned: true },
    },
  },
  {
    ...{ told: 'fernanda', name: 'Fernanda Queiroz', channel: 'instagram', assignee: 'me', ago: 3 * HOUR },
    lines: ['them', 'us', 'them'],
  },
  {
    ...{ told: 'otavio', name: 'Otávio Brandão', channel: 'whatsapp', assignee: 'me', ago: 5 * HOUR, last: 'failed' },
    lines: ['them', 'us', 'us'],
  },
  {
    ...{ told: 'marcos', name: 'Marcos Ramos', channel: 'telegram', assignee: 'bruno', ago: 6 * HOUR },
    lines: ['them', 'us'],
  },
  {
    ...{ told: 'andre', name: 'André Vidal', channel: 'whatsapp', assignee: 'bruno', ago: DAY, closed: 'solved' },
    lines: ['them', 'us', 'them'],
  },
  {
    ...{ told: 'sonia', name: 'Sônia Maia', channel: 'instagram', assignee: 'carla', ago: 2 * DAY, closed: 'solved' },
    lines: ['them', 'us', 'them'],
  },
]
