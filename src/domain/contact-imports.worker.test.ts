import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, describe, expect, it } from 'vitest'
import { TEXTS } from '../../test/faults/corpus/texts.ts'
import { change, type Person, rowsOf } from '../../test/support/people.ts'
import { HOUR, losingAnswers, NOON, type TestApp, testApp } from '../../test/support/workerd/app.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import { eventsOf, said } from '../../test/support/workerd/whatsapp.ts'
import { newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import { type Db, openDb } from '../db/client.ts'
import { problemsOf } from '../db/queries/contact-imports.ts'
import { contactsPage, toContactsPage } from '../db/queries/contacts.ts'
import { dropFile, forgetOldFiles, mapColumns, runImport, takeFile, wakeImports } from './contact-imports.ts'
import { searchTerms } from './contacts.ts'
import { csvRows } from './csv.ts'
import { AppError } from './errors.ts'
import { workOff } from './import-work.ts'
import { receive } from './receive.ts'
import { nameText } from './text.ts'

let shop: Shop
let app: TestApp

beforeEach(async () => {
  shop = await newShop()
  app = testApp()
})

interface Importing {
  by?: Person
  mapping?: string[]
  overwrites?: boolean
}

/** Sent, its columns named, tried out on paper. */
async function tried(
  csv: string,
  { by = shop.people.Ana, mapping = ['name', 'phone', 'tags', 'groups'], overwrites = false }: Importing = {},
) {
  const id = uuidv7()
  const viewer = await viewerOf(by)
  await takeFile(app, viewer, { id, fileName: 'clientes.csv', bytes: new TextEncoder().encode(csv) })
  await mapColumns(app, viewer, { id, mapping, country: 'BR', overwrites })
  const ref = { workspaceId: shop.workspaceId, id }
  await toTheEnd(app, ref)
  return { ref, viewer }
}

async function imported(csv: string, how: Importing = {}) {
  const file = await tried(csv, how)
  await runImport(app, file.viewer, file.ref.id, {})
  await toTheEnd(app, file.ref)
  return file.ref
}

async function toTheEnd(by: TestApp, ref: { workspaceId: string; id: string }): Promise<void> {
  while (await workOff(by, ref));
}

const stateOf = (ref: { id: string }) =>
  rowOf<Record<string, unknown>>(
    sql`SELECT state, refusal, total, created, matched, problems, new_tags, new_groups FROM contact_imports WHERE id = ${ref.id}`,
  )

const problemsIn = async (ref: { workspaceId: string; id: string }) => {
  const [rows] = await openDb(env).read(problemsOf(ref, 100))
  return rows.map(({ line, code, detail }) => [line, code, detail])
}

const people = () =>
  rowsOf<{ name: string | null; phone: string; tags: string; groups: string }>(sql`SELECT k.name, k.phone,
    (SELECT group_concat(t.name, ', ') FROM (SELECT t.name FROM contact_tags o JOIN tags t ON t.id = o.tag_id WHERE o.contact_id = k.id ORDER BY t.name) t) AS tags,
    (SELECT group_concat(g.name, ', ') FROM (SELECT g.name FROM contact_groups o JOIN groups g ON g.id = o.group_id WHERE o.contact_id = k.id ORDER BY g.name) g) AS groups
    FROM contacts k WHERE k.workspace_id = ${shop.workspaceId} AND k.merged_into_id IS NULL ORDER BY k.phone`)

async function writes(from: string): Promise<string> {
  const events = await eventsOf(shop.inbox.accountId, said({ text: 'Oi!', at: NOON, from }))
  await receive(
    app,
    shop.inbox,
    events.map((event) => ({ event, receivedAt: NOON })),
  )
  return (
    await rowOf<{ id: string }>(
      sql`SELECT contact_id AS id FROM identities WHERE inbox_id = ${shop.inbox.id} AND external_id = ${from}`,
    )
  ).id
}

const found = async (by: Person, q: string) => {
  const scope = await scopeOf(by)
  const [rows] = await openDb(env).read(contactsPage(scope, { terms: searchTerms(q), groupId: null }, null))
  return toContactsPage(rows, scope).rows.map(({ name }) => name)
}

describe('a file of contacts', () => {
  it('is tried out on paper, and changes nothing until it is brought in', async () => {
    const { ref } = await tried('Nome;Telefone;Tags;Grupos\nAna;11 91234-5678;VIP, Novo;Clientes\nRui;nada;;\n')
    expect(await stateOf(ref)).toMatchObject({
      state: 'checked',
      total: 2,
      created: 1,
      matched: 0,
      problems: 1,
      new_tags: 2,
      new_groups: 1,
    })
    expect(await problemsIn(ref)).toEqual([[3, 'badPhone', null]])
    expect(await people()).toEqual([])
    expect(await rowsOf(sql`SELECT 1 FROM tags WHERE workspace_id = ${shop.workspaceId}`)).toEqual([])
  })

  it('brings in whom it names, with tags and groups that are made where there are none', async () => {
    await change(
      sql`INSERT INTO tags (workspace_id, id, name, name_key, created_at) VALUES (${shop.workspaceId}, ${uuidv7()}, 'VIP', 'vip', 0)`,
    )
    const ref = await imported(
      'Nome;Telefone;Tags;Grupos\nAna;11 91234-5678;vip|Novo;Clientes\n;(21) 98765-4321;novo;clientes, Revenda\nJosé;+351 912 345 678;;\n',
    )
    expect(await stateOf(ref)).toMatchObject({ state: 'done', created: 3, matched: 0, problems: 0 })
    expect(await people()).toEqual([
      { name: 'José', phone: '+351912345678', tags: null, groups: null },
      { name: 'Ana', phone: '+5511912345678', tags: 'Novo, VIP', groups: 'Clientes' },
      { name: null, phone: '+5521987654321', tags: 'Novo', groups: 'Clientes, Revenda' },
    ])
    expect(await found(shop.people.Bruno, 'jose')).toEqual(['José'])
    expect(await found(shop.people.Carla, '8765-4321')).toEqual([null])
  })

  it('knows a person with and without the ninth digit, and leaves the address that the provider gave as it is', async () => {
    const [withNinth, without] = [await writes('5511987651001'), await writes('551187651002')]
    const ref = await imported('Nome;Telefone\nUm;11 8765-1001\nDois;(11) 98765-1002\nTrês;11 8765-1003\n')
    expect(await stateOf(ref)).toMatchObject({ state: 'done', created: 1, matched: 2, problems: 0 })
    expect((await people()).map(({ name, phone }) => [name, phone])).toEqual([
      ['Um', '+5511987651001'],
      ['Dois', '+5511987651002'],
      ['Três', '+5511987651003'],
    ])
    expect(
      await rowsOf(
        sql`SELECT contact_id, external_id FROM identities WHERE inbox_id = ${shop.inbox.id} ORDER BY external_id`,
      ),
    ).toEqual([
      { contact_id: without, external_id: '551187651002' },
      { contact_id: withNinth, external_id: '5511987651001' },
    ])
  })

  it('says of each line that it leaves out why', async () => {
    const long = 'x'.repeat(41)
    const { ref } = await tried(
      `Nome;Telefone;Tags\nAna;11 91234-5678\n\nBia;11912345678\nCaio;\nDora;00 91234-5678\nEva;91234-5678\nFábio;5,51199E+12\nGil;11 91234-0001;${long}\nHugo;=1+1\n`,
    )
    expect(await problemsIn(ref)).toEqual([
      [4, 'double', '2'],
      [5, 'phoneEmpty', null],
      [6, 'badAreaCode', null],
      [7, 'needAreaCode', null],
      [8, 'scientific', null],
      [9, 'tagLong', null],
      [10, 'badPhone', null],
    ])
    expect(await stateOf(ref)).toMatchObject({ total: 8, created: 1, problems: 7 })
  })

  it('gives who is known what is missing, and beats what is there only where it is told to', async () => {
    const id = await writes('5511987651001')
    app.clock.now += 1
    await imported('Nome;Telefone;Tags\nMaria;11 98765-1001;Antiga\n')
    expect(await people()).toMatchObject([{ name: 'Maria', tags: 'Antiga' }])
    await imported('Nome;Telefone;Tags\nMaria Souza;11 98765-1001;Nova\n')
    expect(await people()).toMatchObject([{ name: 'Maria', tags: 'Antiga, Nova' }])
    await imported('Nome;Telefone\nMaria Souza;11 98765-1001\n', { overwrites: true })
    expect(await people()).toMatchObject([{ name: 'Maria Souza' }])
    expect(await found(shop.people.Ana, 'souza')).toEqual(['Maria Souza'])
    const told = app.published.filter((one) => one.type === 'thread.changed' && one.aboutContact)
    expect(told.map((one) => one.type === 'thread.changed' && one.conversation.contactId)).toEqual([id, id, id])
  })

  it("fills in the workspace's own fields, and says which line does not fit", async () => {
    const [city, since] = [uuidv7(), uuidv7()]
    await change(
      sql`INSERT INTO custom_fields (workspace_id, id, name, name_key, kind, position, created_at)
        VALUES (${shop.workspaceId}, ${city}, 'Cidade', 'cidade', 'text', 1, 0), (${shop.workspaceId}, ${since}, 'Desde', 'desde', 'date', 2, 0)`,
    )
    const mapping = ['name', 'phone', `field:${city}`, `field:${since}`]
    const ref = await imported('n;p;c;d\nAna;11 91234-5678;Recife;5/11/2026\nRui;11 91234-5679;Natal;ontem\n', {
      mapping,
    })
    expect(await problemsIn(ref)).toEqual([[3, 'fieldDate', 'Desde']])
    expect(await found(shop.people.Bruno, 'recife')).toEqual(['Ana'])
    await imported('n;p;c;d\nAna;11 91234-5678;Olinda;\n', { mapping })
    await imported('n;p;c;d\nAna;11 91234-5678;Olinda;\n', { mapping, overwrites: true })
    expect(await found(shop.people.Bruno, 'olinda')).toEqual(['Ana'])
  })

  it('is brought in once, however often each batch is repeated, and with two at work on it', async () => {
    const lines = Array.from({ length: 600 }, (_, at) => `Pessoa ${at};1191${String(1_000_000 + at)};T${at % 7};G`)
    const { ref, viewer } = await tried(`Nome;Telefone;Tags;Grupos\n${lines.join('\n')}`)
    await runImport(app, viewer, ref.id, {})
    await runImport(app, viewer, ref.id, {})
    const twice = testApp({ db: losingAnswers() })
    await Promise.all([toTheEnd(twice, ref), toTheEnd(twice, ref)])
    await toTheEnd(app, ref)
    expect(await stateOf(ref)).toMatchObject({ state: 'done', created: 600, matched: 0, problems: 0 })
    expect(await people()).toHaveLength(600)
    expect(
      await rowsOf(sql`SELECT name, uses FROM tags WHERE workspace_id = ${shop.workspaceId} ORDER BY name LIMIT 2`),
    ).toEqual([
      { name: 'T0', uses: 86 },
      { name: 'T1', uses: 86 },
    ])
    const again = await tried(`Nome;Telefone;Tags;Grupos\n${lines.join('\n')}`)
    expect(await stateOf(again.ref)).toMatchObject({ created: 0, matched: 600, new_tags: 0, new_groups: 0 })
    const audit = await rowsOf(sql`SELECT action, detail FROM audit_log WHERE workspace_id = ${shop.workspaceId}`)
    expect(audit).toEqual([{ action: 'contacts.imported', detail: '{"lines":600}' }])
  })

  it('goes on where it was broken off', async () => {
    const lines = Array.from({ length: 700 }, (_, at) => `Pessoa ${at};1191${String(2_000_000 + at)}`)
    const { ref, viewer } = await tried(`Nome;Telefone\n${lines.join('\n')}`, { mapping: ['name', 'phone'] })
    await runImport(app, viewer, ref.id, {})
    for (const at of [1, 1]) await expect(workOff(testApp({ db: breakingOff(at) }), ref)).rejects.toThrow('away')
    expect(await stateOf(ref)).toMatchObject({ state: 'importing' })
    app.clock.now += 2 * 60_000
    await wakeImports(app)
    expect(app.hinted).toContain(ref.id)
    await toTheEnd(app, ref)
    expect(await stateOf(ref)).toMatchObject({ state: 'done', created: 700 })
    expect(await people()).toHaveLength(700)
  })

  it('of 5,000 lines is in within a minute, a batch for each 250 of them', async () => {
    const lines = Array.from(
      { length: 5_000 },
      (_, at) =>
        `Pessoa ${at} da Silva;(11) 93${String(1_000_000 + at).slice(0, 3)}-${String(1_000_000 + at).slice(3)};T${at % 9},VIP;G${at % 5}`,
    )
    const id = uuidv7()
    const viewer = await viewerOf(shop.people.Ana)
    const db = openDb(env)
    const counting = testApp({ db })
    const ref = { workspaceId: shop.workspaceId, id }
    const bytes = new TextEncoder().encode(`Nome;Telefone;Tags;Grupos\n${lines.join('\n')}`)
    const began = Date.now()
    await takeFile(counting, viewer, { id, fileName: null, bytes })
    await mapColumns(counting, viewer, {
      id,
      mapping: ['name', 'phone', 'tags', 'groups'],
      country: 'BR',
      overwrites: false,
    })
    const before = db.roundTrips
    await toTheEnd(counting, ref)
    expect(db.roundTrips - before).toBeLessThanOrEqual(8)
    await runImport(counting, viewer, id, {})
    const then = db.roundTrips
    await toTheEnd(counting, ref)
    expect(db.roundTrips - then).toBeLessThanOrEqual(21)
    expect(await stateOf(ref)).toMatchObject({ state: 'done', created: 5_000, problems: 0 })
    expect(Date.now() - began).toBeLessThan(60_000)
  })

  it('tells nothing of people whom its author may not see, and changes nothing of theirs', async () => {
    await writes('5511987651001')
    await change(sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE inbox_id = ${shop.inbox.id}`)
    const ref = await imported('Nome;Telefone;Tags\nMaria;11 98765-1001;Minha\nNovo;11 98765-1002;Minha\n', {
      by: shop.people.Diego,
    })
    expect(await stateOf(ref)).toMatchObject({ state: 'done', created: 1, matched: 0, problems: 1 })
    expect(await problemsIn(ref)).toEqual([[2, 'hidden', null]])
    expect(await people()).toMatchObject([
      { name: null, tags: null },
      { name: 'Novo', tags: 'Minha' },
    ])
  })

  it('stops where its author may import no more', async () => {
    const { ref, viewer } = await tried('Nome;Telefone\nMaria;11 98765-1001\n', { by: shop.people.Diego })
    await runImport(app, viewer, ref.id, {})
    await change(
      sql`UPDATE agents SET role = 'agent', authz_version = authz_version + 1 WHERE id = ${shop.people.Diego.agentId}`,
    )
    await toTheEnd(app, ref)
    expect(await stateOf(ref)).toMatchObject({ state: 'refused', refusal: 'author' })
    expect(await people()).toEqual([])
  })

  it('is refused with the reason where it is none, or its columns make no sense', async () => {
    const viewer = await viewerOf(shop.people.Ana)
    const send = async (bytes: Uint8Array | string) => {
      const sent = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
      return whyOf(takeFile(app, viewer, { id: uuidv7(), fileName: 'x', bytes: sent }))
    }
    expect(await send('')).toBe('empty')
    expect(await send('Nome;Telefone\n')).toBe('empty')
    expect(await send(Uint8Array.of(0x50, 0x4b, 3, 4))).toBe('spreadsheet')
    expect(await send('a\0b')).toBe('notText')
    expect(await send('a;b\n"c;d')).toBe('notATable')
    expect(await send(`${'a;'.repeat(60)}a\n1`)).toBe('columns')
    const { ref } = await tried('Nome;Telefone\nMaria;11 98765-1001\n')
    const map = (mapping: string[]) =>
      whyOf(mapColumns(app, viewer, { id: ref.id, mapping, country: 'BR', overwrites: false }))
    expect(await map(['name', ''])).toBe('noPhone')
    expect(await map(['phone', 'phone'])).toBe('twoPhones')
    expect(await map(['phone', 'field:nothing'])).toBe('unknown')
    await expect(tried('x\ny', { by: shop.people.Bruno })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('may call people whatever there is: what is stored is a name, and every line has its say', async () => {
    // What a file of text can hold.
    const names = TEXTS.filter((text) => !text.includes('\0') && text.isWellFormed())
    const phones = names.map((_, at) => `1193${String(3_000_000 + at)}`)
    const ref = await imported(csvRows([['n', 'p'], ...names.map((name, at) => [name, phones[at] ?? ''])], ';'), {
      mapping: ['name', 'phone'],
    })
    expect(await stateOf(ref)).toMatchObject({ state: 'done', created: names.length, problems: 0 })
    expect((await people()).map(({ name }) => name)).toEqual(names.map(nameText))
  })

  it('is kept for some days, and then only what came of it', async () => {
    const ref = await imported('Nome;Telefone\nMaria;11 98765-1001\n')
    const { object_key: key } = await rowOf<{ object_key: string }>(
      sql`SELECT object_key FROM contact_imports WHERE id = ${ref.id}`,
    )
    await forgetOldFiles(app)
    expect(await env.MEDIA.head(key)).not.toBeNull()
    app.clock.now += 73 * HOUR
    await forgetOldFiles(app)
    expect(await env.MEDIA.head(key)).toBeNull()
    expect(await stateOf(ref)).toMatchObject({ state: 'done', created: 1 })
    await dropFile(app, await viewerOf(shop.people.Ana), ref.id)
    expect(await rowsOf(sql`SELECT 1 FROM contact_imports WHERE id = ${ref.id}`)).toEqual([])
    expect(await people()).toHaveLength(1)
  })
})

/** Commits so many batches, and is away from then on. */
function breakingOff(after: number): Db {
  const db = openDb(env)
  let written = 0
  return {
    ...db,
    write(...statements) {
      if (written === after) return Promise.reject(new Error('The database is away.'))
      written += 1
      return db.write(...statements)
    },
    get orm() {
      return db.orm
    },
    get roundTrips() {
      return db.roundTrips
    },
  }
}

async function whyOf(act: Promise<unknown>): Promise<unknown> {
  try {
    await act
    return null
  } catch (error) {
    return error instanceof AppError ? error.details['why'] : error
  }
}
