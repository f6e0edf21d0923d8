/** An event of a customer's, to look at without reading it: its shape and its kinds, none of its words or numbers. */

/** Under these names stand words of the protocol, not of people. */
const OF_THE_PROTOCOL = new Set(['kind', 'type', 'status', 'what', 'direction', 'field', 'event', 'class', 'code'])

/** JSON with every text and number of a person's covered: `•••••`, as long as it was up to a dozen. */
export const masked = (json: string): string => JSON.stringify(cover(parsed(json), ''), null, 2)

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

function cover(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => cover(item, name))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cover(member, key)]))
  if (typeof value === 'string') return OF_THE_PROTOCOL.has(name) && /^[\w.-]{1,40}$/.test(value) ? value : dots(value)
  return typeof value === 'number' ? dots(String(value)) : value
}

const dots = (text: string) => '•'.repeat(Math.min(12, text.length))
