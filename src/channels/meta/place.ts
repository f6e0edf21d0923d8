/** Where Meta's APIs and files are. */
import type { FileHost, ProviderUrls } from '../channel.ts'

export const graphUrl = ({ GRAPH_API_URL, GRAPH_API_VERSION = 'v24.0' }: ProviderUrls, host = GRAPH_API_URL): string =>
  `${host}/${GRAPH_API_VERSION}`

export const META_FILE_HOSTS: readonly FileHost[] = [
  { host: /^lookaside\.fbsbx\.com$/, knowsUs: true },
  { host: /^[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:fbcdn\.net|cdninstagram\.com)$/, knowsUs: false },
]
