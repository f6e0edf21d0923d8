/** Which files a browser may open in our name, and which are only ever downloaded. */

const INLINE = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'video/mp4',
  'video/3gpp',
  'audio/mpeg',
  'audio/ogg',
  'audio/aac',
  'audio/amr',
  'audio/mp4',
])

/** `image/jpeg; q=1` → `image/jpeg`. */
export const essenceOf = (mimeType: string | null) => mimeType?.split(';')[0]?.trim().toLowerCase() || null

/** Never markup, never script: everything else leaves as a download. */
export const opensInline = (mimeType: string | null) => INLINE.has(essenceOf(mimeType) ?? '')
