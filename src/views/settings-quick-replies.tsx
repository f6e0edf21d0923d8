/** Words at hand, as they are kept: the list, the form of one, and its files. */
import type { QuickReplyFile, QuickReplyRow } from '../db/queries/quick-replies.ts'
import type { Viewer } from '../db/records.ts'
import { VARIABLES } from '../domain/variables.ts'
import type { I18n } from '../i18n/index.ts'
import { sizeOf } from './attachment.tsx'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { messageError, type Problem } from './errors.tsx'
import { Override } from './forms.tsx'
import { drawsPage, ExplainedField, SettingsPage } from './settings-page.tsx'

const PATH = '/settings/quick-replies'

export interface QuickReplyEntry extends Pick<QuickReplyRow, 'id' | 'scope' | 'shortcut' | 'body' | 'uses' | 'files'> {
  departmentName: string | null
  mayChange: boolean
}

interface ListProps {
  i18n: I18n
  viewer: Viewer
  replies: QuickReplyEntry[]
  /** What is searched for. */
  words: string
  /** There are others than these. */
  more: boolean
}

export function QuickRepliesPage({ i18n, viewer, replies, words, more }: ListProps) {
  const t = i18n.t.quickReplies
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/quick-replies" title={t.title}>
      <p>{t.intro}</p>
      <p class="faint">{t.nearest}</p>
      <form class="settings-line" method="get" action={PATH}>
        <div class="settings-field">
          <label class="field" for="quick-reply-search">
            <span>{t.search}</span>
            <input id="quick-reply-search" type="search" name="q" value={words} maxlength={100} autocomplete="off" />
          </label>
        </div>
        <button type="submit" class="button">
          {t.submitSearch}
        </button>
        <a class="button button--primary" href={`${PATH}/new`}>
          {t.create}
        </a>
      </form>
      {replies.length === 0 && <p class="faint">{words === '' ? t.none : t.noneFound}</p>}
      <ul class="people">
        {replies.map((reply) => (
          <ListItem i18n={i18n} reply={reply} />
        ))}
      </ul>
      {more && <p class="faint">{t.more}</p>}
    </SettingsPage>
  )
}

function ListItem({ i18n, reply }: { i18n: I18n; reply: QuickReplyEntry }) {
  const t = i18n.t.quickReplies
  const facts = [
    ownerName(i18n, reply),
    ...(reply.uses > 0 ? [i18n.count(t.uses, reply.uses)] : []),
    ...(reply.files > 0 ? [i18n.count(t.files, reply.files)] : []),
  ]
  return (
    <li class="person" data-quick-reply-id={reply.id}>
      <div class="person-who">
        <p class="person-name">
          <bdi hx-ignore>/{reply.shortcut}</bdi>
        </p>
        <p class="quick-reply-words">
          <bdi dir="auto" hx-ignore>
            {reply.body}
          </bdi>
        </p>
        <p class="faint">
          <bdi>{facts.join(' · ')}</bdi>
        </p>
      </div>
      {reply.mayChange && (
        <a
          class="button button--small"
          href={`${PATH}/${reply.id}`}
          aria-label={i18n.fill(t.editNamed, { name: `/${reply.shortcut}` })}
        >
          {i18n.t.tags.edit}
        </a>
      )}
    </li>
  )
}

export const ownerName = (
  { t }: I18n,
  { scope, departmentName }: { scope: QuickReplyRow['scope']; departmentName: string | null },
) => (scope === 'personal' ? t.quickReplies.personal : (departmentName ?? t.quickReplies.workspace))

export interface QuickReplyTyped {
  shortcut: string
  body: string
  owner: string
}

interface FormProps {
  i18n: I18n
  viewer: Viewer
  /** Null: it is to be made. */
  reply: (QuickReplyEntry & { version: number }) | null
  /** The id that a new one will have: submitted twice, it is one. */
  newId: string
  typed: QuickReplyTyped
  /** Whose a new one may become, beside one's own and everyone's. */
  departments: { id: string; name: string }[]
  files: QuickReplyFile[]
  mostFiles: number
  problem?: Problem | undefined
  fileProblem?: string | undefined
}

export function QuickReplyPage(props: FormProps) {
  const { i18n, viewer, reply } = props
  const t = i18n.t.quickReplies
  const title = reply ? i18n.fill(t.edit, { name: `/${reply.shortcut}` }) : t.create
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/quick-replies" title={title}>
      <WordsForm {...props} />
      {reply ? <Files {...props} replyId={reply.id} /> : <p class="faint">{t.fileFirst}</p>}
      {reply && (
        <p>
          <DialogLink class="button" href={`${PATH}/${reply.id}/removal`}>
            {i18n.fill(t.removal, { name: `/${reply.shortcut}` })}
          </DialogLink>
        </p>
      )}
    </SettingsPage>
  )
}

function WordsForm({ i18n, viewer, reply, newId, typed, departments, problem }: FormProps) {
  const t = i18n.t.quickReplies
  const told = (field: string) => (problem && problemField(problem) === field ? problemWords(i18n, problem) : null)
  const names = Object.values(VARIABLES).map((words) => `{{${words[i18n.locale]}}}`)
  return (
    <form {...drawsPage(reply ? `${PATH}/${reply.id}` : PATH)} class="stack quick-reply-form" novalidate>
      <Override method={reply ? 'PUT' : 'POST'} />
      {reply ? (
        <input type="hidden" name="version" value={reply.version} />
      ) : (
        <input type="hidden" name="id" value={newId} />
      )}
      {reply ? (
        <p>
          {t.owner}: <bdi hx-ignore>{ownerName(i18n, reply)}</bdi>
        </p>
      ) : (
        <label class="field">
          <span>{t.owner}</span>
          <select name="owner">
            <option value="personal">{t.personal}</option>
            {viewer.role !== 'agent' && (
              <>
                {departments.map(({ id, name }) => (
                  <option value={id} selected={typed.owner === id}>
                    {name}
                  </option>
                ))}
                <option value="workspace" selected={typed.owner === 'workspace'}>
                  {t.workspace}
                </option>
              </>
            )}
          </select>
        </label>
      )}
      <ExplainedField id="quick-reply-shortcut" label={t.shortcut} hint={t.shortcutHint} problem={told('shortcut')}>
        <input
          id="quick-reply-shortcut"
          name="shortcut"
          value={typed.shortcut}
          maxlength={200}
          required
          spellcheck={false}
          aria-describedby="quick-reply-shortcut-hint quick-reply-shortcut-problem"
          aria-invalid={told('shortcut') ? 'true' : undefined}
        />
      </ExplainedField>
      <ExplainedField
        id="quick-reply-body"
        label={t.body}
        hint={i18n.fill(t.variables, { list: i18n.list(names), example: `{{${t.example}}}` })}
        problem={told('body')}
      >
        <textarea
          id="quick-reply-body"
          name="body"
          rows={6}
          dir="auto"
          required
          aria-describedby="quick-reply-body-hint quick-reply-body-problem"
          aria-invalid={told('body') ? 'true' : undefined}
        >
          {`\n${typed.body}`}
        </textarea>
      </ExplainedField>
      <p>
        <button type="submit" class="button button--primary">
          {t.save}
        </button>
      </p>
    </form>
  )
}

const problemField = ({ code, details }: Problem) => (code === 'conflict' ? 'body' : String(details?.field ?? 'body'))

function problemWords(i18n: I18n, problem: Problem): string {
  const { t, fill } = i18n
  if (problem.code === 'conflict') return t.settings.changed
  const { details = {} } = problem
  const said: Record<string, string> = t.quickReplies.problem
  const words = said[String(details.why)]
  return words ? fill(words, details) : messageError(i18n, problem)
}

function Files({ i18n, files, mostFiles, fileProblem, replyId }: FormProps & { replyId: string }) {
  const t = i18n.t.quickReplies
  const path = `${PATH}/${replyId}/files`
  return (
    <section class="stack" aria-labelledby="quick-reply-files">
      <h2 id="quick-reply-files">{t.filesTitle}</h2>
      <p class="faint">{i18n.fill(t.filesHint, { n: mostFiles })}</p>
      <ul class="people">
        {files.map((file) => {
          const name = file.file_name ?? file.mime_type
          return (
            <li class="person">
              <p class="person-who">
                <bdi hx-ignore>{name}</bdi> <span class="faint">{sizeOf(i18n, file.size)}</span>
              </p>
              <form {...drawsPage(`${path}/${file.id}`)}>
                <Override method="DELETE" />
                <button type="submit" class="button button--small" aria-label={i18n.fill(t.removeFile, { name })}>
                  {i18n.t.settings.remove}
                </button>
              </form>
            </li>
          )
        })}
      </ul>
      {files.length < mostFiles && (
        <form class="settings-line" method="post" enctype="multipart/form-data" action={path} hx-boost="false">
          <div class="settings-field">
            <label class="field" for="quick-reply-file">
              <span>{t.addFile}</span>
              <input
                id="quick-reply-file"
                type="file"
                name="file"
                required
                aria-describedby="quick-reply-file-problem"
                aria-invalid={fileProblem ? 'true' : undefined}
              />
            </label>
            <p id="quick-reply-file-problem" class="field-problem" role="alert">
              {fileProblem}
            </p>
          </div>
          <button type="submit" class="button">
            {i18n.t.settings.add}
          </button>
        </form>
      )}
    </section>
  )
}

export function QuickReplyRemovalPage({ i18n, reply }: { i18n: I18n; reply: { id: string; shortcut: string } }) {
  const { t, fill } = i18n
  const path = `${PATH}/${reply.id}`
  return (
    <DialogPage i18n={i18n} title={fill(t.quickReplies.removal, { name: `/${reply.shortcut}` })} back={path}>
      <form {...postsFromDialog(path)} class="stack">
        <Override method="DELETE" />
        <p>{t.quickReplies.removalHint}</p>
        <div class="dialog-acts">
          <DialogDismissal back={path}>{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.tags.delete}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}
