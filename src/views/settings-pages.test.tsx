/** @jsxImportSource hono/jsx */

import { describePages } from '../../test/support/pages.tsx'
import { RetentionDialog } from './retention.tsx'
import { AuditPage } from './settings-audit.tsx'
import { InboxRemovalPage } from './settings-inbox-states.tsx'
import { AllLettersPage } from './settings-letters.tsx'
import { ErasurePage, PrivacyPage } from './settings-privacy.tsx'
import { ProfilePage } from './settings-profile.tsx'
import { StartPage } from './settings-start.tsx'
import { StatusPage } from './settings-status.tsx'
import { ana, i18n, NOON } from './test-cast.ts'

const ERASURE = {
  ...{ id: 'e1', contact_id: 'c1', requested_by_id: 'a1', requested_by: 'Ana', requested_at: NOON, step: 'done' },
  ...{ cursor: '', subject: null, counts: '{"messages":9,"comments":1}', finished_at: NOON },
}

describePages({
  start: (
    <StartPage
      i18n={i18n}
      viewer={ana}
      started={{ departments: 2, inboxes: 0, people: 1, quickReplies: 0 }}
      demonstration={{ loaded: 0, offered: 1, conversations: 0 }}
    />
  ),
  'start with a demonstration': (
    <StartPage
      i18n={i18n}
      viewer={ana}
      started={{ departments: 1, inboxes: 0, people: 1, quickReplies: 0 }}
      demonstration={{ loaded: 1, offered: 0, conversations: 14 }}
    />
  ),
  profile: (
    <ProfilePage
      i18n={i18n}
      viewer={ana}
      sessions={[
        { id: 's', createdAt: NOON, lastSeenAt: NOON, current: true, userAgent: null },
        { id: 'r', createdAt: NOON, lastSeenAt: NOON, current: false, userAgent: 'Fox <7>' },
      ]}
      twoFactor={false}
      done="password"
      refused={{ form: 'next', problem: { code: 'invalid', details: { why: 'common' } }, value: '' }}
    />
  ),
  privacy: <PrivacyPage i18n={i18n} viewer={ana} erasures={[ERASURE]} retention={90} choices={[0, 90, 180]} />,
  erasure: <ErasurePage i18n={i18n} viewer={ana} erasure={ERASURE} />,
  'retention dialog': (
    <RetentionDialog
      i18n={i18n}
      days={90}
      was={0}
      going={{ conversations: 2, messages: 10_001, files: 0 }}
      mostCounted={10_000}
      changed
    />
  ),
  audit: (
    <AuditPage
      i18n={i18n}
      viewer={ana}
      fields={{ who: 'system', what: 'session.refused', from: '2026-11-20', until: '', target: 'bruno' }}
      entries={[
        {
          id: 'l1',
          at: NOON,
          actor: { id: 'ana', name: 'Ana' },
          action: 'agent.role_changed',
          target: { type: 'agent', id: 'bruno', name: 'Bruno', role: 'agent', placeId: null },
          detail: { from: 'agent', to: 'admin' },
        },
        { id: 'l2', at: NOON, actor: null, action: 'access.denied', target: null, detail: { method: 'GET' } },
      ]}
      actors={[{ id: 'bruno', name: 'Bruno' }]}
      names={new Map()}
      older="/settings/audit?before=1-a"
      isLater
    />
  ),
  status: (
    <StatusPage
      i18n={i18n}
      viewer={ana}
      inboxes={[
        {
          ...{ id: 'n1', channel: 'whatsapp', name: 'Loja', address: '+55', status: 'active', statusReason: null },
          ...{ departmentId: null, departmentName: null, agents: 1, version: 1, link: null, accessEndsAt: NOON },
          health: {
            ...{ pending: 3, waiting: 2, dead: 1, orphans: 4, erased: 5, oldestAt: NOON, lagMs: 90_000 },
            ...{ refused: false, lastInAt: NOON, lastOutAt: null },
          },
          outbox: { queued: 1, queuedAt: NOON, unknown: 2, failed: 0, most: 100 },
        },
      ]}
      sweptAt={NOON - 600_000}
      files={{ files: 3, bytes: 4_000_000_000 }}
      database={{ pages: 12, bytes: 49_152 }}
      dumps={[
        { at: NOON + 1, key: 'dumps/w/2', rows: 2_345, bytes: 0, sha256: '', failed: null, isWhole: false },
        { at: NOON, key: null, rows: 0, bytes: 0, sha256: '', failed: 'cut_off', isWhole: false },
        { at: NOON - 1e8, key: 'dumps/w/1', rows: 12_345, bytes: 49_152, sha256: 'ab12', failed: null, isWhole: true },
      ]}
      build={{ version: '1.0.0', commit: 'abc', compatibilityDate: '2026-10-20' }}
      schema={{ known: '0013_accounts', newest: '0013_accounts' }}
      now={NOON}
    />
  ),
  letters: (
    <AllLettersPage
      i18n={i18n}
      viewer={ana}
      inboxes={[{ id: 'n1', name: 'Loja' }]}
      letters={[
        { id: 1, kind: 'status', receivedAt: NOON, tries: 8, reason: 'TypeError', inbox: { id: 'n1', name: 'Loja' } },
      ]}
      reasons={['TypeError']}
      chosen={{ inbox: '', reason: 'TypeError' }}
      unheard={['Loja']}
      withoutReason
    />
  ),
  removal: (
    <InboxRemovalPage
      i18n={i18n}
      inbox={{ id: 'n1', name: 'Loja', status: 'active' }}
      uses={{ open: 1, closed: 10_001, contacts: 2, messages: 3, mostCounted: 10_000, siblings: ['Outra'] }}
    />
  ),
})
