/** What may be sent besides words: the menu of the composer. Only what the channel takes is offered. */
import type { Limits } from '../channels/limits.ts'
import type { I18n } from '../i18n/index.ts'
import { composePath, QUOTED_FIELD } from './compose.tsx'
import { DialogLink } from './dialog.tsx'
import { Icon, type IconName } from './icon.tsx'
import { templatesPath } from './templates.tsx'

export type Offer = 'location' | 'card' | 'buttons' | 'list' | 'template'

export const offersOf = ({ location, contacts, buttons, list, templates }: Limits): Offer[] => [
  ...(location ? (['location'] as const) : []),
  ...(contacts ? (['card'] as const) : []),
  ...(buttons ? (['buttons'] as const) : []),
  ...(list ? (['list'] as const) : []),
  ...(templates ? (['template'] as const) : []),
]

const ICON: Record<Offer, IconName> = {
  location: 'map-pin',
  card: 'user-round',
  buttons: 'square-check-big',
  list: 'list',
  template: 'file-text',
}

export function ComposeMenu({
  i18n: { t },
  conversationId,
  offers,
}: {
  i18n: I18n
  conversationId: string
  offers: Offer[]
}) {
  if (offers.length === 0) return null
  return (
    <>
      <button
        type="button"
        class="icon-button composer-more"
        popovertarget="compose-menu"
        aria-label={t.compose.menu}
        title={t.compose.menu}
      >
        <Icon name="plus" />
      </button>
      <div id="compose-menu" class="menu menu--up" popover="auto">
        {offers.map((offer) => (
          <DialogLink
            class="menu-item"
            {...(offer === 'template'
              ? { href: templatesPath(conversationId) }
              : { href: composePath(conversationId, offer), 'hx-include': QUOTED_FIELD })}
          >
            <Icon name={ICON[offer]} />
            {t.compose[offer]}
          </DialogLink>
        ))}
      </div>
    </>
  )
}
