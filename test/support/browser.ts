/** A real Chromium: found, installed where that is possible, and never silently done without. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** The shell first: the same browser without a window that nobody sees, for less than half of its work. */
const PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** It asks nobody outside for anything, and starts without the sandbox that a container has no room for. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A page begins in the process in which it goes on; one for each step would be twice as many.
  '--renderer-process-limit=1',
  // A microphone that hums, and nobody who has to allow it.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
]

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: QUIET, headless: true })
}

function findChromium(): string {
  const given = process.env['CHROMIUM_PATH']
  if (given) {
    if (existsSync(given)) return given
    throw new Error(`CHROMIUM_PATH is ${given}, and nothing is there.`)
  }
  const found = PLACES.find(existsSync) ?? installed()
  if (found) return found
  throw new Error(
    'The browser tests need Chromium: install it (`apt-get install chromium`), or name one with CHROMIUM_PATH.',
  )
}

/** On Debian and its kin, where we may: in a container that runs the checks nobody else would. */
function installed(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
  spawnSync('apt-get', ['update', '-qq'], options)
  for (const name of ['chromium-headless-shell', 'chromium']) {
    console.log(`Chromium is missing; installing ${name} with apt-get`)
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options)
    const found = PLACES.find(existsSync)
    if (found) return found
  }
  return undefined
}
