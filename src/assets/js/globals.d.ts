/** htmx 4 as our script uses it: a global of the same joined file. */
interface HtmxSwap {
  text: string
  target: string | Element
  swap: string
  sourceElement?: Element
}
interface HtmxTask {
  type: 'main' | 'oob' | 'partial'
  target: Element | null
  fragment: DocumentFragment
  swapSpec: { style: string; [modifier: string]: unknown }
}
interface HtmxContext {
  sourceElement: Element
  target: Element | null
  swap: string
  confirm?: string
  hx?: Record<string, string>
  response?: { status: number; headers: Headers }
  /** Ours: whoever asked is told when it is over. */
  settled?: () => void
  request: { action: string; method: string; body: URLSearchParams | null; submitter?: HTMLElement }
}
interface HtmxApi {
  initSecurity(policy: object | undefined, sync: () => never, async: () => never): void
  morph(element: Element, fragment: DocumentFragment, inner: boolean): void
}
interface HtmxConnection {
  socket: WebSocket | null
}

declare const htmx: {
  registerExtension(
    name: string,
    extension: {
      init?(api: HtmxApi): void
      handle_swap?(
        style: string,
        target: Element,
        fragment: DocumentFragment,
        spec: HtmxTask['swapSpec'],
      ): boolean | Element[]
    },
  ): void
  ajax(
    verb: string,
    path: string,
    options: { source: string; target?: string; swap?: string; values?: Record<string, string>; settled?: () => void },
  ): Promise<void>
  swap(swap: HtmxSwap): Promise<void>
  process(element: Element, force?: boolean): void
}

interface Window {
  trustedTypes?: { createPolicy(name: string, rules: object): object }
}
interface Element {
  _htmx?: { ws?: { connection?: HtmxConnection } }
}
interface Node {
  /** Not everywhere yet: a move that keeps focus. */
  moveBefore?(node: Node, before: Node | null): void
}
interface DocumentEventMap {
  'htmx:before:swap': CustomEvent<{ ctx: HtmxContext; tasks: HtmxTask[] }>
  'htmx:after:swap': CustomEvent<{ ctx: HtmxContext }>
  'htmx:finally:swap': CustomEvent<{ ctx: HtmxContext }>
  'htmx:after:history:update': CustomEvent<{ response?: NonNullable<HtmxContext['response']> }>
  'htmx:before:cleanup': Event
  'htmx:config:request': CustomEvent<{ ctx: HtmxContext }>
  'htmx:before:request': CustomEvent<{ ctx: HtmxContext }>
  'htmx:before:response': CustomEvent<{ ctx: HtmxContext }>
  'htmx:after:request': CustomEvent<{ ctx: HtmxContext }>
  'htmx:finally:request': CustomEvent<{ ctx: HtmxContext }>
  'htmx:response:error': CustomEvent<{ ctx: HtmxContext }>
  'htmx:error': CustomEvent<{ ctx?: HtmxContext; error: unknown }>
  'htmx:confirm': CustomEvent<{ ctx: HtmxContext; issueRequest(): void; dropRequest(): void }>
  'htmx:ws:after:connection': CustomEvent<{ connection: HtmxConnection }>
  'htmx:ws:close': CustomEvent<{ connection: HtmxConnection; code: number | null; reason: string }>
  'htmx:ws:before:message:incoming': CustomEvent<{ message: { data: unknown } }>
  'htmx:ws:after:message:incoming': CustomEvent<{ message: { data: unknown } }>
  /** New bubbles at the end of the open thread. */
  'prosa:arrived': CustomEvent<{ bubbles: HTMLElement[] }>
  /** The page is connected again, and may ask for what it missed. */
  'prosa:connected': CustomEvent<void>
  /** The open thread has all that its page missed while it was being opened. */
  'prosa:caught-up': Event
  /** What the dialog was for is done. */
  'prosa:done': CustomEvent<unknown>
}
