/** How words look, as Telegram says it: beside the text, by place and length in UTF-16 units. */
import * as z from 'zod'
import type { Style } from '../content.ts'
import { maybe } from '../maybe.ts'

const Entity = z.object({
  type: z.string(),
  offset: z.int().nonnegative(),
  length: z.int().positive(),
  url: maybe(z.string()),
})
type Entity = z.infer<typeof Entity>

const KINDS = new Map<string, Style['kind']>([
  ['bold', 'bold'],
  ['italic', 'italic'],
  ['underline', 'underline'],
  ['strikethrough', 'strike'],
  ['spoiler', 'spoiler'],
  ['code', 'code'],
  ['pre', 'pre'],
  ['blockquote', 'quote'],
  ['expandable_blockquote', 'quote'],
])

const HAS_SCHEME = /^[a-z][a-z\d+.-]*:/i

/** Those that change how the words look or where they lead; an address with its scheme leads there by itself. */
export function stylesOf(text: string, entities: unknown): Style[] {
  if (!Array.isArray(entities)) return []
  return entities.flatMap((entity) => {
    const read = Entity.safeParse(entity).data
    return read && read.offset + read.length <= text.length ? styleOf(text, read) : []
  })
}

function styleOf(text: string, { type, offset, length, url }: Entity): Style[] {
  const at = { from: offset, length }
  const kind = KINDS.get(type)
  if (kind) return [{ kind, ...at }]
  if (type === 'text_link' && url) return [{ kind: 'link', ...at, url }]
  const words = text.slice(offset, offset + length)
  return type === 'url' && !HAS_SCHEME.test(words) ? [{ kind: 'link', ...at, url: `https://${words}` }] : []
}
