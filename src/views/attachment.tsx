/** The files of a message: shown where a browser can show them safely, else named and offered for download. */
import type { Attachment, ThreadMessage } from '../db/records.ts'
import { isImmense } from '../domain/measure.ts'
import { opensInline } from '../domain/media-types.ts'
import type { I18n } from '../i18n/index.ts'
import { channelLabel } from './channel-sign.tsx'
import { Act } from './forms.tsx'
import { Icon, type IconName } from './icon.tsx'

/** The box of a picture, in pixels: as large as it fits, so that nothing moves when the picture comes. */
const BOX = { width: 320, height: 320 }
const STICKER_BOX = { width: 160, height: 160 }
/** Where nobody knows the size. */
const UNKNOWN = { width: 240, height: 180 }

const ICON_OF: Record<Attachment['kind'], IconName> = {
  image: 'image',
  video: 'video',
  audio: 'mic',
  document: 'file-text',
  sticker: 'sticker',
}

interface OfFile {
  i18n: I18n
  message: Pick<ThreadMessage, 'id' | 'conversationId' | 'channel'>
  file: Attachment
}

export function Attachments({
  i18n,
  message,
}: {
  i18n: I18n
  message: Pick<ThreadMessage, 'id' | 'conversationId' | 'channel' | 'attachments'>
}) {
  return (
    <>
      {message.attachments.map((file) => (
        <File i18n={i18n} message={message} file={file} />
      ))}
    </>
  )
}

export const mediaHref = ({ id }: Pick<Attachment, 'id'>) => `/media/${id}`

function File({ i18n, message, file }: OfFile) {
  if (file.state === 'deleted') return null
  if (file.state === 'pending') return <Pending i18n={i18n} file={file} />
  if (file.state === 'failed') return <Missing i18n={i18n} message={message} file={file} />
  if (!opensInline(file.mimeType) || isImmense(file)) return <Download i18n={i18n} file={file} />
  switch (file.kind) {
    case 'image':
      return <Picture i18n={i18n} file={file} box={BOX} />
    case 'sticker':
      return <Picture i18n={i18n} file={file} box={STICKER_BOX} />
    case 'video':
      return <Video i18n={i18n} file={file} />
    case 'audio':
      return <Sound i18n={i18n} file={file} />
    case 'document':
      return <Download i18n={i18n} file={file} />
  }
}

type Shown = Omit<OfFile, 'message'>

/** A link to the picture itself; the script shows it over the page instead. */
function Picture({ i18n: { t }, file, box }: Shown & { box: typeof BOX }) {
  const name = file.kind === 'sticker' ? t.kind.sticker : (file.fileName ?? t.kind.image)
  return (
    <a class="media media--image" href={mediaHref(file)} target="_blank" rel="noopener" data-lightbox={t.dialog.close}>
      <img src={mediaHref(file)} alt={name} loading="lazy" decoding="async" {...fitted(file, box)} />
    </a>
  )
}

function Video({ i18n: { t }, file }: Shown) {
  return (
    <video
      class="media media--video"
      src={mediaHref(file)}
      aria-label={t.kind.video}
      controls
      playsinline
      preload="none"
      {...fitted(file, BOX)}
    />
  )
}

function Sound({ i18n: { t, fill }, file }: Shown) {
  const name = file.voice ? t.kind.voice : (file.fileName ?? t.kind.audio)
  return (
    <div class="media media--audio" data-voice={file.voice ? '' : undefined}>
      {file.voice ? (
        <Icon name="mic" label={name} />
      ) : (
        <bdi class={file.fileName ? 'media-name media-title' : 'visually-hidden'} hx-ignore>
          {name}
        </bdi>
      )}
      {/* biome-ignore lint/a11y/useMediaCaption: what customers say has no captions */}
      <audio src={mediaHref(file)} aria-label={name} controls preload="none" />
      <button
        type="button"
        class="button button--small media-speed"
        data-needs-script
        data-speed
        title={t.media.speed}
        aria-label={fill(t.media.speedIs, { speed: '1' })}
        data-label={t.media.speedIs}
      >
        1×
      </button>
      {file.duration !== null && <span class="media-facts">{clockOf(file.duration)}</span>}
    </div>
  )
}

function Download({ i18n, file }: Shown) {
  const { t } = i18n
  return (
    <a class="media media--document" href={`${mediaHref(file)}?download`} download hx-boost="false">
      <Icon name={ICON_OF[file.kind]} />
      <span>
        <bdi class="media-name" hx-ignore>
          {file.fileName ?? t.kind[file.kind]}
        </bdi>
        <span class="media-facts">
          {file.size !== null && sizeOf(i18n, file.size)} {t.media.download}
        </span>
      </span>
    </a>
  )
}

/** It is being fetched: the message came at once, its file follows. */
function Pending({ i18n: { t }, file }: Shown) {
  return (
    <p class="media media--pending">
      <Icon name={ICON_OF[file.kind]} label={t.kind[file.voice ? 'voice' : file.kind]} />
      <span>
        {file.fileName && (
          <bdi class="media-name" hx-ignore>
            {file.fileName}
          </bdi>
        )}
        <span class="media-facts">{t.media.pending}</span>
      </span>
    </p>
  )
}

/** What is too large stays so, however often it is asked for. */
function Missing({ i18n, message, file }: OfFile) {
  const { t, fill } = i18n
  const tooLarge = file.errorCode === 'too_large'
  return (
    <div class="media media--missing">
      <p>
        <Icon name={ICON_OF[file.kind]} label={t.kind[file.voice ? 'voice' : file.kind]} />
        <strong>{t.media.unavailable}</strong>
      </p>
      {file.fileName && (
        <bdi class="media-name" hx-ignore>
          {file.fileName}
        </bdi>
      )}
      {tooLarge ? (
        <p class="media-facts">
          {fill(t.media.tooLarge, {
            size: file.size === null ? '?' : sizeOf(i18n, file.size),
            channel: channelLabel(i18n, message.channel),
          })}
        </p>
      ) : (
        <FetchAgain i18n={i18n} message={message} file={file} />
      )}
    </div>
  )
}

function FetchAgain({ i18n: { t }, message, file }: OfFile) {
  return (
    <Act action={`/conversations/${message.conversationId}/messages/${message.id}/attachments/${file.id}/attempts`}>
      <button type="submit" class="button button--small">
        <Icon name="refresh-cw" />
        {t.media.fetchAgain}
      </button>
    </Act>
  )
}

/** As large as it fits into the box, in its own shape. */
function fitted({ width, height }: Pick<Attachment, 'width' | 'height'>, box: typeof BOX) {
  if (!width || !height)
    return { width: Math.min(UNKNOWN.width, box.width), height: Math.min(UNKNOWN.height, box.height) }
  const scale = Math.min(1, box.width / width, box.height / height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** 75 s → 1:15 */
const clockOf = (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`

const UNITS = ['B', 'KB', 'MB', 'GB'] as const

/** 1,4 MB, in the language's own numbers. */
export function sizeOf({ locale }: Pick<I18n, 'locale'>, bytes: number): string {
  const power = UNITS.findLastIndex((_, at) => at === 0 || bytes >= 1_024 ** at)
  const value = bytes / 1_024 ** power
  return `${value.toLocaleString(locale, { maximumFractionDigits: value < 10 && power > 0 ? 1 : 0 })} ${UNITS[power]}`
}
