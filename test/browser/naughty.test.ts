/** Whatever is written into whichever field of the chat area: refused beside the field and kept, or stored whole, and never markup. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { nameText } from '../../src/domain/text.ts'
import { type Stored, storedIn } from '../support/stored.ts'
import { rowOf, stage } from './stage.ts'

const prosa = stage()

const TEXTS = [
  '',
  ' \t \n ',
  '\u200b\u202e\ufeff\u200d',
  'a\u0000b\u001b[31m',
  '\u202egpj.exe zero\u200bwidth',
  'lone \ud800 high',
  `Z${'\u0335\u0336'.repeat(20)}algo`,
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus='alert(1)",
  '</textarea></title><hx-partial hx-target="#main">fora</hx-partial>',
  '<div hx-get="/sign-out" hx-trigger="load">x</div>',
  "'; DROP TABLE messages; --",
  'NEAR(a b) OR "aberto* %_\\',
  '{{7*7}} #{7*7} %s',
  '👩‍👩‍👧‍👦'.repeat(400),
  'comprido '.repeat(1_000),
  'x'.repeat(59_000),
]

/** Each form meets every sixth text of them, each another sixth, and another each time; all of them in `npm run soak`. */
const SHARE = process.env['PROSA_CORPUS'] === 'whole' ? 1 : 6
const FROM = Date.now() % SHARE
const textsFor = (what: string) => TEXTS.filter((_, at) => (at + Object.keys(FORMS).indexOf(what)) % SHARE === FROM)

interface Form {
  /** The page that the form stands on; drawn anew for each text. */
  at: () => string | Promise<string>
  /** The part of that page has no form. */
  whole?: true
  /** The form, where the page has others. */
  form: string
  field: string
  /** What else is filled in. */
  also?: () => Record<string, string>
  /** Where it is stored, one row more each time or the same row; searches store nothing. */
  stored?: { table: string; column: string; text: (typed: string) => string | null; adds: boolean | 'even for nothing' }
  /** Afterwards all is as before. */
  after?: () => Promise<unknown>
}

let stored: Stored
let contactId = ''
let conversationId = ''
let commentId = ''
let departmentId = ''
let phones = 0

const name = (table: string, adds = true) => ({ table, column: 'name', text: nameText, adds })
/** As forms send it and the tables keep it: whole characters, none that nobody can see, no space around it. */
const body = (typed: string) =>
  typed
    .toWellFormed()
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '')
    .trim() || null
function newPhone(): string {
  phones += 1
  return `11 98888-${String(phones).padStart(4, '0')}`
}

const contact = () => `/contacts/${contactId}`
const thread = () => `/conversations/${conversationId}`
const HOURS = '/settings/hours/workspace'

const FORMS: Record<string, Form> = {
  'a new tag': { at: () => '/tags/new', form: '[action="/tags"]', field: 'name', stored: name('tags') },
  'a tag created while it is chosen': {
    at: () => `${contact()}/tags`,
    form: '.tag-form',
    field: 'create',
    stored: name('tags'),
  },
  'a new group': { at: () => '/groups/new', form: '[action="/groups"]', field: 'name', stored: name('groups') },
  'a name': {
    at: () => `${contact()}/name?conversation=${conversationId}`,
    form: '.name-form',
    field: 'name',
    stored: name('contacts', false),
  },
  'a comment': {
    at: () => `${thread()}?panel=contact&tab=comments`,
    form: '#comment-form',
    field: 'text',
    stored: { table: 'comments', column: 'body', text: body, adds: true },
  },
  'an edited comment': {
    at: () => `${contact()}/comments/${commentId}/edit?conversation=${conversationId}`,
    form: '[action$="/comments/{comment}"]',
    field: 'text',
    stored: { table: 'comments', column: 'body', text: body, adds: false },
  },
  'the name of a new contact': {
    at: () => '/contacts/new',
    form: '[action="/contacts"][method=post]',
    field: 'name',
    also: () => ({ phone: newPhone() }),
    stored: name('contacts'),
  },
  'the number of a new contact': {
    at: () => '/contacts/new',
    form: '[action="/contacts"][method=post]',
    field: 'phone',
    also: () => ({ name: 'Ninguém' }),
  },
  'a search for whom to write to': { at: () => '/conversations/new', form: '.new-search form', field: 'q' },
  'a search of contacts': { at: () => '/contacts', whole: true, form: 'form[action="/contacts"]', field: 'q' },
  'a search for a double': { at: () => `${contact()}/merge`, form: 'form[method=get]', field: 'q' },
  'a farewell': {
    at: () => `${thread()}/closure`,
    form: '[action$="/closure"]',
    field: 'farewell',
    after: () => openAgain(),
  },
  'a note to the next': {
    at: () => `${thread()}/transfer`,
    form: '[data-transfer]',
    field: 'note',
    also: () => ({ departmentId, agentId: '' }),
    stored: { table: 'messages', column: 'body', text: body, adds: 'even for nothing' },
  },
  'a new department': {
    at: () => '/settings/departments',
    form: '[action="/settings/departments"]',
    field: 'name',
    stored: name('departments'),
  },
  'a reason to end': {
    at: () => '/settings/close-reasons',
    form: '[action="/settings/close-reasons"]',
    field: 'name',
    stored: name('close_reasons'),
  },
  'one’s own name': {
    at: () => '/settings/profile',
    form: '[action="/settings/profile/name"]',
    field: 'name',
    stored: name('agents', false),
  },
  'a new field of contacts': {
    at: () => '/settings/contact-fields',
    form: '[action="/settings/contact-fields"]',
    field: 'name',
    stored: name('custom_fields'),
  },
  'a quick reply': {
    at: () => '/settings/quick-replies/new',
    form: '[action="/settings/quick-replies"][method=post]',
    field: 'body',
    also: () => ({ shortcut: newPhone(), owner: 'workspace' }),
    stored: { table: 'quick_replies', column: 'body', text: body, adds: true },
  },
  'a search of quick replies': {
    at: () => `${thread()}/quick-replies`,
    whole: true,
    form: 'form[method=get]',
    field: 'q',
  },
  'the hours of a day': { at: () => HOURS, form: `[action="${HOURS}"]`, field: 'day1' },
  'an answer after hours': {
    at: () => HOURS,
    form: `[action="${HOURS}"]`,
    field: 'answer',
    stored: { table: 'business_hours', column: 'answer', text: body, adds: false },
  },
  'the name of a number': {
    at: () => numberPage(),
    form: 'form:has([name=departmentId]):has([name=version])',
    field: 'name',
    stored: name('inboxes', false),
  },
}

let ana: Page
let reader: Page

beforeAll(async () => {
  stored = storedIn(prosa.prosa.databaseUrl)
  reader = await prosa.browser.newPage()
  await reader.addScriptTag({ path: join(import.meta.dirname, 'in-page', 'forms.js') })
})

afterAll(async () => {
  stored?.close()
  await reader?.close()
})

/** The form alone is drawn sooner than the page around it. */
const AS_PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

interface Answer {
  status: number
  url: string
  html: string
}

interface Read {
  kept: string[]
  invalid: boolean
  reason: string
  shapes: string[]
}

/** From within the page, with its cookies and its origin, as its own forms go out. */
const ask = (path: string, fields?: [string, string][], headers: Record<string, string> = {}): Promise<Answer> =>
  ana.evaluate<Answer>(`(async () => {
    const fields = ${JSON.stringify(fields ?? null)}
    const answer = await fetch(${JSON.stringify(path)}, ${fields ? '{ method: `POST`, body: new URLSearchParams(fields) }' : JSON.stringify({ headers })})
    return { status: answer.status, url: answer.url, html: await answer.text() }
  })()`)

async function openAgain() {
  await ask(`${thread()}/closure`, [['_method', 'DELETE']])
}

async function numberPage(): Promise<string> {
  const { rows } = await stored.client.execute("SELECT id FROM inboxes WHERE webhook_key = 'demo-wa-2'")
  return `/settings/inboxes/${String(rows[0]?.['id'])}`
}

async function submit({ at, whole, form, field, also }: Form, typed: string): Promise<{ answer: Answer; read: Read }> {
  const path = await at()
  const page = await ask(path, undefined, whole ? {} : AS_PART)
  expect(page.status, path).toBe(200)
  const selector = form.replace('{comment}', commentId)
  const filled = await reader.evaluate<{ action: string; method: string; fields: [string, string][] }>(
    `filledIn(${JSON.stringify(page.html)}, ${JSON.stringify(selector)}, ${JSON.stringify({ ...also?.(), [field]: typed })})`,
  )
  const query = new URLSearchParams(filled.fields)
  const answer = await (filled.method === 'get'
    ? ask(`${filled.action}?${query}`)
    : ask(filled.action || path, filled.fields))
  const read = await reader.evaluate<Read>(
    `readBack(${JSON.stringify(answer.html)}, ${JSON.stringify(selector)}, ${JSON.stringify(field)})`,
  )
  return { answer, read }
}

async function rowsOf(table: string): Promise<number> {
  const { rows } = await stored.client.execute(`SELECT count(*) FROM ${table}`)
  return Number(rows[0]?.[0])
}

async function keeps({ table, column }: { table: string; column: string }, text: string): Promise<boolean> {
  const sql = `SELECT count(*) FROM ${table} WHERE ${column} = ?`
  const { rows } = await stored.client.execute({ sql, args: [text] })
  return Number(rows[0]?.[0]) > 0
}

/** Forms know one kind of line break, and no NUL. */
const asShown = (text: string) => text.toWellFormed().replaceAll(/\r\n?/g, '\n').replaceAll('\u0000', '\ufffd').trim()

/** What is wrong with the answer to a text that was refused. */
function faultsOfRefusal({ read }: { read: Read }, typed: string, added: number): string[] {
  return [
    ...(read.reason ? [] : ['is refused without a reason beside the field']),
    ...(read.invalid ? [] : ['is refused, and the field does not say so']),
    ...(read.kept.some((text) => asShown(text) === asShown(typed)) ? [] : ['is refused, and not kept']),
    ...(added === 0 ? [] : ['is refused, and stored']),
  ]
}

async function faultsOfStored({ stored: at }: Form, typed: string, added: number): Promise<string[]> {
  if (!at) return []
  const text = at.text(typed.toWellFormed())
  const expected = at.adds === 'even for nothing' || (at.adds && text !== null) ? [1] : [0]
  return [
    // One that is called so already is taken instead.
    ...([...expected, 0].includes(added) ? [] : [`adds ${added} rows`]),
    ...(text === null || (await keeps(at, text)) ? [] : ['is not stored whole']),
  ]
}

const REFUSED = [409, 422]

async function faultsOf(form: Form, typed: string): Promise<string[]> {
  const before = form.stored ? await rowsOf(form.stored.table) : 0
  const { answer, read } = await submit(form, typed)
  const added = form.stored ? (await rowsOf(form.stored.table)) - before : 0
  const strange = read.shapes.filter((shape) => !known.has(shape))
  const about = REFUSED.includes(answer.status)
    ? faultsOfRefusal({ read }, typed, added)
    : await faultsOfStored(form, typed, added)
  await form.after?.()
  return [
    ...(strange.length > 0 ? [`brings ${strange.join(', ')}`] : []),
    // An address has its limit, and says so before it is a search.
    ...([200, ...REFUSED, 414].includes(answer.status) ? [] : [`is answered ${answer.status}`]),
    ...(answer.status === 414 ? [] : about),
  ]
}

/** Somebody who wrote, and a comment about them. */
async function aPerson(page: Page): Promise<void> {
  const person = await prosa.customer('Pessoa Cobaia')
  await rowOf(page, person).waitFor()
  conversationId = (await rowOf(page, person).getAttribute('data-conversation-id')) ?? ''
  contactId = await oneOf('SELECT contact_id FROM conversations WHERE id = ?', conversationId)
  departmentId = await oneOf('SELECT id FROM departments WHERE name = ?', 'Suporte')
  await submit(FORMS['a comment'] as Form, 'A ser editado')
  commentId = await oneOf('SELECT id FROM comments WHERE body = ?', 'A ser editado')
}

async function oneOf(sql: string, arg: string): Promise<string> {
  const { rows } = await stored.client.execute({ sql, args: [arg] })
  return String(rows[0]?.[0])
}

/** What these pages are made of, done and refused, with nothing strange in it. */
const known = new Set<string>()

async function learn(what: string, form: Form): Promise<void> {
  // One that is found, one that is too long for the form, one that is too long for an address.
  for (const plain of [`Comum ${what}`.slice(0, 40), '7', 'outro '.repeat(1_000), 'outro '.repeat(2_000), '', '.']) {
    for (const shape of (await submit(form, plain)).read.shapes) known.add(shape)
    await form.after?.()
  }
}

it.each(Object.entries(FORMS))('%s takes whatever is written', async (what, form) => {
  // Forms are asked for and sent from within any page; one without a socket, for each agent may open so many a minute.
  const page = await prosa.page('ana', contactId ? { at: '/healthz' } : {})
  ana = page
  prosa.expectComplaints(page, /status of (409|413|414|422)/)
  if (!contactId) await aPerson(page)
  await learn(what, form)
  const faults: string[] = []
  for (const typed of textsFor(what)) {
    const found = await faultsOf(form, typed)
    faults.push(...found.map((fault) => `${JSON.stringify(typed.slice(0, 40))} (${typed.length}): ${fault}`))
  }
  expect(faults).toEqual([])
})
