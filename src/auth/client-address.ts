/** Who is calling, as far as limits are concerned. Only the platform's own header is believed. */
export function clientAddressOf(headers: Headers): string {
  const address = headers.get('cf-connecting-ip')?.trim().toLowerCase()
  if (!address) return 'local'
  return address.includes(':') ? networkOf(address) : address
}

/** One household or one machine has a whole /64 of IPv6: those count as one. */
function networkOf(address: string): string {
  const groups = groupsOf(address)
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (mapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 255])
      .join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

function groupsOf(address: string): number[] {
  const [left = '', right] = withHexTail(address).split('::')
  const head = left ? left.split(':') : []
  const tail = right ? right.split(':') : []
  const zeros = right === undefined ? [] : Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0')
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16) || 0)
}

/** `::ffff:192.0.2.1` is `::ffff:c000:201`. */
function withHexTail(address: string): string {
  const cut = address.lastIndexOf(':') + 1
  const bytes = address.slice(cut).split('.').map(Number)
  if (bytes.length !== 4) return address
  const [a = 0, b = 0, c = 0, d = 0] = bytes
  return `${address.slice(0, cut)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}
