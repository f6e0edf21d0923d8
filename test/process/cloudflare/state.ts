/** What the played Cloudflare knows; a file, so that the command and the test share it. */
export interface Cloudflare {
  /** Null: nobody is signed in. */
  accounts: { id: string; name: string }[] | null
  bucket: string | null
  versions: { id: string; ready: boolean }[]
  /** The newest comes last. */
  deployments: { created_on: string; versions: Share[] }[]
  secrets: Record<string, string>
  nextIsReady: boolean
  /** The next version brings a new kind of Durable Object. */
  newObjects: boolean
  /** What wrangler was asked, paths aside. */
  calls: string[]
}

export interface Share {
  version_id: string
  percentage: number
}
