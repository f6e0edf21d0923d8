/** Phones as WhatsApp gives them: digits only, and in Brazil with or without the ninth digit of a mobile. */

const DIGITS = /^\d{6,15}$/

/** Brazil, area code, and eight digits that only a mobile starts with: an account made before the ninth digit came. */
const BRAZILIAN_MOBILE_WITHOUT_NINTH = /^55([1-9][1-9])([6-9]\d{7})$/

/** May this be a phone at all? A name, a username or a business-scoped id may stand where a number is expected. */
export const isPhone = (value: string) => DIGITS.test(value)

/**
 * The one form of a number that people see and that two identities are matched by: E.164, with Brazil's ninth digit in
 * place. Never an address to send to: an account answers only to the form that its provider gave.
 */
export function phoneOf(address: string): string | null {
  if (!isPhone(address)) return null
  return `+${address.replace(BRAZILIAN_MOBILE_WITHOUT_NINTH, '55$19$2')}`
}
