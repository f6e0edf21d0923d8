import { expect, it } from 'vitest'
import { climbingImports, impureCalls } from './imports.ts'
import { forbiddenMarkup } from './markup.ts'

const source = (path: string, text: string) => [{ path, text }]

it.each([
  ['src/db/queries/messages.ts', `import { reply } from '../../domain/messages.ts'`],
  ['src/channels/whatsapp/whatsapp.ts', `import type { Db } from '../../db/client.ts'`],
  ['src/views/thread.tsx', `import { openDb } from '../db/client.ts'`],
  ['src/domain/messages.ts', `import {\n  Thread,\n} from '../views/thread.tsx'`],
  ['src/rooms/room.ts', `export { reply } from '../domain/messages.ts'`],
  ['src/domain/messages.ts', `const views = await import('../views/thread.tsx')`],
  ['src/views/thread.tsx', `import type { Env } from '../env.ts'`],
  ['src/app.ts', `import { Gateway } from './gateways/gateway.ts'`],
  ['src/index.ts', `import { phones } from '../simulator/phones.ts'`],
])('%s may not write: %s', (path, text) => {
  expect(climbingImports(source(path, text))).toHaveLength(1)
})

it.each([
  ['src/index.ts', `import { Room } from './rooms/room.ts'`],
  ['src/routes/messages.tsx', `import { threadPage } from '../db/queries/messages.ts'`],
  ['src/views/thread.tsx', `import type { ThreadMessage } from '../db/records.ts'`],
  ['src/views/layout.tsx', `import { assets } from '../../dist/manifest.ts'`],
  ['src/app.ts', `import type { Gateway } from './gateways/gateway.ts'`],
  ['src/rooms/room.ts', `import { sessionOf } from '../db/queries/sessions.ts'`],
  ['src/domain/messages.ts', `// see import x from '../views/live.tsx'\nimport * as z from 'zod'`],
  ['src/db/client.worker.test.ts', `import { receive } from '../domain/receive.ts'`],
])('%s may write: %s', (path, text) => {
  expect(climbingImports(source(path, text))).toEqual([])
})

it.each(['Date.now()', 'new Date()', 'Math.random()', 'crypto.randomUUID()', 'await fetch(url)'])(
  'a verb takes as a value what %s would give',
  (call) => {
    expect(impureCalls(source('src/domain/messages.ts', `\nconst a = ${call}`))).toEqual([
      expect.stringContaining('src/domain/messages.ts:2 '),
    ])
    expect(impureCalls(source('src/routes/messages.tsx', `const a = ${call}`))).toEqual([])
  },
)

it('a call of what was handed in is no impurity', () => {
  expect(impureCalls(source('src/channels/whatsapp/whatsapp.ts', 'await web.fetch(url); new Date(at)'))).toEqual([])
  expect(impureCalls(source('src/channels/meta/meta.ts', 'const { fetch } = reach\nawait fetch(url)'))).toEqual([])
})

it.each([
  '<button hx-on:click="x()">',
  '<div style="color: red">',
  '<script>alert(1)</script>',
  `<form hx-vals="js:{a: 1}">`,
  '<div hx-trigger="click[ctrlKey]">',
  'raw(text)',
  '<div dangerouslySetInnerHTML={{ __html: text }} />',
])('the policy would break %s', (markup) => {
  expect(forbiddenMarkup(source('src/views/thread.tsx', markup))).toHaveLength(1)
})

it('a script of our own file is no inline script', () => {
  expect(forbiddenMarkup(source('src/views/layout.tsx', '<script defer src={assets.script}></script>'))).toEqual([])
})
