/** Writes the pages of the documentation that are made of data. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { writeWhole } from './assets.ts'
import { ADDING_A_CHANNEL, withSizes } from './docs/adding-a-channel.ts'
import { channelsPage } from './docs/channels.ts'
import { say } from './local/say.ts'

const CHANNELS = new URL('../docs/channels.md', import.meta.url)

await writeWhole(fileURLToPath(CHANNELS), channelsPage())
await writeWhole(fileURLToPath(ADDING_A_CHANNEL), withSizes(await readFile(ADDING_A_CHANNEL, 'utf8')))
say('docs', 'docs/channels.md, docs/adding-a-channel.md')
