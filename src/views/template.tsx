/** What fills a template that was chosen: its header's file or place, its blanks, and how it will be read. */
import type { FileLimit } from '../channels/limits.ts'
import type { Upload } from '../db/queries/uploads.ts'
import { readableLimit } from '../domain/file-limits.ts'
import type { Blank, HeaderMedia, Template } from '../domain/template-text.ts'
import type { I18n } from '../i18n/index.ts'
import { FileLine } from './chosen-files.tsx'
import { Field, type FieldProblem, PlaceFields } from './compose.tsx'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { COMPOSE_FORM, LivePreview, type Previewed } from './preview.tsx'
import { templatePath, templatesPath } from './templates.tsx'

export interface TemplateProps {
  i18n: I18n
  conversationId: string
  template: Template
  blanks: Blank[]
  /** What its header's file must be; null: it has none. */
  media: { kind: HeaderMedia; limit: FileLimit | null } | null
  /** What is chosen for it. */
  file: Upload | null
  asksForPlace: boolean
  /** It cannot be sent from here at all. */
  blocked: boolean
  typed: Readonly<Record<string, string>>
  clientKey: string
  problem: FieldProblem | null
  said: Previewed
  now: number
}

export function TemplateDialog(props: TemplateProps) {
  const { i18n, conversationId, template, blanks, media, blocked, clientKey, problem } = props
  const { t, fill } = i18n
  const path = templatePath(conversationId, template.id)
  const hasHeader = media !== null || props.asksForPlace
  return (
    <DialogPage i18n={i18n} title={template.name} back={`/conversations/${conversationId}`}>
      {media?.limit && !blocked && <HeaderFileForm {...props} {...media} limit={media.limit} />}
      <form {...postsFromDialog(path)} id={COMPOSE_FORM} class="stack">
        <input type="hidden" name="clientKey" value={clientKey} />
        {problem && (
          <p id="compose-problem" class="field-problem" role="alert">
            {problem.text}
          </p>
        )}
        {props.asksForPlace && <PlaceFields i18n={i18n} typed={props.typed} problem={problem} whole />}
        {blanks.map(({ key, part, name }, at) => (
          <Field
            i18n={i18n}
            typed={props.typed}
            problem={problem}
            name={key}
            label={fill(t.templates[part === 'body' ? 'variable' : part], { name })}
            first={at === 0 && !hasHeader}
          />
        ))}
        <LivePreview i18n={i18n} said={props.said} now={props.now} href={`${path}/preview`} />
        {blocked && <p class="notice-line">{t.templates.blocked}</p>}
        <div class="dialog-acts">
          <DialogLink class="button" href={templatesPath(conversationId)}>
            {t.templates.other}
          </DialogLink>
          {blocked ? (
            <DialogDismissal back={`/conversations/${conversationId}`}>{t.dialog.close}</DialogDismissal>
          ) : (
            <button type="submit" class="button button--primary">
              {t.compose.send}
            </button>
          )}
        </div>
      </form>
    </DialogPage>
  )
}

/** Sends the file ahead of the rest: a script as soon as it is chosen, a form of its own where there is none. */
function HeaderFileForm({ i18n, conversationId, template, kind, limit, file, problem }: HeaderFileFormProps) {
  const { t, fill } = i18n
  const path = `${templatePath(conversationId, template.id)}/file`
  const wrong = problem?.field === 'media'
  return (
    <section class="header-file">
      <form class="field" method="post" action={path} enctype="multipart/form-data" hx-boost="false">
        <label for="header-file">{t.templates.file[kind]}</label>
        <input
          type="file"
          id="header-file"
          name="file"
          accept={limit.types.join()}
          required
          autofocus
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby={wrong ? 'compose-problem header-file-hint' : 'header-file-hint'}
          data-uploads={path}
          data-limits={JSON.stringify({ [kind]: limit })}
          data-too-large={t.errors.file_too_large.detailed}
          data-wrong-type={t.templates.wrongFile[kind]}
          data-failed={t.files.failed}
          data-cancel={t.files.cancel}
        />
        <span id="header-file-hint" class="faint">
          {fill(t.compose.upTo, { limit: readableLimit(limit.bytes) })}
        </span>
        <button type="submit" class="button button--small">
          {t.files.add}
        </button>
      </form>
      <ul id="header-files" class="chosen" aria-label={t.files.chosen} aria-live="polite">
        {file && <HeaderFile i18n={i18n} upload={file} />}
      </ul>
    </section>
  )
}

interface HeaderFileFormProps extends Omit<TemplateProps, 'media'> {
  kind: HeaderMedia
  limit: FileLimit
}

/** The file that goes along; another one that is chosen takes its place. */
export function HeaderFile({ i18n, upload }: { i18n: I18n; upload: Upload }) {
  return (
    <li class="chosen-file" data-upload={upload.id}>
      <input type="hidden" name="uploadId" value={upload.id} form={COMPOSE_FORM} />
      <FileLine i18n={i18n} upload={upload} />
    </li>
  )
}
