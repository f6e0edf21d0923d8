/**
 * Every form there is, by the authorization table: each of its fields left out, said twice and filled with what nobody
 * should type, and the whole in another shape. Nothing breaks, a refusal changes nothing and is said in words, and nothing
 * that was typed becomes markup. A new form is in it with its line in the table.
 */
import { beforeAll, describe, expect, inject, it } from 'vitest'
import type { Kind, Line } from '../../test/support/workerd/authorization/kinds.ts'
import { pathOf } from '../../test/support/workerd/authorization/suite.ts'
import { TABLE } from '../../test/support/workerd/authorization/table.ts'
import { accountOf, newWorldOf, type World } from '../../test/support/workerd/authorization/world.ts'

const MARK = 'was-typed'
const TEXTS = [
  `"><i-${MARK}></i-${MARK}>`,
  `" data-${MARK}="x" autofocus onfocus="alert(1)`,
  `</textarea></title><hx-partial hx-target="#main"><i-${MARK}></i-${MARK}></hx-partial>`,
  '',
  ' \t \n ',
  'a\u0000b\u001b[31m\u0085',
  '\u202egpj.exe zero\u200bwidth\u2066',
  'lone \ud800 high',
  `Z${'\u0335\u0336'.repeat(20)}algo`,
  '\u200d\ufeff\u200b',
  "'; DROP TABLE messages; --",
  'NEAR(a b) OR "aberto* %_\\',
  '=HYPERLINK("https://example.com")',
  '../../../../etc/passwd%00.png',
  'javascript:alert(1)//https://example.com',
  '-1',
  '1e999',
  '9007199254740993',
  'NaN',
  '__proto__',
  '[object Object]',
  '00000000-0000-0000-0000-000000000000',
  '2026-02-31',
  '٠١٢٣',
  '👩‍👩‍👧‍👦'.repeat(100),
  'x'.repeat(20_000),
]

/** Each field meets some of them, another share each time and each field another; all of them in `npm run soak`. */
const SHARE = inject('wholeCorpus') ? 1 : 12
const FROM = Date.now() % SHARE

/** What the table has no need to send: a refusal without it is the same refusal. */
const MORE: Record<string, Record<string, string>> = {
  'POST /sign-in': { email: 'a@prosa.test', password: 'uma frase comprida', next: '/conversations' },
  'POST /sign-in/2fa': { code: '123456', next: '/conversations' },
  'POST /setup': { code: 'AAAA-BBBB-CCCC', workspaceName: 'Loja', departmentName: 'Vendas', timeZone: 'UTC' },
  'POST /settings/audit/export': { who: '', what: '', from: '', until: '', target: '' },
  'POST /contacts/export': { q: '', tag: '', group: '' },
}

interface Form {
  route: string
  line: Line
  kind: Kind
}

/** What no person fills in: providers' events, and what a browser reports of itself. Each has tests of its own. */
const MACHINES = / \/(?:webhooks|reports)\//

const FORMS: Form[] = TABLE.flatMap((kind) =>
  Object.entries(kind.routes)
    .filter(([route]) => !(route.startsWith('GET') || MACHINES.test(route)))
    .map(([route, line]) => ({ route, line, kind })),
)

interface Sent {
  what: string
  body: string
  type: string
}

const FORM_TYPE = 'application/x-www-form-urlencoded'

function casesOf({ route, line }: Form, world: World): Sent[] {
  const fields = { ...MORE[route], ...line.fields?.(world.ids.own, 'own') }
  const all = Object.entries(fields)
  const form = (what: string, pairs: string[][]): Sent => ({
    what: `${route}: ${what}`,
    body: new URLSearchParams(pairs).toString(),
    type: FORM_TYPE,
  })
  const others = (name: string) => all.filter(([one]) => one !== name)
  const first = FORMS.findIndex((one) => one.route === route)
  const listed = all.map(([name, value]) => [`${name}[]`, value])
  const more = [
    ['__proto__', 'x'],
    ['constructor', 'x'],
    ['id', 'x'],
    ['role', 'owner'],
  ]
  return [
    ...all.flatMap(([name], at) => [
      form(`without ${name}`, others(name)),
      ...TEXTS.filter((_, no) => (no + first + at) % SHARE === FROM).map((text) =>
        form(`${name} is ${JSON.stringify(text).slice(0, 40)}`, [...others(name), [name, text]]),
      ),
    ]),
    form('everything twice', [...all, ...all]),
    form('everything as a list, and more than it asks for', [...listed, ...more]),
    {
      what: `${route}: bytes that are no text`,
      body: `${all.map(([name]) => `${name}=%ff%fe`).join('&')}&%c3=%28`,
      type: FORM_TYPE,
    },
    { what: `${route}: as JSON`, body: JSON.stringify(fields), type: 'application/json' },
    { what: `${route}: as parts that are none`, body: 'x', type: 'multipart/form-data; boundary=x' },
  ]
}

interface Answered extends Sent {
  status: number
  html: string
}

async function send(world: World, { route, kind }: Form, sent: Sent): Promise<Answered> {
  const [method = ''] = route.split(' ')
  const answer = await world.ask('owner', method, pathOf(world, { route, kind }, 'own'), { raw: sent })
  return { ...sent, status: answer.status, html: await answer.text() }
}

const sendAll = (world: World, form: Form) => Promise.all(casesOf(form, world).map((sent) => send(world, form, sent)))

/** Elements and attributes that were typed, and became some. */
async function typedMarkup(html: string): Promise<string[]> {
  if (!html.includes(MARK)) return []
  const found: string[] = []
  const rewriter = new HTMLRewriter().on('*', {
    element(element) {
      if (element.tagName.includes(MARK) || element.hasAttribute(`data-${MARK}`)) found.push(element.tagName)
    },
  })
  await rewriter.transform(new Response(html)).text()
  return found
}

/** What a library says of itself, where a person should read a sentence. */
const UNTRANSLATED = /Invalid input|Too (?:small|big): expected|expected \w+, received|ZodError|SQLITE/

/** For what it is, and not for what was done meanwhile or how often. */
const isRefused = ({ status }: Answered) => [400, 413, 415, 422].includes(status)

/** What only refuses changes nothing: one does for all. */
let untouched: World
beforeAll(async () => {
  untouched = await newWorldOf('owner', ['own'])
})

describe.each(FORMS)('$route', (form) => {
  it('takes anything, and breaks at nothing', async () => {
    const answers = await sendAll(await newWorldOf('owner', ['own']), form)
    for (const { what, status, html } of answers) {
      expect([what, status < 500]).toEqual([what, true])
      expect([what, await typedMarkup(html)]).toEqual([what, []])
      if (status >= 400) expect(html.replaceAll(/value="[^"]*"/g, ''), what).not.toMatch(UNTRANSLATED)
    }

    let refused = answers.filter(isRefused).map(({ what }) => what)
    expect(refused).not.toEqual([])
    // What was refused because of another one that was not, such as a name that was free, is let go and looked at no more.
    for (let isSettled = false; !isSettled; ) {
      const { rows } = await accountOf(untouched)
      const asked = casesOf(form, untouched).filter(({ what }) => refused.includes(what))
      const again = await Promise.all(asked.map((sent) => send(untouched, form, sent)))
      refused = again.filter(isRefused).map(({ what }) => what)
      isSettled = refused.length === again.length
      if (isSettled) expect((await accountOf(untouched)).rows, 'a refusal changed something').toBe(rows)
    }
  })
})
