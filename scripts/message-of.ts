/** What was thrown, in a sentence for whoever ran the command. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
