/** The browser that this machine has. */
import { existsSync } from 'node:fs'

const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

export function findChromium(): string {
  const found = PLACES.find((place) => place && existsSync(place))
  if (!found) throw new Error('There is no Chromium or Chrome here: install one, or name it with CHROMIUM=/path/to/it.')
  return found
}
