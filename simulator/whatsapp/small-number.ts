/** For the tests of WhatsApp's half: a number, what is said to it, and a chat that goes on. */
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import * as z from 'zod'
import type { InboundEvent } from '../../src/channels/events.ts'
import { whatsapp } from '../../src/channels/whatsapp/whatsapp.ts'
import { simulated, until } from '../small-prosa.ts'

export const NUMBER = '100000000000001'
export const ACCOUNT = '200000000000100'
export const INBOX = 'demo-wa-1'

export type Simulated = Awaited<ReturnType<typeof simulated>>

export const heard = async ({ webhooks }: Simulated): Promise<InboundEvent[]> =>
  (await Promise.all(webhooks.map(({ raw }) => whatsapp.parse(new TextEncoder().encode(raw), NUMBER)))).flat()

/** What was told last, statuses aside. */
export const item = ({ webhooks }: Simulated) => webhooks.flatMap(({ value }) => value?.messages ?? []).at(-1)

export async function said(kind: string, of: object = {}) {
  const there = await simulated()
  const { body, status } = await there.api('POST', 'customers/mariana/messages', { inbox: INBOX, kind, ...of })
  expect(status).toBe(201)
  await until(() => expect(there.webhooks).toHaveLength(1))
  return { ...there, message: body }
}

export const asset = (name: string) => readFileSync(new URL(`../assets/${name}`, import.meta.url))

export function uploadOf(name: string, type: string, bytes: Uint8Array<ArrayBuffer> = new Uint8Array(asset(name))) {
  const form = new FormData()
  form.set('messaging_product', 'whatsapp')
  form.set('type', type)
  form.set('file', new File([bytes], name, { type }))
  return form
}

const Id = z.object({ id: z.string() })
export const uploaded = async ({ graph }: Simulated, name: string, type: string) =>
  Id.parse(await (await graph('POST', `${NUMBER}/media`, uploadOf(name, type))).json()).id

export async function conversation(behaviour: object = {}) {
  const there = await simulated(behaviour)
  const { body } = await there.write('mariana', 'oi')
  await until(() => expect(there.webhooks).toHaveLength(1))
  const send = (of: object) =>
    there.graph('POST', `${NUMBER}/messages`, { messaging_product: 'whatsapp', to: '+5511999990001', ...of })
  const phone = async () => {
    const state = (await there.api('GET', 'state')).body
    return state.customers[0].chats.find(({ inboxKey }: { inboxKey: string }) => inboxKey === INBOX).messages
  }
  return { ...there, send, phone, question: body.id as string }
}
