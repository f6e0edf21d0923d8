/** The workspaces and what stands in them before anybody writes: people, departments, inboxes. */
import { hashPassword } from 'better-auth/crypto'
import type { account, user } from '../../src/auth/schema.ts'
import type { Credentials, InboxSettings } from '../../src/channels/channel.ts'
import { seal } from '../../src/db/credentials.ts'
import type { StoredLink } from '../../src/db/queries/links.ts'
import type {
  agents,
  departmentMembers,
  departments,
  inboxAgents,
  inboxes,
  workspaces,
} from '../../src/db/schema/index.ts'
import type { Looked } from '../../src/domain/checkup.ts'
import { foldedKey } from '../../src/domain/text.ts'
import { DEMO_APP_ID, DEMO_DEPARTMENTS, DEMO_INBOXES, DEMO_PASSWORD, DEMO_PEOPLE, DEMO_SECRETS } from '../demo.ts'
import { demoId } from './identifiers.ts'
import type { InboxKey, PersonKey } from './story.ts'

export type WorkspaceKey = (typeof DEMO_PEOPLE)[number]['workspace']
type DemoInbox = (typeof DEMO_INBOXES)[number]

const WORKSPACES = [
  { key: 'prosa', name: 'Casa Aurora' },
  { key: 'eva', name: 'Ateliê da Eva' },
] as const

/** Whose numbers an app of Meta's calls for. */
const META = ['whatsapp', 'instagram', 'messenger']

export const workspaceId = (key: WorkspaceKey) => demoId('workspace', key)
export const agentId = (person: PersonKey) => demoId('agent', person)
export const departmentId = (name: string) => demoId('department', name)
export const inboxId = (key: InboxKey) => demoId('inbox', key)

export function inboxOf(key: InboxKey): DemoInbox {
  const inbox = DEMO_INBOXES.find((one) => one.key === key)
  if (!inbox) throw new Error(`There is no demo inbox ${key}.`)
  return inbox
}

const personKey = (email: string) => email.split('@')[0] as PersonKey

export async function cast({ credentialsKey, createdAt }: { credentialsKey: string; createdAt: number }) {
  return {
    workspaces: WORKSPACES.map(({ key, name }): typeof workspaces.$inferInsert => ({
      id: workspaceId(key),
      name,
      createdAt,
    })),
    ...(await people(createdAt)),
    departments: DEMO_DEPARTMENTS.map((name): typeof departments.$inferInsert => ({
      workspaceId: workspaceId('prosa'),
      id: departmentId(name),
      name,
      nameKey: foldedKey(name),
      createdAt,
    })),
    inboxes: await Promise.all(DEMO_INBOXES.map((inbox) => inboxRow(inbox, credentialsKey, createdAt))),
    inboxAgents: DEMO_PEOPLE.flatMap((person) =>
      DEMO_INBOXES.filter((inbox) => inbox.workspace === person.workspace).map(
        (inbox): typeof inboxAgents.$inferInsert => ({
          workspaceId: workspaceId(person.workspace),
          agentId: agentId(personKey(person.email)),
          inboxId: inboxId(inbox.key),
          createdAt,
        }),
      ),
    ),
  }
}

async function people(createdAt: number) {
  const times = { createdAt: new Date(createdAt), updatedAt: new Date(createdAt) }
  const people = DEMO_PEOPLE.map((person) => ({
    ...person,
    key: personKey(person.email),
    userId: demoId('user', person.email),
  }))
  return {
    users: people.map(({ userId, name, email }): typeof user.$inferInsert => ({
      id: userId,
      name,
      email,
      emailVerified: true,
      ...times,
    })),
    accounts: await Promise.all(
      people.map(
        async ({ userId }): Promise<typeof account.$inferInsert> => ({
          id: demoId('account', userId),
          accountId: userId,
          providerId: 'credential',
          userId,
          password: await hashPassword(DEMO_PASSWORD),
          ...times,
        }),
      ),
    ),
    agents: people.map(({ key, userId, workspace, name, email, role }): typeof agents.$inferInsert => ({
      workspaceId: workspaceId(workspace),
      id: agentId(key),
      userId,
      name,
      email,
      role,
      createdAt,
    })),
    departmentMembers: people.flatMap(({ key, workspace, departments }) =>
      departments.map((name): typeof departmentMembers.$inferInsert => ({
        workspaceId: workspaceId(workspace),
        agentId: agentId(key),
        departmentId: departmentId(name),
        createdAt,
      })),
    ),
  }
}

async function inboxRow(
  inbox: DemoInbox,
  credentialsKey: string,
  createdAt: number,
): Promise<typeof inboxes.$inferInsert> {
  const of = { workspaceId: workspaceId(inbox.workspace), inboxId: inboxId(inbox.key) }
  return {
    workspaceId: of.workspaceId,
    id: of.inboxId,
    channel: inbox.channel,
    name: inbox.name,
    externalAccountId: inbox.accountId,
    address: inbox.address,
    providerAppId: META.includes(inbox.channel) ? DEMO_APP_ID : null,
    webhookKey: inbox.key,
    settings: JSON.stringify(settingsOf(inbox)),
    credentials: await seal(credentialsKey, of, credentialsOf(inbox)),
    ...(inbox.channel === 'evolution' ? { checkup: JSON.stringify(linkedSince(createdAt)) } : {}),
    createdAt,
  }
}

/** Its phone has been there from the beginning, as the simulator has it. */
const linkedSince = (at: number): Omit<Looked, 'link'> & { link: StoredLink & { at: number } } => ({
  ...{ name: null, address: null, quality: null, checks: [], resubscribed: false, owesPast: false, accessEndsAt: null },
  link: { state: 'open', since: at, downSince: null, code: null, at },
})

/** What the simulator says of these accounts. */
function settingsOf(inbox: DemoInbox): InboxSettings {
  if (!META.includes(inbox.channel)) return {}
  return {
    appId: DEMO_APP_ID,
    ...(inbox.channel === 'whatsapp' ? { businessAccountId: inbox.businessAccountId } : {}),
    ...(inbox.channel === 'instagram' ? { login: 'instagram' } : {}),
  }
}

/** `appSecret` is what proves a webhook, whatever its channel calls that. */
function credentialsOf(inbox: DemoInbox): Credentials {
  const { accessToken, appSecret, verifyToken, telegramSecret } = DEMO_SECRETS
  switch (inbox.channel) {
    case 'telegram':
      return { accessToken: inbox.accessToken, appSecret: telegramSecret, verifyToken }
    case 'evolution':
      return { accessToken: inbox.accessToken, appSecret: inbox.accessToken, verifyToken }
    default:
      return { accessToken, appSecret, verifyToken }
  }
}
