/** What is known of a response before it is written: all that the guards of an operation need of it. `ServerResponse` is one. */
export interface ResponseHead {
  /** Whether the client has gone away. */
  readonly destroyed: boolean
  setHeader(name: string, value: string | readonly string[]): unknown
  /** The response is over, or the client has gone away. */
  once(event: 'close', listener: () => void): unknown
  off(event: 'close', listener: () => void): unknown
}
