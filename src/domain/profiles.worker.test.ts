import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, it } from 'vitest'
import { browserOf, change } from '../../test/support/people.ts'
import { type TestApp, testApp } from '../../test/support/workerd/app.ts'
import { PNG, type Written, writtenTo } from '../../test/support/workerd/files.ts'
import { fakeGraph, MARIANA, reachOf } from '../../test/support/workerd/whatsapp.ts'
import { newShop, rowOf, type Shop } from '../../test/support/workerd/workspace.ts'
import type { Profile } from '../channels/channel.ts'
import { whatsapp } from '../channels/whatsapp/whatsapp.ts'
import { meet } from './profiles.ts'

const DAY = 86_400_000

let shop: Shop
let written: Written
let app: TestApp

beforeEach(async () => {
  shop = await newShop()
  app = testApp()
  written = await writtenTo(shop.inbox, app)
  await change(sql`UPDATE contacts SET profile_name = NULL, name_key = '' WHERE id = ${written.contactId}`)
  app.published.length = 0
})

/** Whoever is asked about is this one; answers with how often the provider was asked. */
async function asking(profile: Profile | null, picture: BodyInit = PNG): Promise<number> {
  let asked = 0
  app.channel = () => ({
    ...whatsapp,
    async profile() {
      asked += 1
      return profile
    },
  })
  const reach = { ...reachOf(shop.inbox.accountId, fakeGraph(), app.now), fetch: async () => new Response(picture) }
  await meet(app, shop.inbox, reach, [MARIANA])
  return asked
}

const MARI: Profile = { name: 'Mari Lopes', username: 'mari.lopes', pictureUrl: 'https://cdn.test/mari.png' }
const contact = () =>
  rowOf<{ profile_name: string | null; name_key: string; picture_key: string | null; picture_at: number | null }>(
    sql`SELECT * FROM contacts WHERE id = ${written.contactId}`,
  )

it('learns once a week what a person is called and how they look, and shows it to who sees them', async () => {
  expect(await asking(MARI)).toBe(1)
  const met = await contact()
  expect(met).toMatchObject({ profile_name: 'Mari Lopes', name_key: 'mari lopes', picture_at: app.now() })
  expect(app.published).toMatchObject([{ type: 'thread.changed', aboutContact: true }])
  const path = `/contacts/${written.contactId}/picture`
  const answer = await (await browserOf(shop.people.Ana)).get(path)
  expect([answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
    'image/png',
    'inline',
  ])
  expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([...PNG])
  await change(sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE id = ${written.conversationId}`)
  expect((await (await browserOf(shop.people.Bruno)).get(path)).status).toBe(404)

  expect(await asking(MARI), 'asked again the same day').toBe(0)
  app.clock.now += 7 * DAY + 1
  expect(await asking({ ...MARI, name: 'Outra' })).toBe(1)
  const again = await contact()
  expect(again.profile_name, 'what they told themselves stays').toBe('Mari Lopes')
  expect(again.picture_key).not.toBe(met.picture_key)
  expect(await env.MEDIA.get(met.picture_key ?? '')).toBeNull()
})

it('keeps what it has where there is no picture, or what came is none', async () => {
  await asking(MARI)
  const { picture_key } = await contact()
  for (const [profile, bytes] of [
    [null, PNG],
    [{ ...MARI, pictureUrl: null }, PNG],
    [MARI, '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ] as const) {
    app.clock.now += 7 * DAY + 1
    await asking(profile, bytes)
    expect((await contact()).picture_key).toBe(picture_key)
  }
  const objects = (await env.MEDIA.list({ prefix: `ws/${shop.workspaceId}/` })).objects
  expect(objects.map(({ key }) => key)).toEqual([picture_key])
})
