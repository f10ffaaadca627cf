import { bytesOf, type Octets } from '../base/bytes/source.js'

/**
 * A JSON number whose digits a double cannot hold as written: `9007199254740993`, `1.10`, `1e400`.
 * The digits are kept; nothing is rounded.
 *
 * @example
 * ```ts
 * const request: RestRequest = { path: {}, query: {}, headers: {}, body: { id: new ExactNumber('9007199254740993') } }
 * ```
 */
export class ExactNumber {
  constructor(readonly source: string) {}

  /** The nearest double, for those who only compare. */
  valueOf(): number {
    return Number(this.source)
  }

  toString(): string {
    return this.source
  }

  /** The digits where the engine can write them (`JSON.rawJSON`, Node 22), else the nearest double. */
  toJSON(): unknown {
    const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown }
    return rawJSON ? rawJSON(this.source) : Number(this.source)
  }
}

/** Bytes where JSON has a text in base64: a body, or a part of one, that came as it is. */
export class Binary {
  /**
   * @param whole in pieces until somebody asks for all of it in one
   * @param mediaType as the sender gave it
   */
  constructor(
    private whole: Octets,
    readonly mediaType?: string,
  ) {}

  /** In the pieces in which they came. */
  get content(): Octets {
    return this.whole
  }

  /** In one piece; the pieces are let go. */
  get bytes(): Uint8Array {
    if (!(this.whole instanceof Uint8Array)) this.whole = bytesOf(this.whole)
    return this.whole
  }

  get byteLength(): number {
    return this.whole.byteLength
  }

  /** In base64. */
  toString(): string {
    return bytesOf(this.bytes).toString('base64')
  }

  toJSON(): string {
    return this.toString()
  }
}

/** A long text in base64, held as the bytes that it stands for; it is canonical, so that they give it back. */
export class Base64Text {
  constructor(readonly binary: Binary) {}

  /** The text, made anew. */
  toString(): string {
    return this.binary.toString()
  }

  toJSON(): string {
    return this.toString()
  }
}

export type JsonScalar = null | boolean | number | bigint | ExactNumber | Binary | Base64Text | string
/**
 * @example
 * ```ts
 * const items: JsonValue = [{ sequenceNumber: 1n }, null, 'text', new ExactNumber('0.10')]
 * ```
 */
export type JsonValue = JsonScalar | readonly JsonValue[] | JsonObject
/**
 * @example
 * ```ts
 * const body: JsonObject = { accountType: 'SAVINGS', currency: 'EUR' }
 * ```
 */
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isScalarObject(value)
}

/** A scalar as plain text: digits as they are, `true`, `null`. */
export function scalarText(value: JsonScalar): string {
  return value instanceof ExactNumber ? value.source : String(value)
}

export function isJsonScalar(value: JsonValue | undefined): value is JsonScalar {
  return value !== undefined && (typeof value !== 'object' || value === null || isScalarObject(value))
}

function isScalarObject(value: unknown): value is ExactNumber | Binary | Base64Text {
  return value instanceof ExactNumber || value instanceof Binary || value instanceof Base64Text
}

/** A text that is held as bytes as the text that it is, for those who look at texts; all else as it is. */
export function withText(value: JsonValue): JsonValue {
  return value instanceof Base64Text ? value.toString() : value
}

/** Sets an own member, whatever it is called. */
export function setMember(container: object, key: string | number, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true })
  } else {
    ;(container as Record<string | number, unknown>)[key] = value
  }
}
