/** Loaded before a command: hosts that only the internet knows are answered on this machine, and no other is reached. */
const hosts = JSON.parse(process.env['FAKE_HOSTS'] ?? '{}') as Record<string, string>
const real = globalThis.fetch

globalThis.fetch = (input, init) => {
  const request = new Request(input, init)
  const url = new URL(request.url)
  const here = hosts[url.host]
  return here
    ? real(new Request(`${here}${url.pathname}${url.search}`, request))
    : Promise.reject(new Error(`A test called ${url.host}.`))
}
