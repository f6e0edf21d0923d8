/** Buttons, lists and templates: as they were sent, and what was chosen of them. Nothing here can be pressed. */
import type { Content } from '../channels/content.ts'
import type { I18n } from '../i18n/index.ts'
import { Mark, Words } from './card.tsx'
import { Icon } from './icon.tsx'

type Part<Name extends keyof Content> = NonNullable<Content[Name]>

/** Above the words. */
export function OptionsHeader({ i18n: { t, fill }, content }: { i18n: I18n; content: Content }) {
  const header = content.template?.header ?? content.buttons?.header ?? content.list?.header
  return (
    <>
      {content.template && (
        <Mark icon="file-text">
          <Words>{fill(t.content.template, { name: content.template.name })}</Words>
        </Mark>
      )}
      {header && (
        <p class="options-header">
          <Words>{header}</Words>
        </p>
      )}
    </>
  )
}

/** Below them. */
export function OptionsFooter({ i18n, content }: { i18n: I18n; content: Content }) {
  const footer = content.template?.footer ?? content.buttons?.footer ?? content.list?.footer
  const buttons = content.template?.buttons ?? content.buttons?.buttons ?? []
  return (
    <>
      {footer && (
        <p class="options-footer">
          <Words>{footer}</Words>
        </p>
      )}
      {buttons.length > 0 && (
        <ul class="options" aria-label={i18n.t.content.options}>
          {buttons.map(({ title }) => (
            <li>
              <Words>{title}</Words>
            </li>
          ))}
        </ul>
      )}
      {content.list && <List list={content.list} />}
    </>
  )
}

/** Closed like the customer's, with what they find inside. */
function List({ list: { button, sections } }: { list: Part<'list'> }) {
  return (
    <details class="options-list">
      <summary>
        <Icon name="list" />
        <Words>{button}</Words>
      </summary>
      {sections.map(({ title, rows }) => (
        <>
          {title && (
            <p class="card-title">
              <Words>{title}</Words>
            </p>
          )}
          <ul>
            {rows.map((row) => (
              <li>
                <Words>{row.title}</Words>
                {row.description && (
                  <p class="card-facts">
                    <Words>{row.description}</Words>
                  </p>
                )}
              </li>
            ))}
          </ul>
        </>
      ))}
    </details>
  )
}

/** Above the words that were chosen; a title that differs from them is said as well. */
export function Chosen({ i18n: { t }, choice, text }: { i18n: I18n; choice: Part<'choice'>; text: string | null }) {
  return (
    <Mark icon="mouse-pointer-click">
      {t.content.chosen}
      {choice.title !== text && (
        <>
          : <Words>{choice.title}</Words>
        </>
      )}
    </Mark>
  )
}
