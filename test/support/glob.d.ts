interface ImportMeta {
  /** Vite's: the files of a pattern, put in when the test is built. */
  glob<T>(pattern: string, how: { query?: string; import?: string; eager: true }): Record<string, T>
}
