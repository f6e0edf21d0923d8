/** The project's own sources as text, for checks that read rather than run them. */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

export interface Source {
  /** From the project's root: `src/views/thread.tsx`. */
  path: string
  text: string
}

const ROOT = join(import.meta.dirname, '..', '..')

export async function sourcesUnder(folder: string, endings = ['.ts', '.tsx']): Promise<Source[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Promise.all(paths.map(async (path) => ({ path: relative(ROOT, path), text: await readFile(path, 'utf8') })))
}

export const isTest = ({ path }: Source) => path.includes('.test.')

/** Code without its comments; strings stay, and so do the lines' numbers. */
export const withoutComments = (text: string) =>
  text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/(^|\s)\/\/[^\n]*/g, '$1')

export const lineOf = (text: string, index: number) => text.slice(0, index).split('\n').length
