/** Ids that are the same in every seeded database, so that links and screenshots keep their meaning. */
import { createHash } from 'node:crypto'
import type { DemoChannel } from '../demo.ts'

/** 2026-01-01, where the demo's own UUIDv7s begin. */
const EPOCH = '019b76da-a800'

/** A UUIDv7 made of what it names: `demoId('conversation', 'demo-wa-1', 'Mariana Souza')`. */
export function demoId(...name: (string | number)[]): string {
  const hex = digest(name)
  const variant = (Number.parseInt(hex.slice(3, 4), 16) & 0x3) | 0x8
  return `${EPOCH}-7${hex.slice(0, 3)}-${variant.toString(16)}${hex.slice(4, 7)}-${hex.slice(7, 19)}`
}

/** The provider's id of a message, in the provider's own shape. */
export function providerMessageId(channel: DemoChannel, peer: string, ...name: (string | number)[]): string {
  const hex = digest([peer, ...name])
  switch (channel) {
    case 'whatsapp':
      return `wamid.${Buffer.from(hex.slice(0, 42)).toString('base64')}`
    case 'telegram':
      return `${peer}:${Number.parseInt(hex.slice(0, 6), 16)}`
    case 'evolution':
      return `3EB0${hex.slice(0, 18).toUpperCase()}`
    case 'instagram':
    case 'messenger':
      return `m_${hex.slice(0, 40)}`
  }
}

/** A customer's address in one inbox. The phones are of the invented 99999-0xxx kind. */
export function peerAddress(channel: DemoChannel, phone: string, number: number): string {
  const digits = phone.slice(1)
  switch (channel) {
    case 'whatsapp':
    case 'evolution':
      return digits
    case 'telegram':
      return String(700_000_000 + number)
    case 'instagram':
      return String(1_784_100_000_000_000 + number)
    case 'messenger':
      return String(7_000_000_000_000_000 + number)
  }
}

const AREA_CODES = ['11', '21', '11', '31', '11', '41', '19', '51', '71', '81', '11', '13']

/** +55 with an area code, always the same one for the same customer. */
export const demoPhone = (number: number) => `+55${AREA_CODES[number % AREA_CODES.length]}999990${100 + number}`

const digest = (name: (string | number)[]) => createHash('sha256').update(name.join('\n')).digest('hex')
