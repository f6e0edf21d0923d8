/** The names under which time zones can be chosen. */
export const TIME_ZONES = Intl.supportedValuesOf('timeZone')
