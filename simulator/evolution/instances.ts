/** The instances of the server: made, linked to a phone by a code that is drawn anew, lost, and found again. */
import { randomBytes, randomUUID } from 'node:crypto'
import { DEMO_INBOXES } from '../../scripts/demo.ts'
import type { Simulation } from '../provider.ts'
import type { Inbox, Instance } from '../state.ts'
import { pngOf } from './qr.ts'
import { Refused } from './refused.ts'
import { envelope } from './rows.ts'

/** The server's own key; the demo's instance has the same. */
export const GLOBAL_KEY =
  DEMO_INBOXES.flatMap((inbox) => (inbox.channel === 'evolution' ? inbox.accessToken : []))[0] ?? ''

const MOST_CODES = 30
const A_DIGIT = 'ABCDEFGHJKLMNPQRSTUVWXYZ123456789'

export class Instances {
  readonly #of: Simulation
  readonly #drawing = new Map<string, NodeJS.Timeout>()

  constructor(simulation: Simulation) {
    this.#of = simulation
  }

  get all(): Instance[] {
    const { world } = this.#of
    for (const { accountId, name } of world.inboxesOf('evolution'))
      if (!world.instances.some((one) => one.name === accountId)) world.addInstance(linked(accountId, name))
    return world.instances
  }

  named(name: string): Instance {
    const found = this.all.find((one) => one.name === name)
    if (!found) throw new Refused(404, [`The "${name}" instance does not exist`])
    return found
  }

  inboxOf({ name }: Instance): Inbox {
    const found = this.#of.world.inboxesOf('evolution').find(({ accountId }) => accountId === name)
    if (!found) throw new Refused(404, [`The "${name}" instance does not exist`])
    return found
  }

  /** A customer can write to it as soon as it is there; until it is linked, nobody hears of it. */
  create(name: string, of: { number: string | null; key: string | null; history: boolean }): Instance {
    if (this.all.some((one) => one.name === name)) throw new Refused(403, [`This name "${name}" is already in use.`])
    const { world } = this.#of
    const inbox = { key: `evolution-${name}`, channel: 'evolution', accountId: name, workspace: 'prosa' }
    world.addInbox({ ...inbox, name: `QR · ${name}`, address: 'sem celular' })
    const instance: Instance = {
      ...linked(name, name),
      ...{ key: of.key ?? randomUUID().toUpperCase(), state: 'close', history: of.history, pairing: of.number },
    }
    world.addInstance(instance)
    return instance
  }

  remove(instance: Instance): void {
    this.#stopDrawing(instance)
    this.#of.world.removeInstance(instance.name)
  }

  /** The code that is to be scanned now; where there is none, drawing begins. Null: it is linked. */
  codeOf(
    instance: Instance,
    number: string | null = null,
  ): { pairingCode: string | null; code: string; base64: string; count: number } | null {
    if (instance.state === 'open') return null
    if (number !== null) instance.pairing = number
    if (instance.code === null) {
      instance.codes = 0
      this.#draw(instance)
    }
    return this.#shown(instance)
  }

  #shown({ code, codes, pairing }: Instance) {
    const text = code ?? ''
    return { pairingCode: pairing === null ? null : pairingCodeOf(text), code: text, base64: pngOf(text), count: codes }
  }

  /** A new code every so often, thirty times; then the server gives up. */
  #draw(instance: Instance): void {
    this.#stopDrawing(instance)
    if (instance.codes >= MOST_CODES) this.giveUp(instance)
    else this.#drawOne(instance)
  }

  #drawOne(instance: Instance): void {
    instance.codes += 1
    const part = () => randomBytes(32).toString('base64')
    instance.code = `2@${part()},${part()},${part()},${randomBytes(12).toString('base64')}`
    if (instance.state !== 'connecting') this.#become(instance, 'connecting', 200)
    const { count: _, ...qrcode } = this.#shown(instance)
    this.tell(instance, 'qrcode.updated', { qrcode: { instance: instance.name, ...qrcode } })
    const again = setTimeout(() => this.#draw(instance), this.#of.behaviour().codeSeconds * 1000)
    again.unref()
    this.#drawing.set(instance.name, again)
    this.#of.world.changed()
  }

  /** Draws the next code at once, as if the time of this one were over. */
  drawNext(instance: Instance): void {
    if (instance.code !== null) this.#draw(instance)
  }

  giveUp(instance: Instance): void {
    this.#stopDrawing(instance)
    instance.code = null
    this.tell(instance, 'qrcode.updated', { message: 'QR code limit reached, please login again', statusCode: 500 })
    this.#become(instance, 'refused', 428)
  }

  #stopDrawing({ name }: Instance): void {
    clearTimeout(this.#drawing.get(name))
    this.#drawing.delete(name)
  }

  /** Somebody held a phone before the code. */
  scan(instance: Instance): boolean {
    if (instance.code === null || instance.state === 'open') return false
    this.open(instance)
    return true
  }

  open(instance: Instance): void {
    this.#stopDrawing(instance)
    instance.code = null
    const inbox = this.inboxOf(instance)
    if (inbox.address === 'sem celular') inbox.address = '+55 11 90000-0055'
    this.#become(instance, 'open', 200)
  }

  /** By itself it comes back after these: the server tries again until it can. */
  lose(instance: Instance, reason: number): void {
    this.#stopDrawing(instance)
    instance.code = null
    this.#become(instance, 'close', reason)
    if (![401, 402, 403, 406].includes(reason)) return
    const disconnectionObject = JSON.stringify({ error: { output: { statusCode: reason } } })
    const said = { instance: instance.name, status: 'closed', disconnectionAt: new Date().toISOString() }
    this.tell(instance, 'status.instance', { ...said, disconnectionReasonCode: reason, disconnectionObject })
  }

  #become(instance: Instance, state: 'open' | 'connecting' | 'close' | 'refused', statusReason: number): void {
    instance.state = state === 'refused' ? 'close' : state
    const whose =
      state === 'open'
        ? { wuid: ownJid(this.inboxOf(instance)), profileName: this.inboxOf(instance).name, profilePictureUrl: null }
        : {}
    this.tell(instance, 'connection.update', { instance: instance.name, ...whose, state, statusReason })
    this.#of.world.changed()
  }

  /** Whatever its webhook asks for: all of it, where it names nothing. */
  tell(instance: Instance, event: string, data: unknown): void {
    if (!this.hears(instance, event)) return
    const { about, body } = envelope(this.inboxOf(instance), event, data)
    void this.#of.webhooks.deliver(this.inboxOf(instance), about, body)
  }

  hears({ webhook }: Instance, event: string): boolean {
    const wanted = webhook?.events ?? []
    const name = event.toUpperCase().replaceAll(/[.-]/g, '_')
    return webhook?.enabled !== false && (wanted.length === 0 || wanted.includes(name))
  }
}

const linked = (name: string, profile: string): Instance => ({
  ...{ name, profile, id: randomUUID(), key: GLOBAL_KEY, state: 'open', code: null, codes: 0 },
  ...{ pairing: null, history: true, webhook: null },
})

const pairingCodeOf = (code: string) =>
  [...Buffer.from(code).subarray(3, 11)].map((byte) => A_DIGIT[byte % A_DIGIT.length]).join('')

export const ownJid = ({ address }: Inbox) => `${address.replaceAll(/\D/g, '') || '5511900000054'}@s.whatsapp.net`
