/** Why Prosa cannot start or go on, in one sentence that says what to do; it ends with exit code 1. */
export class StartError extends Error {}
