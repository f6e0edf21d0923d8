/** What stands around the words of a message: what it answers, what brought the person here, how it was passed on. */
import * as z from 'zod'
import type { Content } from '../content.ts'
import { maybe } from '../maybe.ts'
import { Id } from '../meta/meta.ts'

const Product = z.object({ catalog_id: maybe(Id), product_retailer_id: maybe(Id) })

export const Context = z.object({
  id: maybe(Id),
  forwarded: maybe(z.boolean()),
  frequently_forwarded: maybe(z.boolean()),
  referred_product: maybe(Product),
})

/** Everything in it is optional. Pictures of the ad are URLs that die; the page that it leads to stays. */
export const Referral = z.object({
  source_url: maybe(z.string()),
  source_id: maybe(Id),
  source_type: maybe(z.string()),
  headline: maybe(z.string()),
  body: maybe(z.string()),
})

export function contentAround(
  context: z.infer<typeof Context> | undefined,
  referral: z.infer<typeof Referral> | undefined,
): Content {
  return { ...forwardedIn(context), ...(referral ? { referral: referralOf(referral) } : productIn(context)) }
}

function forwardedIn(context: z.infer<typeof Context> | undefined): Content {
  if (context?.frequently_forwarded) return { forwarded: 'often' }
  return context?.forwarded ? { forwarded: 'once' } : {}
}

function referralOf({ source_type, ...of }: z.infer<typeof Referral>): NonNullable<Content['referral']> {
  return {
    source: source_type === 'ad' || source_type === 'post' ? source_type : 'link',
    ...(of.headline ? { title: of.headline } : {}),
    ...(of.body ? { body: of.body } : {}),
    ...(of.source_url ? { url: of.source_url } : {}),
    ...(of.source_id ? { ref: of.source_id } : {}),
  }
}

function productIn(context: z.infer<typeof Context> | undefined): Content {
  const product = context?.referred_product?.product_retailer_id
  return product === undefined ? {} : { referral: { source: 'product', ref: product } }
}

const PLAIN = new Set(['id', 'type', 'timestamp', 'from', 'from_user_id', 'from_parent_user_id', 'context'])
const PLAIN_CONTEXT = new Set([
  'id',
  'from',
  'from_user_id',
  'from_parent_user_id',
  'forwarded',
  'frequently_forwarded',
])
const ADDRESSEE = new Set(['to', 'to_user_id', 'to_parent_user_id', 'biz_opaque_callback_data', 'history_context'])

/** Nothing but the words, who wrote them and when: then the item itself need not be kept beside what we made of it. */
export function isPlain(type: string | undefined, item: Record<string, unknown>): boolean {
  const context = typeof item.context === 'object' && item.context !== null ? Object.keys(item.context) : []
  return (
    Object.keys(item).every((key) => PLAIN.has(key) || ADDRESSEE.has(key) || key === type) &&
    context.every((key) => PLAIN_CONTEXT.has(key))
  )
}
