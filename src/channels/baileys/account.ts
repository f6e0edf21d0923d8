/** An account of a gateway that a company runs by itself: named by the server, of which there are many. */

/** `loja` on `https://gateway.example` is `gateway.example/loja`: the same name on two servers is two numbers. */
export const accountOn = (serverUrl: string, name: string): string =>
  `${URL.canParse(serverUrl) ? new URL(serverUrl).host : ''}/${name}`

/** `gateway.example/loja` is `loja` to its own server. */
export const nameOn = (accountId: string): string => accountId.slice(accountId.lastIndexOf('/') + 1)

/** Whose an event is: the server names itself by nothing, but its own address here knows it. */
export const accountIn = (named: string | undefined, own: string): string =>
  !named || named.length > 256 || named === nameOn(own) ? own : named
