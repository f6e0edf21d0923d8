/** A line of the status page: a word and a colour for how it is, and what there is to say of it. */
import type { I18n } from '../i18n/index.ts'
import { Icon } from './icon.tsx'

/** `well`, `watch` and `trouble`, as the words say. */
export type Level = keyof I18n['t']['status']['level']

export function Line({ i18n: { t }, level, children }: { i18n: I18n; level: Level; children: unknown }) {
  return (
    <li class="status-line" data-level={level}>
      <Icon name={level === 'well' ? 'circle-check' : 'circle-alert'} />
      <span>
        <strong>{t.status.level[level]}</strong> · {children as never}
      </span>
    </li>
  )
}

export const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)
