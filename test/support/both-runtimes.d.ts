/** In the tests that run in Node the types of both runtimes meet: a URL of workerd's is one that Node's `fs` takes. */
import type { URLSearchParamsIterator } from 'node:url'

declare global {
  interface URLSearchParams {
    entries(): URLSearchParamsIterator<[string, string]>
    keys(): URLSearchParamsIterator<string>
    values(): URLSearchParamsIterator<string>
    [Symbol.iterator](): URLSearchParamsIterator<[string, string]>
  }
}
