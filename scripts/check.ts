/** `node scripts/check.ts imports|markup`: the rules of the house that no linter knows. */
import { climbingImports, impureCalls } from './checks/imports.ts'
import { forbiddenMarkup } from './checks/markup.ts'
import { sourcesUnder } from './checks/sources.ts'

const sources = await sourcesUnder('src')
const found = process.argv.includes('markup')
  ? forbiddenMarkup(sources)
  : [...climbingImports(sources), ...impureCalls(sources)]

for (const sentence of found) console.error(sentence)
if (found.length > 0) process.exitCode = 1
