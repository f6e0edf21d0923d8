/** Files share a runtime: whoever comes next finds the network and the console as they are. */
import { afterAll, vi } from 'vitest'

afterAll(() => {
  vi.restoreAllMocks()
})
