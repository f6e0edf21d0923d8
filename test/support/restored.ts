/** Files share a runtime or a process: whoever comes next finds the network and the console as they are. */
import { afterAll, vi } from 'vitest'

afterAll(() => {
  vi.restoreAllMocks()
})
