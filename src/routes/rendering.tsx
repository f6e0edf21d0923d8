/** One URL, one resource: the part alone for those who ask for a part, the whole document for all others. */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { i18nFor, localeFrom } from '../i18n/index.ts'
import { DIALOG_DONE } from '../views/dialog.tsx'
import { Layout } from '../views/layout.tsx'
import type { RouteEnv } from './route-env.ts'

interface PageProps {
  title: string
  /** For the badge. */
  unread?: number
}

declare module 'hono' {
  interface ContextRenderer {
    // biome-ignore lint/style/useShorthandFunctionType: the framework merges this interface with its own
    (content: Child, props: PageProps): Response | Promise<Response>
  }
}

export const wantsPartial = (c: Context) => c.req.header('HX-Request-Type') === 'partial'

/** Asked by htmx, for a part or for a page: it follows headers where a browser follows redirects. */
export const isHtmx = (c: Context) => c.req.header('HX-Request') === 'true'

/** The browser's language, until `signedIn` knows the person's; where a visitor's time zone is not known, Brazil's. */
export const language = createMiddleware<RouteEnv>(async (c, next) => {
  c.set('i18n', i18nFor(localeFrom(c.req.header('accept-language') ?? null), 'America/Sao_Paulo'))
  await next()
})

export const rendering = createMiddleware<RouteEnv>(async (c, next) => {
  c.setRenderer((content, props) => (wantsPartial(c) ? c.html(html`${content}`) : page(c, content, props)))
  await next()
})

/** The content in its document, whoever asked. */
export function page(c: Context<RouteEnv>, content: Child, { title, unread }: PageProps) {
  const { i18n, viewer } = c.var as Partial<RouteEnv['Variables']> & Pick<RouteEnv['Variables'], 'i18n'>
  return c.html(
    html`<!doctype html>${(
      <Layout i18n={i18n} title={title} viewer={viewer} {...(unread === undefined ? {} : { unread })}>
        {content}
      </Layout>
    )}`,
  )
}

/** What was done in the dialog is done: on to another page, without losing the sockets. */
export function leaveDialogFor(c: Context<RouteEnv>, path: string): Response {
  if (!isHtmx(c)) return c.redirect(path, 303)
  c.header(...DIALOG_DONE)
  c.header('HX-Location', JSON.stringify({ path, target: '#main', select: '#main', swap: 'outerHTML' }))
  return c.body(null, 204)
}

/** Goes on to another page, by a full load. */
export function goTo(c: Context<RouteEnv>, path: string): Response {
  if (!isHtmx(c)) return c.redirect(path, 303)
  c.header('HX-Redirect', path)
  return c.body(null, 204)
}
