/** What a message refers to outside of the thread: an ad, a story, a post. By reference alone: nothing of it is kept here. */
import type { Content } from '../channels/content.ts'
import type { I18n } from '../i18n/index.ts'
import { Card, OutsideLink, pageHref, Words } from './card.tsx'
import type { IconName } from './icon.tsx'

type Part<Name extends keyof Content> = NonNullable<Content[Name]>

const SIGN_OF_SOURCE: Record<Part<'referral'>['source'], IconName> = {
  ad: 'megaphone',
  post: 'image',
  link: 'link',
  product: 'shopping-bag',
}

export function Referral({ i18n: { t }, referral }: { i18n: I18n; referral: Part<'referral'> }) {
  const { source, title, body, url, ref } = referral
  const named = title ?? (source === 'link' || source === 'product' ? ref : undefined)
  return (
    <Card icon={SIGN_OF_SOURCE[source]} title={t.content.referral[source]}>
      {named && (
        <p>
          <Words>{named}</Words>
        </p>
      )}
      {body && (
        <p class="card-facts">
          <Words>{body}</Words>
        </p>
      )}
      <OutsideLink url={url}>{t.content.openReferral}</OutsideLink>
    </Card>
  )
}

export function Story({ i18n: { t }, story }: { i18n: I18n; story: Part<'story'> }) {
  const hasLink = pageHref(story.url) !== null
  return (
    <Card icon="at-sign" title={t.content.story[story.kind]}>
      <OutsideLink url={story.url}>{t.content.openStory}</OutsideLink>
      <p class="card-facts">{hasLink ? t.content.storyExpires : t.content.storyGone}</p>
    </Card>
  )
}

const SIGN_OF_SHARE: Record<Part<'share'>['kind'], IconName> = { post: 'image', reel: 'clapperboard', link: 'link' }

export function Share({ i18n: { t }, share }: { i18n: I18n; share: Part<'share'> }) {
  const { kind, title, url } = share
  const href = pageHref(url)
  return (
    <Card icon={SIGN_OF_SHARE[kind]} title={t.content.share[kind]}>
      {title && (
        <p>
          <Words>{title}</Words>
        </p>
      )}
      <OutsideLink url={url}>
        <Words>{href ? new URL(href).host : ''}</Words>
      </OutsideLink>
      {!href && <p class="card-facts">{url ? <Words>{url}</Words> : t.content.shareGone}</p>}
    </Card>
  )
}
