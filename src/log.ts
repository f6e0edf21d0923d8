/** One JSON line an event, for the platform's log: the allowlist of fields is the type's. */
import type { Log, LogFields } from './domain/app.ts'

const write = (level: 'info' | 'warn' | 'error', event: string, fields: LogFields = {}, error?: unknown) =>
  console[level](JSON.stringify({ level, event, ...fields, ...(error === undefined ? {} : told(error)) }))

/** An error's message may quote what a person wrote or where we called: its kind and its place in our code are enough. */
const told = (error: unknown) =>
  error instanceof Error
    ? {
        error: error.name,
        at: (error.stack ?? '')
          .split('\n')
          .slice(1, 6)
          .map((line) => line.trim()),
      }
    : { error: typeof error }

export const consoleLog: Log = {
  info: (event, fields) => write('info', event, fields),
  warn: (event, fields) => write('warn', event, fields),
  error: (event, error, fields) => write('error', event, fields, error),
}
