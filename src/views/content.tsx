/** What a message says: its words, its files, and everything that came with them. */
import type { Content } from '../channels/content.ts'
import type { ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Attachments } from './attachment.tsx'
import { Mark, Words } from './card.tsx'
import { FormCard, OrderCard, People, Place, PollCard } from './content-cards.tsx'
import { Chosen, OptionsFooter, OptionsHeader } from './content-options.tsx'
import { Referral, Share, Story } from './content-sources.tsx'
import { FormattedText, LinkedText, readsMarks, StyledText } from './formatted-text.tsx'
import { Icon, type IconName } from './icon.tsx'
import { deletedName, isFile, kindOf, unsupportedName } from './kind.ts'

interface OfMessage {
  i18n: I18n
  message: ThreadMessage
}

export function MessageContent({ i18n, message }: OfMessage) {
  const { content } = message
  if (message.deletedAt !== null) return <Placeholder icon="ban" text={trace(i18n, message)} />
  return (
    <>
      {content.sender && (
        <p class="bubble-sender">
          <Words>{content.sender}</Words>
        </p>
      )}
      {content.forwarded && <Mark icon="forward">{i18n.t.content.forwarded[content.forwarded]}</Mark>}
      {content.standby && <Mark icon="unplug">{i18n.t.content.standby}</Mark>}
      {content.referral && <Referral i18n={i18n} referral={content.referral} />}
      {content.story && <Story i18n={i18n} story={content.story} />}
      <OptionsHeader i18n={i18n} content={content} />
      <Attachments i18n={i18n} message={message} />
      {content.location && <Place i18n={i18n} place={content.location} />}
      {content.contacts && <People i18n={i18n} people={content.contacts} />}
      {content.poll && <PollCard i18n={i18n} poll={content.poll} />}
      {content.order && <OrderCard i18n={i18n} order={content.order} />}
      {content.form && <FormCard i18n={i18n} form={content.form} />}
      {content.share && <Share i18n={i18n} share={content.share} />}
      <Unshown i18n={i18n} message={message} />
      {content.choice && <Chosen i18n={i18n} choice={content.choice} text={wordsOf(message)} />}
      <Said message={message} />
      {content.choice?.description && (
        <p class="card-facts">
          <Words>{content.choice.description}</Words>
        </p>
      )}
      <OptionsFooter i18n={i18n} content={content} />
    </>
  )
}

/** What is left of a message that was taken back: by whom of the team and when, where it was done from here. */
function trace({ t, fill, time }: I18n, message: ThreadMessage): string {
  const { deletedAt, change } = message
  if (deletedAt === null || change?.type !== 'delete' || change.byName === null) return deletedName(t, message)
  return fill(t.changes.deletedBy, { name: change.byName, at: time(deletedAt) })
}

/** What is read out of a message that is not all words; its words stand beside it. */
export function saidBesides({ t }: I18n, message: ThreadMessage) {
  const { type, deletedAt, content, attachments } = message
  if (deletedAt !== null) return deletedName(t, message)
  if (type === 'text') return undefined
  if (content.unsupported || type === 'unsupported') return unsupportedName(t, content.unsupported?.type)
  return kindOf(t, attachments[0]?.voice ? 'voice' : type)?.name ?? unsupportedName(t, type)
}

function Said({ message }: { message: ThreadMessage }) {
  const words = wordsOf(message)
  if (words === null) return null
  return (
    <Words class="bubble-text">
      <WrittenWords message={message} words={words} />
    </Words>
  )
}

function WrittenWords({ message, words }: { message: ThreadMessage; words: string }) {
  const { styles } = message.content
  if (styles) return <StyledText text={words} styles={styles} />
  return readsMarks(message) ? <FormattedText text={words} /> : <LinkedText text={words} />
}

/** The text, where it says more than the card above it does. */
function wordsOf({ body, content }: Pick<ThreadMessage, 'body' | 'content'>): string | null {
  if (body === null) return content.choice?.title ?? null
  return saidByCards(content).includes(body) ? null : body
}

/** What WhatsApp writes under every form. */
const FORM_SENT = 'Sent'

const saidByCards = ({ location, contacts, form, share }: Content): (string | undefined)[] => [
  location?.name,
  location?.address,
  contacts?.map(({ name }) => name).join(', '),
  share?.title,
  share?.url,
  form && FORM_SENT,
]

/** Says honestly what cannot be shown, and why. */
function Unshown({ i18n, message }: OfMessage) {
  const { t, fill } = i18n
  const { type, content, attachments } = message
  const { unsupported } = content
  const kind = kindOf(t, type)
  if (type === 'media_placeholder' && attachments.length === 0)
    return <Placeholder icon="history" text={t.content.placeholder} />
  if (kind && isFile(type) && attachments.length === 0)
    return <Placeholder icon={kind.icon} text={fill(t.content.fileMissing, { kind: kind.name })} />
  if (unsupported || !kind) {
    return (
      <>
        <Placeholder
          icon="circle-question-mark"
          text={unsupportedName(t, unsupported?.type ?? (type === 'unsupported' ? undefined : type))}
        />
        {unsupported && <ProviderSays i18n={i18n} unsupported={unsupported} />}
      </>
    )
  }
  return saysNothing(message) ? <Placeholder icon={kind.icon} text={kind.name} /> : null
}

function saysNothing({ body, content, attachments }: ThreadMessage): boolean {
  const { forwarded: _, standby: __, sender: ___, album: ____, quote: _____, ...said } = content
  return body === null && attachments.length === 0 && Object.keys(said).length === 0
}

function Placeholder({ icon, text }: { icon: IconName; text: string }) {
  return (
    <p class="placeholder">
      <Icon name={icon} />
      <Words>{text}</Words>
    </p>
  )
}

function ProviderSays({
  i18n: { t, fill },
  unsupported: { code, detail },
}: {
  i18n: I18n
  unsupported: NonNullable<Content['unsupported']>
}) {
  if (!code && !detail) return null
  return (
    <details class="provider-words">
      <summary>{t.bubble.details}</summary>
      {code && (
        <p>
          <Words>{fill(t.bubble.providerCode, { code })}</Words>
        </p>
      )}
      {detail && (
        <p>
          <Words>{detail}</Words>
        </p>
      )}
    </details>
  )
}
