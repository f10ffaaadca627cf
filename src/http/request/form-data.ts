import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { Busboy, BusboyInstance } from '@fastify/busboy'
import { PieceCollector } from '../../base/bytes/piece-collector.js'
import { bytesOf, type Octets } from '../../base/bytes/source.js'
import { AdapterError, type Violation } from '../../base/errors.js'
import { onDemand } from '../../base/on-demand.js'
import { type ExactPlace, JsonError, type JsonLimits, parseJson } from '../../json/parse.js'
import { Binary } from '../../json/value.js'
import { covers, hasWildcard } from '../../openapi/media-type.js'
import type { FormField } from '../validation/form-schema.js'
import { type DecodedBody, receiveBody } from './body.js'
import { PartCounter } from './part-counter.js'

const parser = onDemand((require) => require('@fastify/busboy') as { readonly Busboy: typeof Busboy })

/** A form with more parts is not a form that people fill in. */
const MAX_PARTS = 200
const MAX_NAME_BYTES = 200
const MAX_HEADER_BYTES = 8192
const MAX_HEADER_FIELDS = 20

/** A form as one object, and what is wrong with it beside what the schema says. */
export interface DecodedForm extends DecodedBody {
  readonly violations: readonly Violation[]
}

interface ReceivedPart {
  readonly name: string
  readonly field: FormField
  readonly content: Octets
  readonly mediaType: string
}

/**
 * Reads a body of multipart/form-data (RFC 7578) while it comes in: each part is held once.
 *
 * @param fields what the contract has; a part of any other name is a violation, and is not kept
 * @param maxBytes of the whole body; a part may have as many unless its field says otherwise
 * @throws AdapterError `request-too-large`, `client-closed`; `request-malformed` for what is not a form, and for parts
 *   that are neither bytes nor what their schema says how to read
 */
export async function readForm(
  req: IncomingMessage,
  fields: ReadonlyMap<string, FormField>,
  maxBytes: number,
  limits: JsonLimits,
): Promise<DecodedForm> {
  const form = new FormReader(req, fields, maxBytes)
  await receiveBody(req, maxBytes, (chunk) => {
    form.take(chunk)
  })
  await form.end()
  return compose(form.parts, form.violations, limits)
}

const UNKNOWN_PART: Violation = { pointer: '', detail: 'has a part that the contract does not have' }

class FormReader {
  readonly parts: ReceivedPart[] = []
  readonly violations: Violation[] = []
  readonly #busboy: BusboyInstance
  readonly #finished: Promise<void>
  readonly #counter: PartCounter
  /** Parts with a name; the parser passes over all others. */
  #named = 0

  constructor(
    readonly req: IncomingMessage,
    readonly fields: ReadonlyMap<string, FormField>,
    maxBytes: number,
  ) {
    this.#busboy = open(req, maxBytes)
    this.#counter = new PartCounter(req.headers['content-type'] ?? '')
    this.#finished = new Promise((resolve, reject) => {
      const refuse = (what: string) => () => {
        reject(malformed(what))
      }
      this.#busboy.on('finish', resolve)
      this.#busboy.on('error', refuse('it is not what RFC 7578 says, or ends too early'))
      this.#busboy.on('partsLimit', refuse(`it has more than ${MAX_PARTS} parts`))
      this.#busboy.on('filesLimit', refuse(`it has more than ${MAX_PARTS} parts`))
    })
    // It is looked at when the body has come in whole.
    this.#finished.catch(() => undefined)
    this.#busboy.on('file', (name, stream, _, transferEncoding, mediaType) => {
      this.#part(name, stream, transferEncoding, mediaType)
    })
  }

  /** Goes on with the body at once, or when what it has got is dealt with. */
  take(chunk: Buffer): void {
    this.#counter.take(chunk)
    if (this.#busboy.destroyed || this.#busboy.write(chunk)) return
    this.req.pause()
    this.#busboy.once('drain', () => this.req.resume())
  }

  async end(): Promise<void> {
    if (!this.#busboy.destroyed) this.#busboy.end()
    await this.#finished
    if (this.#counter.parts > this.#named) this.violations.push(UNKNOWN_PART)
  }

  #part(name: string, stream: PartStream, transferEncoding: string, mediaType: string): void {
    this.#named += 1
    stream.on('error', () => undefined)
    const field = this.fields.get(name)
    if (!field) {
      this.violations.push(UNKNOWN_PART)
      stream.resume()
      return
    }
    const pointer = pointerTo(name)
    if (!/^(?:7bit|8bit|binary)$/i.test(transferEncoding)) {
      this.violations.push({ pointer, detail: 'must have no Content-Transfer-Encoding' })
    }
    const { maxBytes = Infinity, mediaType: expected } = field
    if (hasWildcard(mediaType) || (expected !== undefined && !covers(expected, mediaType))) {
      this.violations.push({
        pointer,
        detail: `must be of the media type ${expected ?? 'that it is, without a *'}`,
      })
    }
    const collector = new PieceCollector()
    let isOver = false
    stream.on('data', (chunk: Buffer) => {
      isOver ||= collector.byteLength + chunk.byteLength > maxBytes
      if (!isOver) collector.add(chunk)
    })
    stream.on('end', () => {
      if (isOver) this.violations.push({ pointer, detail: `must have at most ${maxBytes} bytes` })
      // It is there all the same, whatever is wrong with it.
      this.parts.push({ name, field, content: isOver ? Buffer.alloc(0) : collector.take(), mediaType })
    })
  }
}

type PartStream = Pick<NodeJS.ReadableStream, 'on' | 'resume'>

function open(req: IncomingMessage, maxBytes: number): BusboyInstance {
  const headers = { ...req.headers, 'content-type': req.headers['content-type'] ?? '' }
  try {
    return new (parser().Busboy)({
      headers,
      // Texts too: whether they are UTF-8 is judged here.
      isPartAFile: () => true,
      limits: {
        fieldNameSize: MAX_NAME_BYTES,
        fileSize: maxBytes,
        files: MAX_PARTS,
        parts: MAX_PARTS,
        headerPairs: MAX_HEADER_FIELDS,
        headerSize: MAX_HEADER_BYTES,
      },
    })
  } catch {
    throw malformed('its Content-Type has no boundary')
  }
}

function malformed(what: string): AdapterError {
  return new AdapterError(
    'request-malformed',
    `The body is not the multipart/form-data that is taken here: ${what}.`,
  )
}

/** Makes one object of the parts. */
function compose(
  parts: readonly ReceivedPart[],
  found: readonly Violation[],
  limits: JsonLimits,
): DecodedForm {
  const object = Object.create(null) as Record<string, unknown>
  const violations = [...found]
  const exact: ExactPlace[] = []
  for (const part of parts) {
    const { name, field } = part
    const value = valueOf(part, limits, exact)
    const before = object[name]
    if (field.isArray) {
      const items: unknown[] = Array.isArray(before) ? before : []
      if (value.digits !== undefined)
        exact.push({ container: items, key: items.length, source: value.digits })
      items.push(value.value)
      object[name] = items
    } else if (before !== undefined) {
      violations.push({ pointer: pointerTo(name), detail: 'must be there once' })
    } else {
      object[name] = value.value
      if (value.digits !== undefined) exact.push({ container: object, key: name, source: value.digits })
    }
  }
  return { value: object, exact, values: parts.length, violations }
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** @returns the value, with the digits of a number that a double does not give back */
function valueOf(
  { name, field, content, mediaType }: ReceivedPart,
  limits: JsonLimits,
  exact: ExactPlace[],
): { readonly value: unknown; readonly digits?: string } {
  if (field.kind === 'bytes') return { value: new Binary(content, mediaType) }
  const bytes = bytesOf(content)
  if (!isUtf8(bytes)) throw malformed(`the part ${name} is not well-formed UTF-8`)
  const text = bytes.toString('utf8')
  switch (field.kind) {
    case 'text':
      return { value: text }
    case 'boolean':
      return { value: text === 'true' || text === 'false' ? text === 'true' : text }
    case 'number': {
      if (!NUMBER.test(text)) return { value: text }
      const value = Number(text)
      return String(value) === text ? { value } : { value, digits: text }
    }
    case 'json':
      try {
        const parsed = parseJson(text, limits)
        for (const one of parsed.exact) exact.push(one)
        return { value: parsed.value }
      } catch (error) {
        if (!(error instanceof JsonError)) throw error
        throw malformed(`the part ${name} is not JSON: ${error.message}`)
      }
  }
}

function pointerTo(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
