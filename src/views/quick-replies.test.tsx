/** @jsxImportSource hono/jsx */

import { describePages } from '../../test/support/pages.tsx'
import { QuickReplyChoicePage } from './quick-replies.tsx'
import { QuickRepliesPage, QuickReplyPage, QuickReplyRemovalPage } from './settings-quick-replies.tsx'
import { ana, i18n } from './test-cast.ts'

const quickReply = {
  ...{ id: 'q1', scope: 'department' as const, departmentName: 'Suporte', shortcut: 'oi', body: 'Olá, {{nome}}!' },
  ...{ uses: 3, files: 1, mayChange: true },
} as const

const offered = { ...quickReply, text: 'Olá, Maria!' }

describePages({
  'quick replies': (
    <QuickRepliesPage i18n={i18n} viewer={ana} replies={[quickReply, { ...quickReply, id: 'q2' }]} words="oi" more />
  ),
  'no quick reply': <QuickRepliesPage i18n={i18n} viewer={ana} replies={[]} words="" more={false} />,
  'a quick reply': (
    <QuickReplyPage
      i18n={i18n}
      viewer={ana}
      reply={{ ...quickReply, version: 1 }}
      newId=""
      typed={{ shortcut: 'oi', body: '', owner: '' }}
      departments={[]}
      files={[{ id: 'f1', mime_type: 'text/plain', file_name: 'tabela.txt', size: 12, object_key: 'k' }]}
      mostFiles={5}
      problem={{ code: 'invalid', details: { field: 'body', why: 'blank' } }}
    />
  ),
  'a new quick reply': (
    <QuickReplyPage
      i18n={i18n}
      viewer={ana}
      reply={null}
      newId="q3"
      typed={{ shortcut: '', body: '', owner: 'personal' }}
      departments={[{ id: 'd1', name: 'Suporte' }]}
      files={[]}
      mostFiles={5}
    />
  ),
  'removing a quick reply': <QuickReplyRemovalPage i18n={i18n} reply={{ id: 'q1', shortcut: 'oi' }} />,
  'choosing a quick reply': (
    <QuickReplyChoicePage i18n={i18n} conversationId="c1" replies={[offered]} words="" contactName="Maria Souza" />
  ),
})
