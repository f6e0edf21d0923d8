import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { losingAnswers } from '../../test/support/workerd/app.ts'
import {
  aMessage,
  aNote,
  anEcho,
  anEdit,
  anIdentity,
  aReaction,
  aStatus,
  aWatermark,
} from '../../test/support/workerd/events.ts'
import { storedFileOf } from '../../test/support/workerd/files.ts'
import {
  contactsOf,
  eraseThem,
  finishErasing,
  gatewaysApp,
  journalIsEmpty,
  somebody,
  tell,
  traces,
} from '../../test/support/workerd/somebody.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import { type Inbox, rowOf } from '../../test/support/workerd/workspace.ts'
import { fakeWorld } from '../../test/support/workerd/world.ts'
import { type Db, openDb } from '../db/client.ts'
import { comment, edit } from './comments.ts'
import { merge } from './contacts.ts'
import { reopen } from './conversations.ts'
import { goOnErasing, mentions } from './erasing.ts'
import { erase } from './erasures.ts'
import { join } from './groups.ts'
import { reply, saveDraft } from './messages.ts'
import { tagContact } from './tags.ts'

beforeAll(() => {
  fakeWorld()
  for (const way of ['warn', 'error'] as const) vi.spyOn(console, way).mockImplementation(() => undefined)
})

describe('after a person was erased', () => {
  it('no table, no journal and no object holds a word of theirs', async () => {
    const them = await somebody()
    const { shop, app, ana, contactId, conversationId, word, phone, address, inboxes } = them
    const { workspaceId, inbox } = shop
    const now = Date.now()
    const message = await rowOf<{ id: string }>(
      sql`SELECT id FROM messages WHERE workspace_id = ${workspaceId} ORDER BY id`,
    )
    const other = inboxes[1] as Inbox
    await tell(
      inbox,
      aReaction(`${word}.1`, '👍', now),
      anEdit(`${word}.1`, `Outro segredo de ${word}`, 1, now),
      aNote(phone.slice(1), 'call', now),
      anIdentity([address], [`${word}.novo@lid`], { occurredAt: now, phone, note: 'number_changed' }),
      anEcho({ id: `${word}.echo`, from: phone.slice(1), text: `Olá, ${word}`, at: now, replyTo: `${word}.1` }),
      aWatermark(phone.slice(1), 'read', now),
      aStatus(`wamid.${btoa(`\x1d\x03${phone.slice(1)}\x15`)}`, 'read'),
      aMessage({ id: `${word}.past`, from: phone.slice(1), at: now - 9e9, history: true, text: `${word} antigo` }),
      {
        kind: 'kept',
        dedupeKey: `ev:${word}`,
        accountId: '1',
        occurredAt: null,
        what: 'unknown',
        raw: { of: phone.slice(1) },
      },
    )
    await tell(
      other,
      aMessage({
        id: `${word}.other`,
        from: { externalIds: [phone.slice(1)], phone, profileName: null },
        text: word,
        at: now,
      }),
    )
    await expect
      .poll(() => rowsOf(sql`SELECT 1 FROM messages WHERE workspace_id = ${workspaceId} AND kind = 'message'`))
      .toHaveLength(5)
    await expect.poll(() => rowsOf(sql`SELECT 1 FROM kept_events WHERE workspace_id = ${workspaceId}`)).toHaveLength(1)
    await storedFileOf(inbox, { messageId: message.id }, Uint8Array.from(new TextEncoder().encode(`file of ${word}`)), {
      fileName: `${word}.pdf`,
      ord: 7,
    })
    const about = { contactId, conversationId, clientKey: crypto.randomUUID() }
    const written = await comment(app, ana, { ...about, text: `${word} paga tarde` })
    await edit(app, ana, { contactId, commentId: written.id, version: written.version, text: `${word} paga` })
    await comment(app, ana, {
      ...about,
      conversationId: null,
      clientKey: crypto.randomUUID(),
      text: `Geral de ${word}`,
    })
    const tagId = uuidv7()
    const groupId = uuidv7()
    await change(
      sql`INSERT INTO tags (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, ${tagId}, 'VIP', 'vip', 0)`,
      sql`INSERT INTO groups (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, ${groupId}, 'Zona', 'zona', 0)`,
    )
    await tagContact(app, ana, { contactId, added: [tagId], removed: [], created: [] })
    await join(app, ana, { contactId, groupId })
    const [fieldId, importKey] = [uuidv7(), `ws/${workspaceId}/import`]
    await env.MEDIA.put(importKey, `nome;telefone\n"${word}";"${phone}"`)
    await change(
      sql`INSERT INTO custom_fields (workspace_id, id, name, name_key, kind, position, created_at) VALUES (${workspaceId}, ${fieldId}, 'CPF', 'cpf', 'text', 1, 0)`,
      sql`INSERT INTO contact_field_values (workspace_id, contact_id, field_id, value, value_key, updated_at)
        VALUES (${workspaceId}, ${contactId}, ${fieldId}, ${`${word} 123`}, ${`${word.toLowerCase()} 123`}, 0)`,
      sql`INSERT INTO contact_imports (workspace_id, id, author_id, object_key, delimiter, country, state, created_at, updated_at)
        VALUES (${workspaceId}, ${uuidv7()}, ${ana.agentId}, ${importKey}, ';', 'BR', 'done', 0, 0)`,
    )
    const sent = await reply(app, ana, {
      conversationId,
      clientKey: crypto.randomUUID(),
      replyToId: message.id,
      text: `Para ${word}`,
    })
    await change(
      sql`UPDATE send_attempts SET lease_id = NULL, state = 'failed', rank = 35, external_id = ${`${word}.sent`}, error_detail = ${`not ${phone.slice(1)}`}
        WHERE message_id = ${sent.message.id}`,
    )
    const unsure = await reply(app, ana, {
      conversationId,
      clientKey: crypto.randomUUID(),
      replyToId: null,
      text: `Talvez ${word}`,
    })
    await change(
      sql`UPDATE send_attempts SET lease_id = NULL, state = 'unknown', rank = 20 WHERE message_id = ${unsure.message.id}`,
    )
    const waits = await reply(app, ana, {
      conversationId,
      clientKey: crypto.randomUUID(),
      replyToId: null,
      text: `Ainda não saiu: ${word}`,
    })
    await change(sql`UPDATE send_attempts SET lease_id = NULL, state = 'queued', rank = 0, external_id = NULL, not_before = ${now + 9e9}
      WHERE message_id = ${waits.message.id}`)
    await saveDraft(app, ana, { conversationId, body: `Rascunho para ${word}`, replyToId: null })
    await env.MEDIA.put(`ws/${workspaceId}/picture-${word}`, word)
    await change(
      sql`UPDATE contacts SET picture_key = ${`ws/${workspaceId}/picture-${word}`}, picture_at = 1 WHERE id = ${contactId}`,
    )
    const mergedId = uuidv7()
    await change(
      sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, ${mergedId}, ${`${word} Irmã`}, 'x', 1)`,
    )
    await merge(app, ana, { id: uuidv7(), keptId: contactId, mergedId }, {})

    expect(await traces(them)).toEqual(
      expect.arrayContaining([
        ...[
          'contacts.name',
          'contacts.profile_name',
          'contacts.phone',
          'contact_texts.terms',
          'contact_search_data.block',
        ],
        ...[
          'identities.external_id',
          'messages.body',
          'messages.external_id',
          'messages.reply_to_external_id',
          'messages.raw',
        ],
        ...[
          'send_attempts.external_id',
          'send_attempts.error_detail',
          'comments.body',
          'comment_versions.body',
          'drafts.body',
        ],
        ...[
          'attachments.file_name',
          'attachments.provider_media_id',
          'contact_merges.before',
          'kept_events.payload',
          'contact_field_values.value',
        ],
        ...['applied_events.dedupe_key', 'gateway journal.payload', 'gateway journal.dedupe_key', 'object'],
      ]),
    )
    const name = `${word} Irmã`
    const erasure = await erase(app, ana, { contactId, typed: ` ${name.toLowerCase()} `, shown: name }, {})
    // From this moment on nobody finds them, whatever of them still has to go.
    expect(
      (await traces(them)).filter((place) =>
        /^(contacts|identities|contact_texts|contact_search|contact_field|drafts)/.test(place),
      ),
    ).toEqual([])
    await finishErasing(app, shop)

    expect(await traces(them)).toEqual([])
    expect(await brokenRules(workspaceId)).toEqual([])
    const [proof] = await rowsOf<{ counts: string; finished_at: number; subject: null }>(
      sql`SELECT * FROM erasures WHERE id = ${erasure}`,
    )
    expect(proof).toMatchObject({ subject: null, finished_at: expect.any(Number) })
    expect(JSON.parse(proof?.counts ?? '')).toMatchObject({
      conversations: 3,
      comments: 2,
      tags: 1,
      groups: 1,
      fields: 1,
      merges: 1,
      canceled: 1,
      drafts: 1,
      keptEvents: 3,
      files: 1,
    })
    const audit = await rowsOf<{ action: string; detail: string }>(
      sql`SELECT action, detail FROM audit_log WHERE target_id = ${contactId} AND action LIKE 'contact.eras%' ORDER BY id`,
    )
    expect(audit.map(({ action }) => action)).toEqual(['contact.erasure_requested', 'contact.erased'])
    expect(JSON.parse(audit[1]?.detail ?? '')).toMatchObject({ erasure, ...JSON.parse(proof?.counts ?? '') })
  })
})

it('a number is mentioned where it stands by itself, and not as a part of another', () => {
  expect(mentions('{"of":"5511999990001"}', ['5511999990001'])).toBe(true)
  expect(mentions('+5511999990001 ligou', ['x', '5511999990001'])).toBe(true)
  expect(mentions('15511999990001 55119999900012', ['5511999990001'])).toBe(false)
})

describe('whatever breaks on the way', () => {
  it('it goes on from where it was, and counts everything once', async () => {
    const them = await somebody()
    await eraseThem(them)
    const { db, stumbles } = stumbling()
    const app = { ...gatewaysApp(db), lookAfter: async () => undefined }
    for (let steps = 0, left: number | null = 0; left !== null; steps++) {
      if (steps > 200) throw new Error('It never ends.')
      left = await goOnErasing(app, them.shop.workspaceId).catch(() => 0)
    }
    expect(stumbles()).toBeGreaterThan(0)
    expect(await traces(them)).toEqual([])
    expect(await brokenRules(them.shop.workspaceId)).toEqual([])
    const { counts } = await rowOf<{ counts: string }>(
      sql`SELECT counts FROM erasures WHERE workspace_id = ${them.shop.workspaceId}`,
    )
    expect(JSON.parse(counts)).toMatchObject({ conversations: 1, messages: 2, addresses: 2 })
    expect(
      await rowsOf(sql`SELECT 1 FROM audit_log WHERE target_id = ${them.contactId} AND action = 'contact.erased'`),
    ).toHaveLength(1)
  })

  it('asked for twice, with answers lost, it is one', async () => {
    const them = await somebody()
    const app = { ...them.app, db: losingAnswers() }
    const first = await eraseThem({ ...them, app })
    await expect(eraseThem(them)).rejects.toMatchObject({ code: 'not_found' })
    await finishErasing(app, them.shop)
    expect(await traces(them)).toEqual([])
    expect(await rowsOf(sql`SELECT id FROM erasures WHERE workspace_id = ${them.shop.workspaceId}`)).toEqual([
      { id: first },
    ])
    expect(
      await rowsOf(sql`SELECT action FROM audit_log WHERE workspace_id = ${them.shop.workspaceId} ORDER BY id`),
    ).toEqual([{ action: 'contact.erasure_requested' }, { action: 'contact.erased' }])
    const lines = await rowsOf(
      sql`SELECT 1 FROM messages WHERE workspace_id = ${them.shop.workspaceId} AND type = 'erased' AND kind = 'activity'`,
    )
    expect(lines).toHaveLength(1)
  })

  it('a send that is under way is waited for, and its answer erased too', async () => {
    const them = await somebody()
    const { app, ana, conversationId, shop, word } = them
    const { message } = await reply(app, ana, {
      conversationId,
      clientKey: crypto.randomUUID(),
      replyToId: null,
      text: word,
    })
    await change(sql`UPDATE send_attempts SET state = 'sending', rank = 10, lease_id = 'l', lease_until = ${Date.now() + 60_000}
      WHERE message_id = ${message.id}`)
    await eraseThem(them)
    for (let steps = 0; (await goOnErasing(app, shop.workspaceId)) === 0; steps++)
      if (steps > 100) throw new Error('It never ends.')
    expect(await rowsOf(sql`SELECT finished_at FROM erasures WHERE contact_id = ${them.contactId}`)).toEqual([
      { finished_at: null },
    ])
    await change(
      sql`UPDATE send_attempts SET state = 'sent', rank = 30, external_id = ${`${word}.late`} WHERE message_id = ${message.id}`,
    )
    await finishErasing(app, shop)
    expect(await traces(them)).toEqual([])
    // What the provider tells of it afterwards is told of nothing.
    await tell(shop.inbox, aStatus(`${word}.late`, 'read', { attemptId: message.attempt?.id ?? null }))
    await journalIsEmpty(them)
    expect(await traces(them)).toEqual([])
  })

  it('nobody erases whom they did not name, nor who is none of theirs, nor without the right to', async () => {
    const [them, others] = [await somebody(), await somebody()]
    const { app, ana, contactId, word } = them
    const asked = { contactId, typed: 'Outra pessoa', shown: `${word} Perfil` }
    await expect(erase(app, ana, asked, {})).rejects.toMatchObject({ code: 'invalid' })
    await expect(eraseThem({ ...them, ana: others.ana })).rejects.toMatchObject({ code: 'not_found' })
    const bruno = await viewerOf(them.shop.people.Bruno)
    await expect(eraseThem({ ...them, ana: bruno })).rejects.toMatchObject({ code: 'forbidden' })
    expect(await contactsOf(them.shop)).toEqual([{ id: contactId, erased_at: null }])
  })
})

describe('what comes after', () => {
  it('told again, as news and as a past, everything is ignored and counted', async () => {
    const them = await somebody()
    const { app, shop, word, phone, events } = them
    await eraseThem(them)
    await finishErasing(app, shop)
    const at = Date.now() - 60_000
    const past = { externalIds: [phone.slice(1)], phone, profileName: word }
    await tell(
      shop.inbox,
      ...events,
      aMessage({ id: `${word}.1`, from: past, at, history: true, text: word }),
      aMessage({ id: `${word}.never heard`, from: past, at, history: true, text: word }),
      aReaction(`${word}.1`, '👍', at),
      anEdit(`${word}.1`, word, 1, at),
      aNote(phone.slice(1), 'call', at),
      aWatermark(phone.slice(1), 'read', at),
      {
        kind: 'address_book',
        dedupeKey: `book:${word}`,
        accountId: '1',
        occurredAt: null,
        peer: past,
        name: word,
        removed: false,
      },
    )
    await journalIsEmpty(them)
    expect(await traces(them)).toEqual([])
    expect(await contactsOf(shop)).toHaveLength(1)
    expect(
      await rowsOf(sql`SELECT 1 FROM messages WHERE workspace_id = ${shop.workspaceId} AND type <> 'erased'`),
    ).toEqual([])
  })

  it('who writes again is somebody new', async () => {
    const them = await somebody()
    const { app, shop, word, phone, address, contactId } = them
    await eraseThem(them)
    await finishErasing(app, shop)
    const from = { externalIds: [phone.slice(1), address], phone, profileName: 'Nova' }
    await tell(shop.inbox, aMessage({ id: `${word}.new`, from, at: Date.now(), text: 'Oi de novo' }))
    await expect.poll(() => contactsOf(shop)).toHaveLength(2)
    const [, fresh] = await contactsOf(shop)
    expect(fresh).toMatchObject({ erased_at: null })
    expect(fresh?.id).not.toBe(contactId)
    const said =
      await rowsOf(sql`SELECT c.contact_id, c.status, m.body FROM messages m JOIN conversations c ON c.id = m.conversation_id
      WHERE m.workspace_id = ${shop.workspaceId} AND m.body IS NOT NULL`)
    expect(said).toEqual([{ contact_id: fresh?.id, status: 'open', body: 'Oi de novo' }])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('what a page still holds of them is kept nowhere', async () => {
    const them = await somebody()
    const { app, ana, shop, conversationId, contactId, word } = them
    await eraseThem(them)
    await finishErasing(app, shop)
    await saveDraft(app, ana, { conversationId, body: word, replyToId: null })
    const late = { conversationId, clientKey: crypto.randomUUID(), text: word }
    await expect(reply(app, ana, { ...late, replyToId: null })).rejects.toMatchObject({ code: 'conflict' })
    await expect(comment(app, ana, { ...late, contactId })).rejects.toMatchObject({ code: 'not_found' })
    await expect(reopen(app, ana, conversationId, {})).rejects.toMatchObject({ code: 'conflict' })
    expect(await traces(them)).toEqual([])
  })
})

/** Of each batch the first try does nothing, the second is done and its answer lost. */
function stumbling(): { db: Db; stumbles: () => number } {
  const real = openDb(env)
  const tries = new Map<string, number>()
  let stumbled = 0
  return {
    stumbles: () => stumbled,
    db: {
      ...real,
      async write(...statements) {
        const name =
          JSON.stringify(statements.map((one) => one.queryChunks.length)) +
          JSON.stringify(statements.at(-1)?.queryChunks)
        const tried = (tries.get(name) ?? 0) + 1
        tries.set(name, tried)
        if (tried <= 2) stumbled += 1
        if (tried === 1) throw new Error('It was never done.')
        const written = await real.write(...statements)
        if (tried === 2) throw new Error('The answer was lost.')
        return written
      },
    },
  }
}
