import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { takeDataFolder } from './data-folder.ts'

it('a disk with less room than is needed is refused before anything is written to it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prosa-'))
  expect(() => takeDataFolder(folder, Number.MAX_SAFE_INTEGER)).toThrow(/^The disk of .* is full: Prosa needs/)
  rmSync(folder, { recursive: true })
})
