#!/usr/bin/env node
/** Stands in for wrangler and for Cloudflare behind it: one account, one Worker, its versions and who serves. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { Cloudflare, Share } from './state.ts'

const file = process.env['FAKE_CLOUDFLARE'] ?? ''
const args = process.argv.slice(2)
const state = JSON.parse(readFileSync(file, 'utf8')) as Cloudflare
state.calls.push(args.filter((arg) => !arg.startsWith('/')).join(' '))

process.exitCode = answered()
writeFileSync(file, JSON.stringify(state))

function answered(): number {
  const [verb, noun] = args
  if (verb === 'whoami') return said(state.accounts && { loggedIn: true, accounts: state.accounts })
  if (verb === 'deployments') return said(state.deployments.length > 0 ? state.deployments : null)
  if (verb === 'r2') return bucket(args[2] ?? '', args[3] ?? '')
  if (verb === 'deploy') return deploys([{ version_id: uploaded('deploy'), percentage: 100 }])
  if (verb !== 'versions') return 1
  if (noun === 'deploy') return deploys(args.filter((arg) => arg.includes('@')).map(shareIn))
  if (state.newObjects) {
    console.error('✘ [ERROR] This Worker has a pending Durable Object migration, which cannot be applied here.')
    return 1
  }
  uploaded('version-upload')
  return 0
}

function said(value: object | null): number {
  if (value) console.log(JSON.stringify(value))
  return value ? 0 : 1
}

function bucket(verb: string, name: string): number {
  if (verb === 'create') state.bucket = name
  return state.bucket === name ? 0 : 1
}

/** Answers with its id. */
function uploaded(type: 'deploy' | 'version-upload'): string {
  const version_id = `version-${state.versions.length + 1}`
  state.versions.push({ id: version_id, ready: state.nextIsReady })
  const secrets = args[args.indexOf('--secrets-file') + 1] ?? ''
  Object.assign(state.secrets, JSON.parse(readFileSync(secrets, 'utf8')))
  const targets = type === 'deploy' ? { targets: ['https://prosa.loja.workers.test'] } : {}
  const line = JSON.stringify({ type, version: 1, version_id, ...targets })
  appendFileSync(process.env['WRANGLER_OUTPUT_FILE_PATH'] ?? '', `${line}\n`)
  return version_id
}

function deploys(versions: Share[]): number {
  state.deployments.push({
    created_on: `2026-02-${String(state.deployments.length + 1).padStart(2, '0')}T00:00:00Z`,
    versions,
  })
  return 0
}

function shareIn(spec: string): Share {
  const [version_id = '', percentage = ''] = spec.split('@')
  return { version_id, percentage: Number.parseInt(percentage, 10) }
}
