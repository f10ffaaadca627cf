import type { ServerResponse } from 'node:http'
import { FieldList } from './field-list.js'

/** Header fields: names in lower case and values by turns. */
export type HeaderFields = readonly string[]

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
  readonly #fields: FieldList

  /** @param fields of all responses */
  constructor(res: ServerResponse, fields: HeaderFields) {
    this.#res = res
    this.#fields = new FieldList(fields)
  }

  /** A copy, for whoever writes the head; the fields are still those of the response where that fails. */
  get fields(): FieldList {
    return this.#fields.copy()
  }

  get destroyed(): boolean {
    return this.#res.destroyed
  }

  setHeader(name: string, value: string | readonly string[]): void {
    this.#fields.set(name, typeof value === 'string' ? value : [...value])
  }

  once(event: 'close', listener: () => void): void {
    this.#res.once(event, listener)
  }

  off(event: 'close', listener: () => void): void {
    this.#res.off(event, listener)
  }

  /** Sets the fields on the response, for whoever writes its head by themselves. */
  release(): void {
    this.#fields.setOn(this.#res)
  }
}
