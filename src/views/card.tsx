/** What a message carries besides its words, as a quiet card; and how whatever came from outside is written and linked. */
import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icon.tsx'

interface CardProps {
  icon: IconName
  /** What kind of thing it is, where the title does not say so. */
  label?: string | undefined
  title: Child
  children?: Child
}

export function Card({ icon, label, title, children }: CardProps) {
  return (
    <div class="card">
      <span class="card-sign">
        <Icon name={icon} label={label} />
      </span>
      <div class="card-body">
        <p class="card-title">{title}</p>
        {children}
      </div>
    </div>
  )
}

/** Text from outside: in its own direction, and nothing in it is read as ours. */
export function Words({ class: name, children }: { class?: string; children: Child }) {
  return (
    <bdi class={name} dir="auto" hx-ignore>
      {children}
    </bdi>
  )
}

/** A page of somebody else's; null where the address is none that may be followed. */
export function OutsideLink({ url, children }: { url: string | undefined; children: Child }) {
  const href = pageHref(url)
  if (!href) return null
  return (
    <a class="card-link" href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
      <Icon name="external-link" />
    </a>
  )
}

const LONGEST = 2_048

/** The address of a page, and of nothing else. */
export function pageHref(url: string | undefined): string | null {
  if (!url || url.length > LONGEST || !URL.canParse(url)) return null
  const { protocol, href } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? href : null
}

/** What is said about a message, above or below its words. */
export function Mark({ icon, children }: { icon: IconName; children: Child }) {
  return (
    <p class="bubble-mark">
      <Icon name={icon} />
      <span>{children}</span>
    </p>
  )
}
