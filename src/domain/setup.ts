/** First run: one workspace and its owner, made once in the life of a database. */
import { audited, type Trail } from '../db/queries/audit.ts'
import { storePerson } from '../db/queries/people.ts'
import {
  hasWorkspace,
  isWorkspace,
  needsSetup,
  storeFirstDepartment,
  storeFirstWorkspace,
} from '../db/queries/setup.ts'
import type { Locale } from '../db/records.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { foldedKey, nameText } from './text.ts'

export interface Setup {
  workspaceName: string
  /** The first department, so that there is somewhere for conversations to go. */
  departmentName: string
  ownerName: string
  /** Trimmed, lower case. */
  email: string
  passwordHash: string
  locale: Locale
  timeZone: string
}

export async function isSetUp(app: App): Promise<boolean> {
  const [[row]] = await app.db.read(needsSetup)
  return row?.yes !== 1
}

/** Makes the workspace, its first department and its owner. Throws `conflict` where there is a workspace already. */
export async function setUp(app: App, given: Setup, trail: Trail): Promise<void> {
  const workspaceName = required('workspaceName', given.workspaceName)
  const name = required('ownerName', given.ownerName)
  const departmentName = required('departmentName', given.departmentName)
  const now = app.now()
  const workspaceId = app.newId()
  const owner = { workspaceId, agentId: app.newId(), userId: app.newId(), accountId: app.newId(), name, now }
  const made = isWorkspace(workspaceId)
  const { email, passwordHash, locale, timeZone } = given
  await app.db.write(
    storeFirstWorkspace({ id: workspaceId, name: workspaceName, locale, timeZone, now }),
    storeFirstDepartment(
      { workspaceId, id: app.newId(), name: departmentName, nameKey: foldedKey(departmentName), now },
      made,
    ),
    ...storePerson({ ...owner, email, passwordHash, role: 'owner', locale: null }, made),
    audited(
      {
        ...{ workspaceId, id: app.newId(), actorId: owner.agentId, action: 'workspace.created', at: now, trail },
        target: { type: 'workspace', id: workspaceId },
      },
      made,
    ),
  )
  const [[stored]] = await app.db.read(hasWorkspace(workspaceId))
  if (stored?.yes !== 1) throw new AppError('conflict')
}

function required(field: string, text: string): string {
  const name = nameText(text)
  if (name === null) throw new AppError('invalid', { field, why: 'empty' })
  return name
}
