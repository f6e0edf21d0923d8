/** Why a provider refuses, in words that all channels share: the catalog has a sentence for each. */

export type Reason =
  | 'windowClosed'
  | 'windowOver'
  | 'personUnavailable'
  | 'notConsented'
  | 'permission'
  | 'otherApp'
  | 'undeliverable'
  | 'notAllowedNow'
  | 'optedOut'
  | 'unsupportedKind'
  | 'badRequest'
  | 'tooManyToPerson'
  | 'tooMany'
  | 'auth'
  | 'account'
  | 'template'
  | 'media'
  | 'providerTrouble'
  | 'blocked'
  | 'notStarted'
  | 'putOut'
  | 'fileTooLarge'
  | 'tooLate'
  | 'gone'

export type Codes = readonly (readonly [Reason, readonly (string | number)[]])[]

/** What those codes mean; of a code in two tables the later counts. */
export function reasonsBy(...tables: Codes[]): (code: string) => Reason | null {
  const known = new Map(
    tables.flat().flatMap(([reason, codes]) => codes.map((code) => [String(code), reason] as const)),
  )
  return (code) => known.get(code) ?? null
}
