/** Files that contacts came from, as long as they are kept: one that has an erased person in it goes before its time. */
import { forgetFile, restingImports } from '../db/queries/contact-imports.ts'
import type { Subject } from '../db/queries/erasures.ts'
import type { App } from './app.ts'
import { foldedKey } from './text.ts'

/** However a number is written, it ends like this. */
const ENDING = 8

export async function forgetImportsOf(app: App, workspaceId: string, subject: Subject): Promise<void> {
  const [files] = await app.db.read(restingImports(workspaceId))
  for (const { id, object_key: key } of files) {
    const body = await app.store.get(key)
    if (body && !names(await new Response(body).text(), subject)) continue
    await app.store.delete([key])
    await app.db.write(forgetFile({ workspaceId, id }))
  }
}

function names(text: string, { named, mentioned }: Subject): boolean {
  const folded = foldedKey(text)
  const digits = text.replaceAll(/\D/g, '')
  const numbers = mentioned.filter((id) => /^\d{10,15}$/.test(id)).map((number) => number.slice(-ENDING))
  return named.some((name) => folded.includes(foldedKey(name))) || numbers.some((ending) => digits.includes(ending))
}
