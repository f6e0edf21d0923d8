/** All that is kept about one person, as files: what is told in one, and what was sent. Read page by page as it is taken. */
import { aboutPerson, type Person, type SaidRow, saidAfter } from '../db/queries/data-exports.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'

export interface PersonFile {
  name: string
  input: AsyncIterable<string> | ReadableStream<Uint8Array>
}

const ROWS_AT_ONCE = 200

interface StoredFile {
  path: string
  key: string
}

/** First the words, then the files that they speak of: nothing is ever in memory whole. */
export async function* filesOf(app: App, person: Person): AsyncGenerator<PersonFile> {
  const about = await readAbout(app, person)
  const [contact] = about[0]
  if (!contact) throw new AppError('not_found')
  const files: StoredFile[] = contact.picture_key ? [{ path: 'media/picture', key: contact.picture_key }] : []
  yield { name: 'data.json', input: wordsOf(app, person, about, files) }
  for (const { path, key } of files) {
    const input = await app.store.get(key)
    if (input) yield { name: path, input }
  }
}

const readAbout = (app: App, person: Person) => app.db.read(...aboutPerson(person))
type About = Awaited<ReturnType<typeof readAbout>>

/** One JSON document, in parts. `files` fills with what the words speak of. */
async function* wordsOf(app: App, person: Person, about: About, files: StoredFile[]): AsyncGenerator<string> {
  const [[contact], addresses, tags, groups, fields, comments, conversations] = about
  const { name, profile_name: profileName, phone, created_at: createdAt, blocked_at: blockedAt } = contact ?? {}
  const head = {
    exportedAt: iso(app.now()),
    contact: { name, profileName, phone, since: iso(createdAt ?? null), blockedSince: iso(blockedAt ?? null) },
    addresses: addresses.map(readable),
    tags: tags.map((tag) => tag.name),
    groups: groups.map((group) => group.name),
    fields,
    comments: comments.map(({ versions, ...comment }) => ({
      ...readable(comment),
      versions: (JSON.parse(String(versions)) as Record<string, unknown>[]).map(readable),
    })),
  }
  yield `${JSON.stringify(head).slice(0, -1)},"conversations":[`
  for (const [at, conversation] of conversations.entries()) {
    yield `${at > 0 ? ',' : ''}${JSON.stringify(readable(conversation)).slice(0, -1)},"messages":[`
    yield* saidIn(app, person, conversation.id, files)
    yield ']}'
  }
  yield ']}'
}

async function* saidIn(app: App, person: Person, conversationId: string, files: StoredFile[]): AsyncGenerator<string> {
  let last: SaidRow | undefined
  do {
    const after = last ? { at: last.at, ord: last.ord } : null
    const [rows] = await app.db.read(saidAfter(person, conversationId, after, ROWS_AT_ONCE))
    const text = rows.map((row) => JSON.stringify(messageOf(row, files))).join(',')
    if (text !== '') yield `${last ? ',' : ''}${text}`
    last = rows.length === ROWS_AT_ONCE ? rows.at(-1) : undefined
  } while (last)
}

function messageOf({ at, ord: _, content, attempts, reactions, files: stored, ...row }: SaidRow, files: StoredFile[]) {
  const sent = JSON.parse(stored) as { id: string; name: string | null; key: string | null }[]
  return {
    ...readable({ ...row, saidAt: at }),
    content: content === null ? null : JSON.parse(content),
    attempts: (JSON.parse(attempts) as Record<string, unknown>[]).map(readable),
    reactions: (JSON.parse(reactions) as Record<string, unknown>[]).map(readable),
    files: sent.map(({ key, ...file }) => {
      if (key === null) return { ...file, path: null }
      const path = `media/${file.id}${endingOf(file.name)}`
      files.push({ path, key })
      return { ...file, path }
    }),
  }
}

/** Of a file's name no more than how it ends: what stands before is told in the words. */
const endingOf = (name: string | null) => /\.[A-Za-z0-9]{1,8}$/.exec(name ?? '')?.[0] ?? ''

/** Times as people read them. */
const readable = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' && IS_TIME.test(name) ? iso(value) : value,
    ]),
  )

const IS_TIME = /(At|Until|Since)$|^at$/

const iso = (at: number | null) => (at === null || at === 0 ? null : new Date(at).toISOString())
