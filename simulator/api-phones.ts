/** The API's part about customers: who there is, and what they do with their phones. */
import * as z from 'zod'
import { type Api, type ApiRequest, customerCalled, type Handler, inboxCalled } from './api-request.ts'
import { Refusal } from './refusal.ts'
import { seenIn } from './sniff.ts'
import { type Customer, FILE_KINDS } from './state.ts'

export const phoneRoutes: Record<string, Handler> = {
  'POST /api/customers': addCustomer,
  'PATCH /api/customers/:': changeCustomer,
  'DELETE /api/customers/:': removeCustomer,
  'POST /api/customers/:/messages': writeMessage,
  'POST /api/customers/:/presses': press,
  'POST /api/customers/:/reactions': react,
  'POST /api/customers/:/edits': edit,
  'POST /api/customers/:/deletions': unsend,
  'POST /api/customers/:/plays': play,
  'POST /api/customers/:/acts': act,
  'POST /api/customers/:/elsewhere': elsewhere,
  'POST /api/customers/:/past': remember,
  'POST /api/customers/:/view': look,
  'POST /api/customers/:/window': setWindow,
  'POST /api/files': keepFile,
}

const NewCustomer = z.strictObject({
  name: z.string().trim().min(1).max(80),
  /** However it is written, with its country code. */
  number: z
    .string()
    .transform((text) => text.replace(/\D/g, ''))
    .pipe(z.string().regex(/^\d{8,15}$/)),
  hidesNumber: z.boolean().default(false),
})

function addCustomer({ simulation: { world } }: Api, { body }: ApiRequest): Customer {
  const { name, number, hidesNumber } = NewCustomer.parse(body)
  const id = `n${number}`
  const known = world.customers.find((one) => one.id === id || one.number === `+${number}`)
  if (!known) return world.addCustomer({ id, name, number: `+${number}`, hidesNumber, origin: 'added' })
  if (known.origin !== 'met') throw new Refusal(409, `${known.name} already has this number.`)
  Object.assign(known, { name, hidesNumber, origin: 'added' }) // Prosa wrote first; now somebody says who it is
  world.changed()
  return known
}

const CustomerChange = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  online: z.boolean().optional(),
  readReceipts: z.boolean().optional(),
})

function changeCustomer(api: Api, { body }: ApiRequest, id: string): Customer {
  const one = customerCalled(api, id)
  const change = Object.entries(CustomerChange.parse(body)).filter(([, value]) => value !== undefined)
  api.phones.change(one, Object.fromEntries(change))
  return one
}

function removeCustomer(api: Api, _: ApiRequest, id: string) {
  if (customerCalled(api, id).origin === 'cast') throw new Refusal(409, 'The first three stay.')
  api.simulation.world.removeCustomer(id)
}

const NewMessage = z.strictObject({
  inbox: z.string(),
  kind: z.string().default('text'),
  text: z.string().max(65_536).nullable().default(null),
  /** Of `POST files`. */
  file: z.string().nullable().default(null),
  forwarded: z.enum(['once', 'often']).nullable().default(null),
  replyTo: z.string().nullable().default(null),
})

function writeMessage(api: Api, { body }: ApiRequest, id: string) {
  const { inbox, replyTo, file, ...saying } = NewMessage.parse(body)
  if (saying.kind === 'text' && !saying.text) throw new Refusal(422, 'A text needs its words.')
  const kept = file === null ? null : api.simulation.world.fileOf(file)
  if (kept === undefined) throw new Refusal(404, `There is no file ${file}.`)
  return api.phones.write(customerCalled(api, id), inboxCalled(api, inbox), { ...saying, file: kept }, replyTo)
}

const OfMessage = z.object({ inbox: z.string(), message: z.string() })

function press(api: Api, { body }: ApiRequest, id: string) {
  const { inbox, message, button } = OfMessage.extend({ button: z.string() }).parse(body)
  return api.phones.press(customerCalled(api, id), inboxCalled(api, inbox), message, button)
}

function react(api: Api, { body }: ApiRequest, id: string) {
  const { inbox, message, emoji } = OfMessage.extend({ emoji: z.string().min(1).max(32).nullable() }).parse(body)
  api.phones.react(customerCalled(api, id), inboxCalled(api, inbox), message, emoji)
}

function edit(api: Api, { body }: ApiRequest, id: string) {
  const { inbox, message, text } = OfMessage.extend({ text: z.string().min(1).max(65_536) }).parse(body)
  api.phones.edit(customerCalled(api, id), inboxCalled(api, inbox), message, text)
}

function unsend(api: Api, { body }: ApiRequest, id: string) {
  const { inbox, message } = OfMessage.parse(body)
  api.phones.unsend(customerCalled(api, id), inboxCalled(api, inbox), message)
}

function play(api: Api, { body }: ApiRequest, id: string) {
  const { inbox, message } = OfMessage.parse(body)
  api.phones.play(customerCalled(api, id), inboxCalled(api, inbox), message)
}

function act(api: Api, { body }: ApiRequest, id: string) {
  const { inbox, act } = z.strictObject({ inbox: z.string(), act: z.string() }).parse(body)
  api.phones.act(customerCalled(api, id), inboxCalled(api, inbox), act)
}

const ElsewhereOf = z.strictObject({
  inbox: z.string(),
  kind: z.string(),
  text: z.string().min(1).max(65_536).nullable().default(null),
  message: z.string().nullable().default(null),
})

function elsewhere(api: Api, { body }: ApiRequest, id: string) {
  const { inbox, message, ...of } = ElsewhereOf.parse(body)
  api.phones.elsewhere(customerCalled(api, id), inboxCalled(api, inbox), { ...of, target: message })
}

const Past = z.strictObject({
  inbox: z.string(),
  count: z.int().min(1).max(200).default(6),
  endedHoursAgo: z.number().min(0).max(4_000).default(48),
})

function remember(api: Api, { body }: ApiRequest, id: string) {
  const { inbox, count, endedHoursAgo } = Past.parse(body)
  return api.phones.remember(customerCalled(api, id), inboxCalled(api, inbox), count, endedHoursAgo)
}

function look(api: Api, { body }: ApiRequest, id: string) {
  const { inbox } = z.object({ inbox: z.string() }).parse(body)
  api.phones.look(customerCalled(api, id), inboxCalled(api, inbox))
}

const Window = z.strictObject({ inbox: z.string(), open: z.boolean(), hoursAgo: z.number().min(0).optional() })

function setWindow(api: Api, { body }: ApiRequest, id: string) {
  const { inbox, open, hoursAgo } = Window.parse(body)
  api.phones.setWindow(customerCalled(api, id), inboxCalled(api, inbox), open, hoursAgo ?? null)
}

/** Any bytes, for a customer to send: `?kind=video&name=…`, its type in the header or by its first bytes. */
function keepFile({ simulation: { files } }: Api, { bytes, query, headers }: ApiRequest) {
  if (bytes.length === 0) throw new Refusal(422, 'There is nothing in it.')
  const kind = z.enum(FILE_KINDS).parse(query.get('kind'))
  const mimeType = headers['content-type'] ?? seenIn(bytes).mimeType ?? 'application/octet-stream'
  return files.keep(bytes, { kind, mimeType, name: query.get('name'), voice: query.get('voice') === 'true' })
}
