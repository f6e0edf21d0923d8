/** The same phone, seen by the official channel and by QR code: one contact, through its number. */
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { rowsOf } from '../../test/support/people.ts'
import { MINUTE, NOON, testApp } from '../../test/support/workerd/app.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { eventsOf, said } from '../../test/support/workerd/whatsapp.ts'
import { type Inbox, newEmptyWorkspace } from '../../test/support/workerd/workspace.ts'
import { evolution } from '../channels/evolution/evolution.ts'
import { receive } from './receive.ts'

const HIDDEN = '900000000000001@lid'
const jid = (digits: string) => `${digits}@s.whatsapp.net`

let no = 0
/** Written to the number that is linked by QR code. */
async function byCode(inbox: Inbox, key: object, text = 'Oi!') {
  no += 1
  const data = {
    key: { fromMe: false, id: `3EB0${no}`, ...key },
    ...{ pushName: 'Mariana', message: { conversation: text }, messageType: 'conversation' },
    messageTimestamp: (NOON - MINUTE) / 1000 + no,
  }
  const body = { event: 'messages.upsert', instance: inbox.accountId, data }
  const events = await evolution.parse(new TextEncoder().encode(JSON.stringify(body)), inbox.accountId)
  return receive(
    testApp(),
    inbox,
    events.map((event) => ({ event, receivedAt: NOON })),
  )
}

/** Written to the number that Meta keeps. */
async function officially(inbox: Inbox, from: string) {
  const events = await eventsOf(inbox.accountId, said({ from, name: 'Mariana', text: 'Olá', at: NOON }))
  return receive(
    testApp(),
    inbox,
    events.map((event) => ({ event, receivedAt: NOON })),
  )
}

const two = async () => (await newEmptyWorkspace(2)) as [Inbox, Inbox]

/** People who stand by themselves, each with the number and the addresses they are known by. */
const people = async ({ workspaceId }: Inbox) =>
  (
    await rowsOf<{ phone: string | null; addresses: string; conversations: number }>(
      sql`SELECT phone, (SELECT group_concat(external_id, ' ') FROM (SELECT external_id FROM identities i
            WHERE i.workspace_id = c.workspace_id AND i.contact_id = c.id ORDER BY external_id)) AS addresses,
          (SELECT count(*) FROM conversations v WHERE v.workspace_id = c.workspace_id AND v.contact_id = c.id) AS conversations
        FROM contacts c WHERE workspace_id = ${workspaceId} AND merged_into_id IS NULL ORDER BY phone`,
    )
  ).map(({ phone, addresses, conversations }) => [phone, addresses, conversations])

describe('one phone in two inboxes', () => {
  it.each([
    ['5511999990001', '5511999990001', '+5511999990001'],
    ['5531988880002', '553188880002', '+5531988880002'],
    ['553188880002', '5531988880002', '+5531988880002'],
  ])('%s at Meta is %s by QR code', async (official, linked, phone) => {
    for (const first of ['officially', 'by code']) {
      const [meta, evo] = await two()
      if (first === 'officially') await officially(meta, official)
      await byCode(evo, { remoteJid: jid(linked) })
      if (first === 'by code') await officially(meta, official)
      expect(await people(meta)).toEqual([[phone, [official, linked].toSorted().join(' '), 2]])
      expect(await brokenRules(meta.workspaceId)).toEqual([])
    }
  })

  it('a landline is no mobile, and no other country has the ninth digit', async () => {
    const [meta, evo] = await two()
    await officially(meta, '551133330000')
    await byCode(evo, { remoteJid: jid('5511933330000') })
    await officially(meta, '5411999990001')
    await byCode(evo, { remoteJid: jid('54111999990001') })
    expect(await people(meta)).toHaveLength(4)
  })

  it('the digits of a hidden id are nobody’s phone', async () => {
    const [meta, evo] = await two()
    await officially(meta, '5511999990001')
    await byCode(evo, { remoteJid: '5511999990001@lid' })
    expect(await people(meta)).toHaveLength(2)
  })

  it('who hides the number, and is known by it elsewhere, is one contact as soon as it is told', async () => {
    for (const first of ['officially', 'by code']) {
      const [meta, evo] = await two()
      if (first === 'officially') await officially(meta, '5511999990001')
      await byCode(evo, { remoteJid: HIDDEN }, 'escondida')
      if (first === 'by code') await officially(meta, '5511999990001')
      expect(await people(meta)).toHaveLength(2)
      await byCode(evo, { remoteJid: HIDDEN, remoteJidAlt: jid('5511999990001') }, 'aqui estou')
      expect(await people(meta)).toEqual([['+5511999990001', `5511999990001 5511999990001 ${HIDDEN}`, 2]])
      expect(await brokenRules(meta.workspaceId)).toEqual([])
    }
  })
})

it('once by number, once by the id that hides it: one contact, one conversation', async () => {
  const [evo] = await two()
  await byCode(evo, { remoteJid: jid('5511999990001') }, 'por número')
  await byCode(evo, { remoteJid: HIDDEN }, 'escondida')
  expect(await people(evo)).toHaveLength(2)
  await byCode(evo, { remoteJid: HIDDEN, remoteJidAlt: jid('5511999990001') }, 'as duas')
  await byCode(evo, { remoteJid: HIDDEN }, 'escondida outra vez')
  expect((await people(evo)).map(([phone, addresses]) => [phone, addresses])).toEqual([
    ['+5511999990001', `5511999990001 ${HIDDEN}`],
  ])
  const open = await rowsOf(sql`SELECT 1 FROM conversations WHERE inbox_id = ${evo.id} AND status <> 'closed'`)
  expect(open).toHaveLength(1)
  expect(await brokenRules(evo.workspaceId)).toEqual([])
})
