import type { I18n } from '../i18n/index.ts'

export interface Country {
  code: string
  calling: string
}

interface CountriesProps {
  i18n: I18n
  /** Of the field, on this page. */
  id: string
  countries: readonly Country[]
  chosen: string
}

/** By name, in the language of the page. */
export function Countries({ i18n, id, countries, chosen }: CountriesProps) {
  const names = new Intl.DisplayNames(i18n.locale, { type: 'region' })
  const order = new Intl.Collator(i18n.locale)
  const named = countries
    .map(({ code, calling }) => ({ code, label: `${names.of(code) ?? code} +${calling}` }))
    .toSorted((a, b) => order.compare(a.label, b.label))
  return (
    <select id={id} name="country">
      {named.map(({ code, label }) => (
        <option value={code} selected={code === chosen}>
          {label}
        </option>
      ))}
    </select>
  )
}
