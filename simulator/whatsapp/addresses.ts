/** The addresses of a person on WhatsApp. */
import { createHash } from 'node:crypto'
import type { Customer, Inbox } from '../state.ts'

/** Outside the area codes 11 to 28 an account made before the ninth digit came is known without it. */
const WITH_NINTH_DIGIT = /^55([1-9][1-9])9([7-9]\d{7})$/
const WITHOUT_NINTH_DIGIT = /^55([1-9][1-9])([6-9]\d{7})$/
const FIRST_AREA_WITHOUT = 31

export const digitsOf = (number: string) => number.replace(/\D/g, '')

/** The number as WhatsApp knows it. */
export function waIdOf(number: string, dropNinthDigit: boolean): string {
  const digits = digitsOf(number)
  const [, area = '', subscriber = ''] = WITH_NINTH_DIGIT.exec(digits) ?? []
  return dropNinthDigit && Number(area) >= FIRST_AREA_WITHOUT ? `55${area}${subscriber}` : digits
}

/** One number, however it is written. */
export const sameNumber = (a: string, b: string) => withNinthDigit(digitsOf(a)) === withNinthDigit(digitsOf(b))

const withNinthDigit = (digits: string) => digits.replace(WITHOUT_NINTH_DIGIT, '55$19$2')

/** May a phone with WhatsApp have this number? In Brazil only mobiles do, here. */
export const canHaveWhatsApp = (digits: string) =>
  digits.startsWith('55') ? /^55[1-9][1-9]9\d{8}$/.test(withNinthDigit(digits)) : /^[1-9]\d{7,14}$/.test(digits)

export const asWritten = (digits: string) => `+${withNinthDigit(digits)}`

/** The person's id within the business portfolio. */
export function businessScopedId(customer: Customer): string {
  const hash = createHash('sha256')
    .update(`${customer.id}${customer.renamed || ''}`)
    .digest('hex')
    .slice(0, 16)
  return `BR.${BigInt(`0x${hash}`).toString().padStart(20, '1')}`
}

const USUAL_ACCOUNT = '200000000000100'

/** The account that the number belongs to. */
export const businessAccountOf = ({ businessAccountId }: Inbox): string => businessAccountId ?? USUAL_ACCOUNT
