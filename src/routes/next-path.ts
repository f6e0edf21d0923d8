/** Where to go after signing in: a path of ours, whatever the address bar was made to say. */
const LONGEST = 2_048
const HOME = '/conversations'

export function nextPath(wanted: string | null | undefined): string {
  if (!wanted?.startsWith('/') || wanted.length > LONGEST) return HOME
  const { origin, pathname, search } = resolved(wanted)
  // `//host` and its disguises leave the site; `/.//host` resolves to a path that would leave it when sent back.
  if (origin !== BASE || pathname.startsWith('//')) return HOME
  return isOfSignIn(pathname) ? HOME : `${pathname}${search}`
}

/** The way to sign in and back to `path`. */
export function signInPath(path?: string): string {
  const next = path === undefined ? HOME : nextPath(path)
  return next === HOME ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`
}

const BASE = 'https://prosa.invalid'

const resolved = (path: string) => (URL.canParse(path, BASE) ? new URL(path, BASE) : new URL('about:blank'))

const isOfSignIn = (pathname: string) => /^\/sign-(?:in|out)(?:\/|$)/.test(pathname)
