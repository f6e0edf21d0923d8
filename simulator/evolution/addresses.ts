/** A customer on WhatsApp's own network: by number, and by the id that may stand for it. */
import { createHash, randomBytes } from 'node:crypto'
import type { Customer } from '../state.ts'
import { digitsOf, waIdOf } from '../whatsapp/addresses.ts'

export const jidOf = ({ number }: Customer, dropNinthDigit: boolean) =>
  `${waIdOf(number, dropNinthDigit)}@s.whatsapp.net`

export function lidOf({ id }: Customer): string {
  const hash = createHash('sha256').update(`lid ${id}`).digest('hex').slice(0, 12)
  return `${BigInt(`0x${hash}`).toString().padStart(15, '9').slice(0, 15)}@lid`
}

/** Who hides the number is told by the id alone; of all others both are told. */
export const chatKey = (customer: Customer, dropNinthDigit: boolean) =>
  customer.hidesNumber
    ? { remoteJid: lidOf(customer), addressingMode: 'lid' }
    : { remoteJid: jidOf(customer, dropNinthDigit), remoteJidAlt: lidOf(customer), addressingMode: 'pn' }

/** Digits, or a whole address: whom a call names. */
export const digitsIn = (number: string) => digitsOf(number.split('@')[0]?.split(':')[0] ?? '')

export const GROUP = '120363000000000001@g.us'
export const GROUP_INFO = { id: GROUP, subject: 'Condomínio' }

/** As a phone, or the server, draws them. */
export const newMessageId = () => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`
