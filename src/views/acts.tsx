/** The dialogs of a conversation: how it is closed, and to whom it goes. Each is a page of its own, too. */
import type { ConversationHead } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { contactNameOf } from './conversation-row.tsx'
import { messageError, type Problem } from './errors.tsx'
import { Act, Override } from './forms.tsx'
import { Icon } from './icon.tsx'
import { Preview, type Previewed } from './preview.tsx'

interface DialogProps {
  i18n: I18n
  conversation: ConversationHead
  problem?: Problem | undefined
  /** It moved while this was open: what is there now is shown, and what was typed is kept. */
  changed?: boolean
}

function Changed({ i18n: { t } }: { i18n: I18n }) {
  return (
    <p class="banner" role="alert">
      <Icon name="triangle-alert" />
      <span>{t.acts.changed}</span>
    </p>
  )
}

interface ClosureProps extends DialogProps {
  reasons: { id: string; name: string }[]
  clientKey: string
  /** As it was typed, where it is shown again. */
  farewell?: string
  /** How that would read; null: nothing is said. */
  preview: Previewed | null
  now: number
  reasonId?: string
}

export function ClosureDialog({
  i18n,
  conversation,
  reasons,
  clientKey,
  farewell = '',
  preview,
  now,
  reasonId = '',
  problem,
  changed = false,
}: ClosureProps) {
  const { t } = i18n
  const action = `/conversations/${conversation.id}/closure`
  return (
    <form
      id="closure-form"
      class="sheet stack"
      method="post"
      action={action}
      hx-post={action}
      hx-target="#dialog"
      hx-swap="innerHTML"
      hx-sync="this:drop"
      hx-disable="find button[type=submit]"
      novalidate
    >
      <h1 id="dialog-title">{t.acts.close}</h1>
      <p>
        <bdi hx-ignore>{contactNameOf(i18n, conversation)}</bdi>
      </p>
      {changed && <Changed i18n={i18n} />}
      <input type="hidden" name="clientKey" value={clientKey} />
      <input type="hidden" name="version" value={conversation.version} />
      <input type="hidden" name="seq" value={conversation.seq} />
      {reasons.length > 0 && (
        <label class="field">
          <span>{t.acts.closeReason}</span>
          <select
            name="reasonId"
            hx-post={`${action}/farewell`}
            hx-vals={'{"chosen":"1"}'}
            hx-swap="none"
            hx-sync="this:replace"
          >
            <option value="">{t.acts.noReason}</option>
            {reasons.map(({ id, name }) => (
              <option value={id} selected={id === reasonId}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="field" for="farewell">
        <span>{t.acts.farewell}</span>
        <Farewell text={farewell} refused={problem !== undefined} />
      </label>
      <p id="farewell-hint" class="faint">
        {t.acts.farewellHint}
      </p>
      <p id="farewell-problem" class="field-problem" role="alert">
        {problem && messageError(i18n, problem)}
      </p>
      <div
        class="preview-frame"
        hx-post={`${action}/farewell`}
        hx-trigger="input delay:200ms from:#closure-form target:#farewell"
        hx-include="#closure-form"
        hx-swap="none"
        hx-sync="this:replace"
      >
        <Preview i18n={i18n} said={preview} now={now} />
      </div>
      <DialogActs i18n={i18n} conversationId={conversation.id} submit={t.acts.closeSubmit} />
    </form>
  )
}

function Farewell({ text, refused = false }: { text: string; refused?: boolean }) {
  return (
    <textarea
      id="farewell"
      name="farewell"
      rows={3}
      dir="auto"
      aria-describedby="farewell-hint farewell-problem"
      aria-invalid={refused ? 'true' : undefined}
    >
      {`\n${text}`}
    </textarea>
  )
}

interface FarewellPartsProps {
  i18n: I18n
  /** What the chosen reason offers; null: what is typed stays. */
  offered: string | null
  preview: Previewed | null
  now: number
}

/** While the dialog is filled in: the words of a reason that was chosen, and how they would read. */
export function FarewellParts({ i18n, offered, preview, now }: FarewellPartsProps) {
  return (
    <>
      {offered !== null && (
        <hx-partial hx-target="#farewell" hx-swap="outerHTML">
          <Farewell text={offered} />
        </hx-partial>
      )}
      <hx-partial hx-target="#preview" hx-swap="outerHTML">
        <Preview i18n={i18n} said={preview} now={now} />
      </hx-partial>
    </>
  )
}

export interface ReceiverOption {
  departmentId: string
  departmentName: string
  agents: { id: string; name: string; open: number }[]
}

interface TransferProps extends DialogProps {
  receivers: ReceiverOption[]
  /** As it was chosen and typed, where it is shown again. */
  chosen?: { departmentId: string; agentId: string; note: string }
}

/** Department, then who of it: one list of both, so that nothing depends on a script. */
export function TransferDialog({ i18n, conversation, receivers, chosen, changed = false, problem }: TransferProps) {
  const { t } = i18n
  const action = `/conversations/${conversation.id}/transfer`
  const ofNote = problem?.details?.field === 'note'
  const departmentId = chosen?.departmentId ?? conversation.departmentId ?? ''
  return (
    <form
      class="sheet stack"
      method="post"
      action={action}
      hx-post={action}
      hx-target="#dialog"
      hx-swap="innerHTML"
      hx-sync="this:drop"
      hx-disable="find button[type=submit]"
      novalidate
      data-transfer
    >
      <Override method="PUT" />
      <h1 id="dialog-title">{t.acts.transfer}</h1>
      <p>
        <bdi hx-ignore>{contactNameOf(i18n, conversation)}</bdi>
      </p>
      {changed && <Changed i18n={i18n} />}
      <input type="hidden" name="version" value={conversation.version} />
      <label class="field">
        <span>{t.acts.department}</span>
        <select
          name="departmentId"
          required
          aria-describedby="transfer-problem"
          aria-invalid={problem && !ofNote ? 'true' : undefined}
        >
          <option value="">{t.acts.department}</option>
          {receivers.map((one) => (
            <option value={one.departmentId} selected={one.departmentId === departmentId}>
              {one.departmentName}
            </option>
          ))}
        </select>
      </label>
      <p id="transfer-problem" class="field-problem" role="alert">
        {problem && !ofNote && i18n.error(problem.code, problem.details)}
      </p>
      <label class="field">
        <span>{t.acts.agent}</span>
        <select name="agentId">
          <option value="">{t.acts.anyone}</option>
          {receivers.map((one) => (
            <optgroup label={one.departmentName} data-department-id={one.departmentId}>
              {one.agents.map(({ id, name, open }) => (
                <option value={id} selected={chosen?.agentId === id && departmentId === one.departmentId}>
                  {`${name} (${i18n.count(t.acts.openCount, open)})`}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t.acts.note}</span>
        <textarea
          name="note"
          rows={2}
          dir="auto"
          aria-describedby="note-hint note-problem"
          aria-invalid={ofNote ? 'true' : undefined}
        >
          {`\n${chosen?.note ?? ''}`}
        </textarea>
      </label>
      <p id="note-hint" class="faint">
        {t.acts.noteHint}
      </p>
      <p id="note-problem" class="field-problem" role="alert">
        {ofNote && i18n.fill(t.acts.noteTooLong, problem?.details ?? {})}
      </p>
      <DialogActs i18n={i18n} conversationId={conversation.id} submit={t.acts.transferSubmit} />
    </form>
  )
}

function DialogActs({ i18n: { t }, conversationId, submit }: { i18n: I18n; conversationId: string; submit: string }) {
  return (
    <div class="dialog-acts">
      <a class="button" href={`/conversations/${conversationId}`} data-closes-dialog>
        {t.acts.cancel}
      </a>
      <button type="submit" class="button button--primary">
        {submit}
      </button>
    </div>
  )
}

/** Says what was done, for a while, with the way back where there is one. */
export function Done({ i18n: { t }, text, undo }: { i18n: I18n; text: string; undo?: string }) {
  return (
    <hx-partial hx-target="#toasts" hx-swap="beforeend">
      <div class="toast" role="status">
        <Icon name="circle-check" />
        <p>
          <bdi hx-ignore>{text}</bdi>
        </p>
        {undo && (
          <Act action={undo} method="DELETE">
            <button type="submit" class="button button--small">
              {t.acts.undo}
            </button>
          </Act>
        )}
      </div>
    </hx-partial>
  )
}
