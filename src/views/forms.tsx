import type { Child } from 'hono/jsx'

/**
 * A form of one button: posts with or without script, once however often it is clicked. What it answers with are parts
 * that find their own place; `method` says PUT or DELETE for the plain post.
 */
export function Act({ action, method = 'POST', fields = {}, confirm, children }: ActProps) {
  return (
    <form
      class="act"
      method="post"
      action={action}
      hx-post={action}
      hx-swap="none"
      hx-sync="this:drop"
      hx-disable="find button"
      hx-confirm={confirm}
    >
      <Override method={method} />
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  )
}

interface ActProps {
  action: string
  method?: 'POST' | 'PUT' | 'DELETE'
  fields?: Record<string, string>
  /** Asked in our own dialog before it is sent. */
  confirm?: string | undefined
  children: Child
}

/** How a plain form says PUT or DELETE. */
export function Override({ method }: { method: 'POST' | 'PUT' | 'DELETE' }) {
  return method === 'POST' ? null : <input type="hidden" name="_method" value={method} />
}
