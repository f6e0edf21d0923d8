/** A browser as far as HTTP goes: keeps its connection and its cookies, and says where its requests come from. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  /** From the first byte sent to the last byte read. */
  ms: number
}

export interface Visitor {
  origin: string
  /** A page, whole. */
  page(path: string): Promise<Answer>
  /** Its part, as htmx asks for it. */
  part(path: string): Promise<Answer>
  post(path: string, form: Record<string, string>): Promise<Answer>
  send(method: string, path: string, body: string, headers: Record<string, string>): Promise<Answer>
  cookies(): { name: string; value: string }[]
  forget(cookieName: RegExp): void
  leave(): void
}

export function visit(origin: string): Visitor {
  const agent = new Agent({ keepAlive: true })
  const jar = new Map<string, string>()

  async function send(method: string, path: string, body: string, headers: Record<string, string>): Promise<Answer> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await exchange(agent, `${origin}${path}`, method, body, {
      ...(cookie ? { cookie } : {}),
      ...headers,
    })
    for (const line of answer.headers['set-cookie'] ?? []) keep(jar, line)
    return answer
  }

  return {
    origin,
    send,
    page: (path) => send('GET', path, '', { accept: 'text/html', 'accept-language': 'pt-BR' }),
    part: (path) =>
      send('GET', path, '', {
        accept: 'text/html',
        'accept-language': 'pt-BR',
        'hx-request': 'true',
        'hx-request-type': 'partial',
      }),
    post: (path, form) =>
      send('POST', path, new URLSearchParams(form).toString(), {
        'content-type': 'application/x-www-form-urlencoded',
        origin,
        'sec-fetch-site': 'same-origin',
        'hx-request': 'true',
        'hx-request-type': 'partial',
      }),
    cookies: () => [...jar].map(([name, value]) => ({ name, value })),
    forget: (cookieName) => {
      for (const name of jar.keys()) if (cookieName.test(name)) jar.delete(name)
    },
    leave: () => agent.destroy(),
  }
}

export async function signIn(origin: string, email: string, password: string): Promise<Visitor> {
  const visitor = visit(origin)
  const { status } = await visitor.post('/sign-in', { email, password })
  if (status >= 400) throw new Error(`${email} could not sign in: ${status}.`)
  return visitor
}

function exchange(
  agent: Agent,
  url: string,
  method: string,
  body: string,
  headers: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const length = body ? { 'content-length': String(Buffer.byteLength(body)) } : {}
    const asked = request(url, { method, agent, headers: { ...headers, ...length } }, async (answered) => {
      const chunks: Buffer[] = []
      try {
        for await (const chunk of answered) chunks.push(chunk as Buffer)
      } catch (error) {
        reject(error)
        return
      }
      const ms = performance.now() - started
      resolve({ status: answered.statusCode ?? 0, headers: answered.headers, body: Buffer.concat(chunks), ms })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';')
  const at = pair.indexOf('=')
  const name = pair.slice(0, at).trim()
  const value = pair.slice(at + 1).trim()
  const isOver = value === '' || attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute))
  if (isOver) jar.delete(name)
  else jar.set(name, value)
}
