import type { ServerResponse } from 'node:http'

/** Header fields by their names in lower case. */
export type HeaderFields = Readonly<Record<string, string | string[]>>

/** What is known of a response before it is written: all that the guards of an operation need of it. `ServerResponse` is one. */
export interface ResponseHead {
  /** Whether the client has gone away. */
  readonly destroyed: boolean
  setHeader(name: string, value: string | readonly string[]): unknown
  /** The response is over, or the client has gone away. */
  once(event: 'close', listener: () => void): unknown
  off(event: 'close', listener: () => void): unknown
}

/**
 * Keeps the header fields of a response until its head is written, so that each is checked and copied once. Fields that were
 * set on the response itself stand beside them.
 */
export class KeptHead implements ResponseHead {
  readonly #res: ServerResponse
  readonly #fields: Record<string, string | string[]>

  /** @param fields of all responses */
  constructor(res: ServerResponse, fields: HeaderFields) {
    this.#res = res
    this.#fields = { ...fields }
  }

  get fields(): HeaderFields {
    return this.#fields
  }

  get destroyed(): boolean {
    return this.#res.destroyed
  }

  setHeader(name: string, value: string | readonly string[]): void {
    this.#fields[name] = typeof value === 'string' ? value : [...value]
  }

  once(event: 'close', listener: () => void): void {
    this.#res.once(event, listener)
  }

  off(event: 'close', listener: () => void): void {
    this.#res.off(event, listener)
  }

  /** Sets the fields on the response, for whoever writes its head by themselves. */
  release(): void {
    for (const [name, value] of Object.entries(this.#fields)) this.#res.setHeader(name, value)
  }
}
