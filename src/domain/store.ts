/** Where files are kept, by keys of ours. */

export interface Store {
  /**
   * Streams it in, and answers how many bytes that were. Nothing stays where there are more than `most`, or it breaks off.
   * One that comes in parts is told by `began` under which name they are kept until it is whole.
   */
  put(key: string, body: ReadableStream<Uint8Array>, most: number, began?: (upload: string) => void): Promise<number>
  /** Takes away the parts of one that nobody goes on with. Whole or away already, it stays as it is. */
  abandon(key: string, upload: string): Promise<void>
  /** The file, or a part of it; null: there is none. */
  get(key: string, range?: { offset: number; length: number }): Promise<ReadableStream<Uint8Array> | null>
  delete(keys: string[]): Promise<void>
}

export class TooLarge extends Error {
  readonly most: number

  constructor(most: number) {
    super(`More than ${most} bytes.`)
    this.name = 'TooLarge'
    this.most = most
  }
}
