import type { Sounds } from '../db/sounds.ts'
import type { I18n } from '../i18n/index.ts'
import { Override } from './forms.tsx'

/** What is heard, and how loud. It is the whole document's, so saving loads it anew. */
export function SoundSettings({ i18n: { t }, sounds }: { i18n: I18n; sounds: Sounds }) {
  return (
    <section aria-labelledby="sounds-title" class="stack">
      <h2 id="sounds-title">{t.sounds.title}</h2>
      <form method="post" action="/settings/profile/sounds" hx-boost="false" class="stack">
        <Override method="PUT" />
        <fieldset class="check-group">
          <legend>{t.sounds.when}</legend>
          {(['mine', 'queue', 'tick'] as const).map((name) => (
            <label class="check">
              <input type="checkbox" name={name} checked={sounds[name]} />
              {t.sounds[name]}
            </label>
          ))}
        </fieldset>
        <label class="field">
          <span>{t.sounds.volume}</span>
          <input type="range" name="volume" min={0} max={100} step={5} value={sounds.volume} />
        </label>
        <p class="faint">{t.sounds.hint}</p>
        <div class="settings-acts">
          <button type="submit" class="button">
            {t.sounds.save}
          </button>
          <button type="button" class="button" data-needs-script data-plays>
            {t.sounds.test}
          </button>
        </div>
      </form>
    </section>
  )
}
