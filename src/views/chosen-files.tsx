/** What is chosen for an answer and not sent yet, and the ways to choose: part of the composer. */
import { assets } from '../../dist/manifest.ts'
import type { Limits } from '../channels/limits.ts'
import type { Upload } from '../db/queries/uploads.ts'
import type { I18n } from '../i18n/index.ts'
import { sizeOf } from './attachment.tsx'
import { Icon, type IconName } from './icon.tsx'

export interface ChosenFilesProps {
  i18n: I18n
  conversationId: string
  uploads: Upload[]
}

const pathOf = (conversationId: string) => `/conversations/${conversationId}/uploads`

export function ChosenFiles({ i18n, conversationId, uploads }: ChosenFilesProps) {
  return (
    <ul id="composer-files" class="chosen" aria-label={i18n.t.files.chosen}>
      {uploads.map((upload) => (
        <ChosenFile i18n={i18n} conversationId={conversationId} upload={upload} />
      ))}
    </ul>
  )
}

export function ChosenFile({ i18n, conversationId, upload }: Omit<ChosenFilesProps, 'uploads'> & { upload: Upload }) {
  const { t, fill } = i18n
  const name = nameOf(i18n, upload)
  return (
    <li class="chosen-file" data-upload={upload.id}>
      <input type="hidden" name="uploadId" value={upload.id} />
      <FileLine i18n={i18n} upload={upload} />
      <button
        type="submit"
        class="icon-button"
        name="_method"
        value="DELETE"
        formaction={`${pathOf(conversationId)}/${upload.id}`}
        formnovalidate
        data-unchoose={`${pathOf(conversationId)}/${upload.id}`}
        aria-label={fill(t.files.remove, { name })}
        title={fill(t.files.remove, { name })}
      >
        <Icon name="x" />
      </button>
    </li>
  )
}

const nameOf = ({ t }: I18n, { voice, fileName, kind }: Upload) => (voice ? t.kind.voice : (fileName ?? t.kind[kind]))

const ICON_OF: Record<Upload['kind'], IconName> = {
  image: 'image',
  audio: 'mic',
  video: 'video',
  document: 'file-text',
  sticker: 'file-text',
}

/** What it is, how it is called, how large it is. */
export function FileLine({ i18n, upload }: { i18n: I18n; upload: Upload }) {
  return (
    <>
      <Icon name={ICON_OF[upload.kind]} />
      <bdi class="media-name" hx-ignore>
        {nameOf(i18n, upload)}
      </bdi>
      <span class="media-facts">{sizeOf(i18n, upload.size)}</span>
    </>
  )
}

/** Why a file was not taken, in the place where it stood. */
export function FileProblem({ text }: { text: string }) {
  return (
    <p class="chosen-problem" role="alert">
      {text}
    </p>
  )
}

/** Buttons to attach and to record; without script a form of its own sends the file. Stands beside the text. */
export function FileButtons({ i18n: { t, fill }, conversationId, limits }: FileButtonsProps) {
  const accepted = [...new Set(Object.values(limits.files).flatMap((limit) => limit?.types ?? []))]
  if (accepted.length === 0) return null
  return (
    <>
      <button
        type="button"
        id="attach"
        class="icon-button"
        data-needs-script
        data-uploads={pathOf(conversationId)}
        data-limits={JSON.stringify(limits.files)}
        data-most={String(MOST_FILES)}
        data-too-many={fill(t.errors.too_many_files.detailed, { limit: MOST_FILES })}
        data-too-large={t.errors.file_too_large.detailed}
        data-wrong-type={t.errors.file_type.detailed}
        data-failed={t.files.failed}
        data-cancel={t.files.cancel}
        aria-label={t.files.attach}
        title={t.files.attach}
      >
        <Icon name="paperclip" />
      </button>
      <input id="attach-input" type="file" multiple hidden />
      {(limits.voice ?? limits.files.audio) && (
        <button
          type="button"
          id="record"
          class="icon-button"
          data-needs-script
          data-script={assets.recorder}
          data-types={JSON.stringify((limits.voice ?? limits.files.audio)?.types ?? [])}
          data-words={JSON.stringify(t.recorder)}
          aria-label={t.recorder.record}
          title={t.recorder.record}
        >
          <Icon name="mic" />
        </button>
      )}
    </>
  )
}

interface FileButtonsProps {
  i18n: I18n
  conversationId: string
  limits: Pick<Limits, 'files' | 'voice'>
}

const MOST_FILES = 10

/** Where there is no script: the file is chosen first, then the answer is sent. Stands beside the composer's form, not in it. */
export function PlainUpload({ i18n: { t }, conversationId }: Omit<ChosenFilesProps, 'uploads'>) {
  return (
    <form
      class="plain-upload"
      method="post"
      enctype="multipart/form-data"
      action={pathOf(conversationId)}
      hx-boost="false"
    >
      <label>
        {t.files.attach}
        <input type="file" name="file" multiple required />
      </label>
      <button type="submit" class="button button--small">
        {t.files.add}
      </button>
    </form>
  )
}
