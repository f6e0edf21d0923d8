/** What a person typed or pasted as a phone number, read as one. */
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import { phoneOf } from '../channels/phone.ts'

export const HOME: CountryCode = 'BR'

/** Every country that has numbers, with what stands behind the plus. */
export const COUNTRIES: readonly { code: string; calling: string }[] = getCountries().map((code) => ({
  code,
  calling: getCountryCallingCode(code),
}))

export type PhoneProblem = 'phoneEmpty' | 'badAreaCode' | 'needAreaCode' | 'needNinth' | 'badPhone'

/** E.164 with Brazil's ninth digit in place; with a problem, the number that is probably meant, for looking it up. */
export interface ReadPhone {
  phone: string | null
  problem: PhoneProblem | null
}

const LONGEST = 100
const BRAZILIAN = '55'
const MOBILE_WITHOUT_NINTH = /^[1-9]\d[6-9]\d{7}$/
const WITHOUT_AREA_CODE = /^\d{8,9}$/

/** A number as people write it: masks, plus, carrier codes, a copy from somewhere else; without a country, that of `country`. */
export function readPhone(text: string, country: string): ReadPhone {
  const typed = text.toWellFormed().trim()
  if (typed === '') return { phone: null, problem: 'phoneEmpty' }
  if (typed.length > LONGEST) return { phone: null, problem: 'badPhone' }
  const number = parsed(typed, isSupportedCountry(country) ? country : HOME)
  if (!number) return { phone: null, problem: 'badPhone' }
  if (number.countryCallingCode === BRAZILIAN) return readBrazilian(number)
  return number.isValid() ? { phone: number.number, problem: null } : { phone: null, problem: 'badPhone' }
}

/** Two zeros are how many countries dial abroad, whatever the home country dials. */
function parsed(typed: string, defaultCountry: CountryCode): PhoneNumber | undefined {
  const number = parsePhoneNumberFromString(typed, { defaultCountry })
  if (number?.isValid() || !typed.startsWith('00')) return number
  const abroad = parsePhoneNumberFromString(`+${typed.slice(2)}`)
  return abroad?.isValid() ? abroad : number
}

function readBrazilian(number: PhoneNumber): ReadPhone {
  const national = number.nationalNumber
  if (number.isValid()) return { phone: number.number, problem: null }
  if (WITHOUT_AREA_CODE.test(national)) return { phone: null, problem: 'needAreaCode' }
  if (!areaCodeExists(national.slice(0, 2))) return { phone: null, problem: 'badAreaCode' }
  if (!MOBILE_WITHOUT_NINTH.test(national)) return { phone: null, problem: 'badPhone' }
  return { phone: phoneOf(`${BRAZILIAN}${national}`), problem: 'needNinth' }
}

/** Where the area code exists, so does a mobile of it. */
const areaCodeExists = (code: string) => parsePhoneNumberFromString(`+${BRAZILIAN}${code}912345678`)?.isValid() ?? false
