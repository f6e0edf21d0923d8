/** The picker of templates: which there are. */
import type { Template } from '../domain/template-text.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogLink, DialogPage } from './dialog.tsx'
import { Icon } from './icon.tsx'

export const templatesPath = (conversationId: string) => `/conversations/${conversationId}/templates`

export const templatePath = (conversationId: string, id: string) => `${templatesPath(conversationId)}/${id}`

export interface TemplatesProps {
  i18n: I18n
  conversationId: string
  templates: Template[]
  /** There are more than are shown. */
  more: boolean
  filter: { q: string; language: string; category: string }
  languages: string[]
  categories: string[]
  /** Nobody has asked the provider yet: the page does. */
  neverAsked: boolean
  /** What the provider answered to somebody who asked again; null: nobody did. */
  refreshed: boolean | null
}

export function TemplatesDialog(props: TemplatesProps) {
  const { i18n, conversationId, refreshed, neverAsked } = props
  const { t } = i18n
  const path = templatesPath(conversationId)
  return (
    <DialogPage i18n={i18n} title={t.templates.title} back={`/conversations/${conversationId}`}>
      <TemplateFilters {...props} />
      <form
        method="post"
        action={`${path}/refresh`}
        hx-post={`${path}/refresh`}
        hx-trigger={neverAsked ? 'submit, load once' : 'submit'}
        hx-target="#dialog"
        hx-swap="innerMorph"
        hx-sync="this:drop"
        hx-disable="find button"
        class="templates-refresh"
      >
        <p role="status" class="faint">
          {refreshed !== null && (refreshed ? t.templates.refreshed : t.templates.notRefreshed)}
        </p>
        <button type="submit" class="button button--small">
          <Icon name="refresh-cw" />
          {t.templates.refresh}
        </button>
      </form>
      <FoundTemplates {...props} />
    </DialogPage>
  )
}

function TemplateFilters({ i18n: { t, locale }, conversationId, filter, languages, categories }: TemplatesProps) {
  const path = templatesPath(conversationId)
  const names = new Intl.DisplayNames(locale, { type: 'language' })
  return (
    <form
      method="get"
      action={path}
      class="templates-filters"
      hx-get={path}
      hx-trigger="submit, change, input delay:200ms"
      hx-sync="this:replace"
      hx-target="#templates-found"
      hx-select="#templates-found"
      hx-swap="outerHTML"
    >
      <div class="field">
        <label for="template-sought">{t.templates.search}</label>
        <input
          type="search"
          id="template-sought"
          name="q"
          value={filter.q}
          maxlength={200}
          placeholder={t.templates.searchHint}
          autocomplete="off"
          autofocus
        />
      </div>
      <Choice
        {...{ name: 'language', label: t.templates.language, any: t.templates.any, chosen: filter.language }}
        options={languages.map((value) => ({ value, shown: languageName(names, value) }))}
      />
      <Choice
        {...{ name: 'category', label: t.templates.category, any: t.templates.any, chosen: filter.category }}
        options={categories.map((value) => ({ value, shown: categoryName(t.templates.categories, value) }))}
      />
    </form>
  )
}

interface ChoiceProps {
  name: string
  label: string
  any: string
  chosen: string
  options: { value: string; shown: string }[]
}

/** A choice only where there is one. */
function Choice({ name, label, any, chosen, options }: ChoiceProps) {
  if (options.length < 2) return null
  return (
    <div class="field">
      <label for={`template-${name}`}>{label}</label>
      <select id={`template-${name}`} name={name}>
        <option value="">{any}</option>
        {options.map(({ value, shown }) => (
          <option value={value} selected={value === chosen}>
            {shown}
          </option>
        ))}
      </select>
    </div>
  )
}

function FoundTemplates({ i18n: { t, locale }, conversationId, templates, more, filter, languages }: TemplatesProps) {
  const names = new Intl.DisplayNames(locale, { type: 'language' })
  const all = languages.length === 0 && !filter.q
  return (
    <section id="templates-found" class="found-few" aria-label={t.templates.results} aria-live="polite">
      {templates.map((template) => (
        <DialogLink class="found-line" href={templatePath(conversationId, template.id)}>
          <strong>{template.name}</strong>
          <span class="faint">
            {languageName(names, template.language)} · {categoryName(t.templates.categories, template.category)}
          </span>
          <bdi dir="auto" class="found-text" hx-ignore>
            {template.components.find(({ type }) => type === 'body')?.text}
          </bdi>
        </DialogLink>
      ))}
      {templates.length === 0 && <p class="faint">{all ? t.templates.noneYet : t.templates.none}</p>}
      {more && <p class="faint">{t.templates.more}</p>}
    </section>
  )
}

/** The provider writes `pt_BR`, and may write what nobody knows. */
function languageName(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code.replace('_', '-')) ?? code
  } catch {
    return code
  }
}

const categoryName = (names: Record<string, string>, category: string) =>
  Object.hasOwn(names, category) ? (names[category] ?? category) : category
