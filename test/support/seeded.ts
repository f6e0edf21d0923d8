/** The demo, seeded once for all stories: each file goes on from a copy of it. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { signIn } from '../../bench/visitor.ts'
import { DEMO_PASSWORD } from '../../scripts/demo.ts'
import { startProsa, temporaryFolder } from './prosa.ts'

export const PEOPLE = ['ana', 'bruno', 'carla', 'diego', 'eva'] as const
export type PersonName = (typeof PEOPLE)[number]

export interface SessionCookie {
  name: string
  value: string
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const seeded = await temporaryFolder()
  const prosa = await startProsa({ dataFolder: seeded })
  if (project.name === 'browser') project.provide('signedIn', await everyoneSignedIn(prosa.url))
  await prosa.stop()
  // The providers remember where they were told to call: each copy stands at an address of its own.
  await rm(join(seeded, 'simulator.json'), { force: true })
  project.provide('seededFolder', seeded)
  return () => rm(seeded, { recursive: true, force: true })
}

/** Their sessions are in the copies too, under the same secret: a password is not hashed for each file and person. */
async function everyoneSignedIn(origin: string): Promise<Record<PersonName, SessionCookie>> {
  const cookies: [PersonName, SessionCookie][] = []
  for (const person of PEOPLE) {
    const visitor = await signIn(origin, `${person}@prosa.test`, DEMO_PASSWORD)
    const cookie = visitor.cookies().find(({ name }) => name.endsWith('session_token'))
    visitor.leave()
    if (!cookie) throw new Error(`${person} signed in and got no session.`)
    cookies.push([person, cookie])
  }
  return Object.fromEntries(cookies) as Record<PersonName, SessionCookie>
}
