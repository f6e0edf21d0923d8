/** How a connected number is doing: what came and went last, what waits, what could not be applied, what the account told. */
import { type ChannelName, channelNamed } from '../channels/index.ts'
import type { GatewayHealth } from '../domain/gateway-health.ts'
import type { I18n } from '../i18n/index.ts'

export interface ConnectionHealthProps {
  i18n: I18n
  inbox: { id: string; channel: ChannelName }
  health: GatewayHealth | null
  outbox: { queued: number; unknown: number }
  news: { what: string | null; code: string | null; detail: string | null; at: number }[]
}

export function ConnectionHealth({ i18n, inbox, health, outbox, news }: ConnectionHealthProps) {
  const { t, fill } = i18n
  const at = (time: number | null | undefined) => (time ? i18n.dateTime(time) : t.connecting.never)
  const history = channelNamed(inbox.channel)?.limits.history ?? 'never'
  return (
    <section class="stack">
      <h2>{t.connecting.health}</h2>
      {health === null ? (
        <p class="inbox-health" data-health="unreachable">
          {t.inboxes.unreachable}
        </p>
      ) : (
        <dl class="facts" id="connection-health">
          <Fact name={t.connecting.lastIn} value={at(health.lastInAt)} />
          <Fact name={t.connecting.lastOut} value={at(health.lastOutAt)} />
          <Fact name={t.connecting.backlog} value={i18n.count(t.inboxes.pending, health.pending)} />
          <Fact name={t.connecting.queued} value={i18n.count(t.connecting.messages, outbox.queued)} />
          <Fact name={t.connecting.unknown} value={i18n.count(t.connecting.messages, outbox.unknown)} />
          <Fact name={t.connecting.history} value={t.connecting.historyOf[history]} />
        </dl>
      )}
      {health !== null && (
        <p class="inbox-health" data-health={health.dead > 0 ? 'trouble' : 'well'}>
          <a href={`/settings/inboxes/${inbox.id}/letters`}>
            {health.dead > 0 ? i18n.count(t.inboxes.dead, health.dead) : t.letters.none}
          </a>
        </p>
      )}
      {news.length > 0 && (
        <ul class="letters" aria-label={t.connecting.news}>
          {news.map(({ what, code, detail, at: when }) => (
            <li class="letter">
              <div>
                <p>
                  {i18n.dateTime(when)} · {newsOf(i18n, what)}
                  {code && ` · ${fill(t.inboxes.statusCode, { code })}`}
                </p>
                {detail && (
                  <p class="faint">
                    <bdi hx-ignore>{detail}</bdi>
                  </p>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function newsOf({ t }: I18n, what: string | null): string {
  const words = t.connecting.newsOf
  return what !== null && Object.hasOwn(words, what) ? words[what as keyof typeof words] : words.other
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)
