/** Writes the pages of the documentation that are made of data. */
import { readFile, writeFile } from 'node:fs/promises'
import { ADDING_A_CHANNEL, withSizes } from './docs/adding-a-channel.ts'
import { channelsPage } from './docs/channels.ts'
import { say } from './local/say.ts'

await writeFile(new URL('../docs/channels.md', import.meta.url), channelsPage())
await writeFile(ADDING_A_CHANNEL, withSizes(await readFile(ADDING_A_CHANNEL, 'utf8')))
say('docs', 'docs/channels.md, docs/adding-a-channel.md')
