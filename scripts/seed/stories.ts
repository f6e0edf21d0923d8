import { CLOSED } from './stories/closed.ts'
import { EVA } from './stories/eva.ts'
import { EVERY_KIND } from './stories/every-kind.ts'
import { FINANCE } from './stories/finance.ts'
import { OTHER } from './stories/other.ts'
import { SALES } from './stories/sales.ts'
import { SUPPORT } from './stories/support.ts'
import { WAITING } from './stories/waiting.ts'
import type { Story } from './story.ts'

/** Every conversation of the demo: Casa Aurora, a shop for the home, and Eva's studio. */
export const STORIES: readonly Story[] = [
  ...SUPPORT,
  ...FINANCE,
  ...SALES,
  ...WAITING,
  ...OTHER,
  ...CLOSED,
  ...EVA,
  ...EVERY_KIND,
]
