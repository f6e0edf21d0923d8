/** Rows and bubbles in our own HTML, by the attributes that the contract names. */

export interface Bubble {
  id: string
  direction: string
  state: string
  seq: number
  /** What the message says; without markup. */
  text: string
  html: string
}

export interface Row {
  id: string
  /** Of the person. */
  name: string
}

export const bubblesIn = (html: string): Bubble[] =>
  [...html.matchAll(/<article ([^>]*)>(.*?)<\/article>/gs)].map(([whole, attributes = '', inside = '']) => ({
    id: attribute(attributes, 'data-message-id'),
    direction: attribute(attributes, 'data-direction'),
    state: attribute(attributes, 'data-state'),
    seq: Number(attribute(attributes, 'data-seq')),
    text: plain(/<bdi class="bubble-text"[^>]*>(.*?)<\/bdi>/s.exec(inside)?.[1] ?? ''),
    html: whole,
  }))

export const rowsIn = (html: string): Row[] =>
  [...html.matchAll(/<li ([^>]*data-conversation-id[^>]*)>(.*?)<\/li>/gs)].map(([, attributes = '', inside = '']) => ({
    id: attribute(attributes, 'data-conversation-id'),
    name: plain(/<span class="row-name">(.*?)<\/span>/s.exec(inside)?.[1] ?? ''),
  }))

const attribute = (attributes: string, name: string) => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1] ?? ''

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

const plain = (html: string) =>
  html.replaceAll(/<[^>]*>/g, '').replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '')
