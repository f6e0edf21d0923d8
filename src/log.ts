/** One JSON line an event, for the platform's log: the allowlist of fields is the type's. */
import type { Log, LogFields } from './domain/app.ts'

const write = (level: 'info' | 'warn' | 'error', event: string, fields: LogFields = {}, error?: unknown) =>
  console[level](JSON.stringify({ level, event, ...fields, ...(error === undefined ? {} : told(error)) }))

/**
 * An error's message may quote what a person wrote or where we called: its kind and its place in our code are enough. A
 * message may have several lines, as that of a query has with its values.
 */
const told = (error: unknown) =>
  error instanceof Error ? { error: error.name, at: placeOf(error) } : { error: typeof error }

const placeOf = ({ message, stack = '' }: Error): string[] =>
  stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, 5)

export const consoleLog: Log = {
  info: (event, fields) => write('info', event, fields),
  warn: (event, fields) => write('warn', event, fields),
  error: (event, error, fields) => write('error', event, fields, error),
}
