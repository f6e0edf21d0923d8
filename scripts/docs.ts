/** Writes the pages of the documentation that are made of data. */
import { writeFile } from 'node:fs/promises'
import { channelsPage } from './docs/channels.ts'
import { say } from './local/say.ts'

await writeFile(new URL('../docs/channels.md', import.meta.url), channelsPage())
say('docs', 'docs/channels.md')
