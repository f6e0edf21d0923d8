/** The demo workspace's fixed names and keys: the contract with whoever tests from outside. Local only. */
export const DEMO_PASSWORD = 'prosa-demo-2026'

export const DEMO_SECRETS = {
  appSecret: 'prosa-demo-app-secret',
  verifyToken: 'prosa-demo-verify',
  accessToken: 'prosa-demo-token',
  telegramSecret: 'prosa-demo-telegram-secret',
} as const

/** The app at Meta that all of them are connected through. */
export const DEMO_APP_ID = '1517776481860111'

export const DEMO_INBOXES = [
  {
    workspace: 'prosa',
    channel: 'whatsapp',
    key: 'demo-wa-1',
    accountId: '100000000000001',
    businessAccountId: '200000000000100',
    name: 'WhatsApp 1',
    address: '+55 11 90000-0001',
  },
  {
    workspace: 'prosa',
    channel: 'whatsapp',
    key: 'demo-wa-2',
    accountId: '100000000000002',
    businessAccountId: '200000000000100',
    name: 'WhatsApp 2',
    address: '+55 11 90000-0002',
  },
  {
    workspace: 'prosa',
    channel: 'instagram',
    key: 'demo-ig',
    accountId: '17841400000000001',
    name: 'Instagram',
    address: '@prosa.demo',
  },
  {
    workspace: 'prosa',
    channel: 'messenger',
    key: 'demo-fb',
    accountId: '200000000000001',
    name: 'Messenger',
    address: 'Prosa Demo',
  },
  {
    workspace: 'prosa',
    channel: 'telegram',
    key: 'demo-tg',
    accountId: '300000001',
    name: 'Telegram',
    address: '@prosa_demo_bot',
    accessToken: '300000001:prosa-demo-bot-token',
  },
  {
    workspace: 'prosa',
    channel: 'evolution',
    key: 'demo-evo',
    accountId: 'prosa-demo',
    name: 'WhatsApp QR',
    address: 'prosa-demo',
    accessToken: 'prosa-demo-evolution-key',
  },
  {
    workspace: 'eva',
    channel: 'whatsapp',
    key: 'demo-eva',
    accountId: '100000000000009',
    businessAccountId: '200000000000900',
    name: 'WhatsApp da Eva',
    address: '+55 11 90000-0009',
  },
] as const

export const DEMO_PEOPLE = [
  { workspace: 'prosa', name: 'Ana Lima', email: 'ana@prosa.test', role: 'owner', departments: [] },
  { workspace: 'prosa', name: 'Bruno Alves', email: 'bruno@prosa.test', role: 'agent', departments: ['Suporte'] },
  { workspace: 'prosa', name: 'Carla Dias', email: 'carla@prosa.test', role: 'agent', departments: ['Financeiro'] },
  { workspace: 'prosa', name: 'Diego Rocha', email: 'diego@prosa.test', role: 'supervisor', departments: ['Suporte'] },
  { workspace: 'eva', name: 'Eva Martins', email: 'eva@prosa.test', role: 'owner', departments: [] },
] as const

export const DEMO_DEPARTMENTS = ['Suporte', 'Financeiro', 'Vendas'] as const

export type DemoChannel = (typeof DEMO_INBOXES)[number]['channel']
