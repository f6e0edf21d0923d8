import type { Messages } from '../pt-BR/index.ts'
import { administration } from './administration.ts'
import { answers } from './answers.ts'
import { composer } from './composer.ts'
import { contacts } from './contacts.ts'
import { demonstration } from './demonstration.ts'
import { firstRun } from './first-run.ts'
import { frame } from './frame.ts'
import { inboxes } from './inboxes.ts'
import { list } from './list.ts'
import { marks } from './marks.ts'
import { message } from './message.ts'
import { ownAccount } from './own-account.ts'
import { people } from './people.ts'
import { thread } from './thread.ts'

export const es = {
  product: 'Prosa',
  ...administration,
  ...answers,
  ...composer,
  ...contacts,
  ...demonstration,
  ...firstRun,
  ...frame,
  ...inboxes,
  ...list,
  ...marks,
  ...message,
  ...ownAccount,
  ...people,
  ...thread,
} satisfies Messages
