/** How much of what Meta allows is used up, as its answers say beside themselves. */
import * as z from 'zod'
import { jsonIn } from '../json.ts'
import { maybe } from '../maybe.ts'

const NEARLY = 90
const ALL = 100
const A_LITTLE_MS = 5_000
const A_WHILE_MS = 60_000
const LONGEST_MS = 3_600_000

const Percent = maybe(z.number().nonnegative())
const Share = z.object({
  call_count: Percent,
  total_time: Percent,
  total_cputime: Percent,
  /** Minutes. */
  estimated_time_to_regain_access: maybe(z.number().nonnegative()),
})
type Share = z.infer<typeof Share>

const ofApp = z.union([Share.transform((share) => [share]), z.unknown().transform((): Share[] => [])])
/** By the account; each kind of call has its own. */
const ofBusiness = z.union([
  z.record(z.string(), z.array(Share)).transform((shares) => Object.values(shares).flat()),
  z.unknown().transform((): Share[] => []),
])

/**
 * For how long nothing more should be sent, in milliseconds; 0: there is room. What the headers’ JSON says is not written
 * down anywhere by Meta in full: what cannot be read says nothing.
 */
export function pauseAfter(headers: Headers): number {
  const said = (name: string) => jsonIn(headers.get(name) ?? '')
  const shares = [...ofApp.parse(said('x-app-usage')), ...ofBusiness.parse(said('x-business-use-case-usage'))]
  return Math.max(0, ...shares.map(pauseOf))
}

function pauseOf({ call_count = 0, total_time = 0, total_cputime = 0, ...share }: Share): number {
  const used = Math.max(call_count, total_time, total_cputime)
  if (used < NEARLY) return 0
  if (used < ALL) return A_LITTLE_MS
  const regainedIn = (share.estimated_time_to_regain_access ?? 0) * 60_000
  return Math.min(Math.max(regainedIn, A_WHILE_MS), LONGEST_MS)
}
