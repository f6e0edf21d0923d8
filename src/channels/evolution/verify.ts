/** Evolution signs nothing: it repeats a secret that we gave it, in a header of its calls. */
import type { Credentials } from '../channel.ts'
import { repeatsSecret } from '../proof.ts'

export const SECRET_HEADER = 'apikey'

export const verify = (headers: Headers, _rawBody: Uint8Array, credentials: Credentials): Promise<boolean> =>
  repeatsSecret(headers.get(SECRET_HEADER) ?? '', credentials)
