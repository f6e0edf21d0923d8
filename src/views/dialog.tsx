import type { Child } from 'hono/jsx'
import type { I18n } from '../i18n/index.ts'

/** The one dialog that is filled from the server. It stands outside of what navigation replaces. */
const DIALOG = '#dialog'

interface DialogLinkProps {
  href: string
  children: Child
  id?: string
  class?: string
  title?: string | undefined
  'aria-label'?: string | undefined
  'aria-keyshortcuts'?: string
  /** Beside a click. */
  'hx-trigger'?: string
  /** Fields outside of it that are asked along. */
  'hx-include'?: string
}

/** Opens its page in the dialog; without script it goes to that page. */
export function DialogLink({ href, children, ...attributes }: DialogLinkProps) {
  return (
    <a {...attributes} href={href} hx-get={href} hx-target={DIALOG} hx-swap="innerHTML" hx-sync="this:drop">
      {children}
    </a>
  )
}

/**
 * For a form inside the dialog: it draws itself anew in place, and its refusals with it. `autocomplete` stays off, for
 * these are other people's names and numbers.
 */
export const postsFromDialog = (action: string) =>
  ({
    method: 'post',
    action,
    'hx-post': action,
    'hx-target': DIALOG,
    'hx-swap': 'innerMorph',
    'hx-sync': 'this:drop',
    'hx-disable': 'find button[type=submit]',
    novalidate: true,
    autocomplete: 'off',
  }) as const

/** Header with which a form says that it is done: `c.header(...DIALOG_DONE)`. */
export const DIALOG_DONE = ['HX-Trigger', 'prosa:done'] as const

/** What stands in the dialog, or on a page of its own. `back` is where a page of its own goes when it is dismissed. */
export function DialogPage({
  i18n,
  title,
  back,
  children,
}: {
  i18n: I18n
  title: string
  back: string
  children: Child
}) {
  return (
    <section class="dialog-page">
      <header class="dialog-head">
        <h1 id="dialog-title" tabindex={-1}>
          {title}
        </h1>
        <DialogDismissal back={back}>{i18n.t.dialog.close}</DialogDismissal>
      </header>
      {children}
    </section>
  )
}

/** Leaves without doing it. A link, so that it leaves without script too. */
export function DialogDismissal({ back, children }: { back: string; children: Child }) {
  return (
    <a class="button dialog-dismissal" href={back} data-closes-dialog>
      {children}
    </a>
  )
}
