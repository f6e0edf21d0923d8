import { expect, it } from 'vitest'
import { deploymentOf, problemsWith } from './settings.ts'

const good = {
  DATABASE_URL: 'libsql://inbox-acme.turso.io',
  DATABASE_AUTH_TOKEN: 'a-token',
  APP_ORIGIN: 'https://inbox.example.com',
  AUTH_SECRET: 'x'.repeat(44),
  CREDENTIALS_KEY: Buffer.alloc(32, 1).toString('base64'),
}

it('settings that are in order have no problem', () => {
  expect(problemsWith(good)).toEqual([])
})

it('a deployment with nothing set is told everything it lacks at once', () => {
  expect(problemsWith({})).toHaveLength(5)
})

it.each([
  ['DATABASE_URL', 'http://127.0.0.1:8789', /libsql:\/\/ or https/],
  ['DATABASE_URL', 'https://localhost:8789', /this machine/],
  ['DATABASE_AUTH_TOKEN', '', /tokens create/],
  ['APP_ORIGIN', 'http://inbox.example.com', /must begin with https/],
  ['APP_ORIGIN', 'https://inbox.example.com/', /write it as https:\/\/inbox\.example\.com\./],
  ['APP_ORIGIN', 'https://localhost', /this machine alone/],
  ['AUTH_SECRET', 'short', /32 characters/],
  ['CREDENTIALS_KEY', Buffer.alloc(16).toString('base64'), /32 bytes/],
  ['CREDENTIALS_KEY', 'not base64 at all, though long enough!', /32 bytes/],
  ['EGRESS_ALLOW', '127.0.0.1', /unset it/],
])('%s as "%s" is refused in one sentence', (name, value, sentence) => {
  expect(problemsWith({ ...good, [name]: value })).toEqual([expect.stringMatching(sentence)])
})

it('only what the Worker reads is handed to it', () => {
  const { secrets, origin } = deploymentOf({ ...good, HOME: '/root', MEDIA_ORIGIN: 'https://media.example.com' })
  expect(Object.keys(secrets).sort()).toEqual([...Object.keys(good), 'MEDIA_ORIGIN'].sort())
  expect(origin).toBe('https://inbox.example.com')
})
