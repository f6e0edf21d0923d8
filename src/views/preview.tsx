/** A message as it will stand in the thread, before it is sent: drawn by what draws it there. */
import type { Content } from '../channels/content.ts'
import type { Upload } from '../db/queries/uploads.ts'
import type { Attachment, ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Bubble } from './bubble.tsx'

export interface Previewed {
  channel: ThreadMessage['channel']
  type: string
  body: string | null
  content: Content
  /** What is chosen to go along. */
  files?: Upload[]
}

/** `now`: when it would be sent. */
export function Preview({ i18n, said, now }: { i18n: I18n; said: Previewed | null; now: number }) {
  return (
    <div id="preview" class="preview">
      {said && <Bubble i18n={i18n} message={asMessage({ ...said, content: named(i18n, said.content) }, now)} />}
    </div>
  )
}

/** The form that a preview looks at. */
export const COMPOSE_FORM = 'compose-form'

/** The frame around it, which asks for it anew while the form is filled in. */
export function LivePreview({
  i18n,
  said,
  now,
  href,
}: {
  i18n: I18n
  said: Previewed | null
  now: number
  href: string
}) {
  return (
    <section
      class="preview-frame"
      aria-labelledby="preview-title"
      hx-post={href}
      hx-trigger={`input delay:200ms from:#${COMPOSE_FORM}`}
      hx-include={`#${COMPOSE_FORM}`}
      hx-target="find #preview"
      hx-swap="outerHTML"
      hx-sync="this:replace"
    >
      <h2 id="preview-title">{i18n.t.compose.preview}</h2>
      <Preview i18n={i18n} said={said} now={now} />
    </section>
  )
}

/** What opens a list is called something, also before that is written. */
const named = ({ t }: I18n, { list, ...content }: Content): Content =>
  list ? { ...content, list: { ...list, button: list.button || t.compose.list } } : content

const asMessage = ({ channel, type, body, content, files = [] }: Previewed, now: number): ThreadMessage => ({
  ...{ id: 'preview', conversationId: '', kind: 'message', direction: 'outgoing', channel },
  ...{ type, body, content },
  ...{
    attachments: files.map(asAttachment),
    reactions: [],
    editedAt: null,
    deletedAt: null,
    occurredAt: now,
    ingestOrd: 0,
    seq: 0,
  },
  ...{
    authorId: null,
    authorName: null,
    clientKey: null,
    automatic: null,
    state: 'queued',
    attempt: null,
    change: null,
  },
  ...{ sentAt: null, possiblyDoubled: false, replyTo: null, supersededById: null, detail: null, comment: null },
})

/** It keeps its id when it is sent, and is served by it before. */
const asAttachment = (upload: Upload): Attachment => ({
  ...upload,
  ...{ animated: false, state: 'stored', errorCode: null },
})
