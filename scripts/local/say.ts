/** Progress, one line each: what it is about, then what happened. */
export const say = (about: string, what: string) => console.log(`${about.padEnd(11)} ${what}`)
export const warn = (about: string, what: string) => console.error(`${about.padEnd(11)} ${what}`)
