import { type Segment, textOf } from '../base/bytes/source.js'
import { AdapterError } from '../base/errors.js'
import type { Binary, JsonObject, JsonValue } from '../json/value.js'
import type { XmlReader } from '../xml/reader.js'
import type { JsonText } from './json/text.js'
import type { Leaf } from './leaves/leaf.js'
import type { PlainValue } from './leaves/plain-value.js'
import type { Plan } from './plan.js'

/**
 * Both directions of the value of one element. The element's own tags belong to it: an encoder writes all of
 * the element, a decoder consumes all of it.
 */
export interface ValueCodec {
  /** How values are copied that stand in the document as they do in JSON; absent where that says too little. */
  readonly plain?: PlainValue | undefined
  /** @throws EncodeError */
  encode(value: JsonValue, out: XmlText, tag: Tag): void
  /**
   * The reader stands on the element's start tag.
   *
   * @throws AdapterError `backend-mismatch`
   */
  decode(reader: XmlReader, out: JsonText): void
}

/**
 * Both directions of one particle of a content model, whose members stand in the JSON object of the element
 * that contains it. Particles are matched with one element of look-ahead: a schema that is valid needs no
 * more (XML Schema Part 1, 3.8.6, Unique Particle Attribution), unless it counts within what repeats. Where that is not
 * enough, a plan says beforehand which particle each child belongs to.
 */
export interface ContentCodec {
  /**
   * Can the particle begin with the element that the reader stands on?
   *
   * @param plan says so, where there is one
   */
  starts(reader: XmlReader, plan?: Plan): boolean
  /** Can the particle match nothing at all? */
  readonly emptiable: boolean
  /** The particle, where it is one element with a simple value. */
  readonly leaf?: Leaf | undefined
  /** JSON members of the particle, those of flattened elements and inner groups included. */
  readonly members: readonly string[]
  /** Does the object have something for the particle? */
  isPresent(object: JsonObject): boolean
  /** Does the object have all that the particle asks for? The values themselves are not judged. */
  isComplete(object: JsonObject): boolean
  encode(object: JsonObject, out: XmlText): void
  /**
   * @param more whether the reader stands on a start tag; else the parent has ended
   * @param plan which particle each child belongs to, where particles compete for them
   * @returns the same, after the particle
   */
  decode(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean
  /** Writes what the JSON object has where the particle is left out as a whole: empty arrays. */
  decodeAbsent(out: JsonText): void
}

/** An element's tags, prefixed and ready. */
export interface Tag {
  /** `<n1:Amount`, without the end, so that attributes can follow. */
  readonly open: string
  readonly close: string
  readonly localName: string
  /** In Clark notation. */
  readonly name: string
  /** What makes it nil, ` xsi:nil="true"` and perhaps a type; undefined where null cannot be said. */
  readonly nil?: string | undefined
}

/** A member of a JSON object; never something that it inherits, `constructor` say: JSON has no functions. */
export function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  const value = object[name]
  return typeof value === 'function' ? undefined : value
}

/** Where bytes go that travel beside the envelope. */
export interface AttachmentSink {
  /** Whether xs:base64Binary goes there too (MTOM). */
  readonly isXop: boolean
  /** @returns the URL that the envelope refers to the part with */
  attach(value: Binary): string
}

/** XML text as it grows. */
export class XmlText {
  text = ''
  readonly #before: Segment[] = []

  /** @param attachments without it, all bytes stand in the text */
  constructor(readonly attachments?: AttachmentSink) {}

  /** Adds what is not to be copied. */
  splice(segment: Segment): void {
    this.#before.push(this.text, segment)
    this.text = ''
  }

  /** All of it, in order. */
  get segments(): readonly Segment[] {
    return [...this.#before, this.text]
  }

  /** All of it as one text. */
  get whole(): string {
    return this.#before.length === 0 ? this.text : textOf(this.segments)
  }
}

/** So many of one request are worth telling. */
const MOST_ERRORS = 100

/** A value that is valid for the JSON Schema, perhaps, but not for the XSD. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError'
  readonly #steps: (string | number)[] = []
  readonly #others: EncodeError[] = []

  /** Adds a step to the front of the pointer, on the way out. */
  within(step: string | number): this {
    this.#steps.unshift(step)
    for (const other of this.#others) other.#steps.unshift(step)
    return this
  }

  /** This one and what else is wrong beside it, at most 100, in the order of the schema. */
  get all(): readonly EncodeError[] {
    return [this, ...this.#others]
  }

  /** @returns false where no more are taken */
  add(other: EncodeError): boolean {
    for (const error of other.all) if (this.#others.length + 1 < MOST_ERRORS) this.#others.push(error)
    return this.#others.length + 1 < MOST_ERRORS
  }

  /** JSON pointer of the value, below the object that was encoded. */
  get pointer(): string {
    return this.#steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  }
}

/**
 * The response does not match its WSDL.
 *
 * @param element the local name of the element at fault, below the one that the reader stands on or, with `../`,
 *   beside it; by default that one itself
 */
export function mismatch(reader: XmlReader, message: string, element?: string): AdapterError {
  const here = reader.path()
  const path =
    element === undefined
      ? here
      : element.startsWith('../')
        ? here.slice(0, here.lastIndexOf('/')) + element.slice(2)
        : `${here}/${element}`
  return new AdapterError('backend-mismatch', message, { path })
}

/**
 * Goes on after a part of a value that cannot be encoded, so that all that is wrong is said at once.
 *
 * @param before what was wrong before it
 * @param error thrown on where it is not an EncodeError
 * @returns what to throw after the last part
 * @throws EncodeError where enough is wrong
 */
export function together(before: EncodeError | undefined, error: unknown): EncodeError {
  if (!(error instanceof EncodeError)) throw error
  if (!before) return error
  if (!before.add(error)) throw before
  return before
}

/** Adds the step of a member or an item to an EncodeError that passes by. */
export function within<T>(step: string | number, encode: () => T): T {
  try {
    return encode()
  } catch (error) {
    if (error instanceof EncodeError) error.within(step)
    throw error
  }
}
