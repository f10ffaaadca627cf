import { AdapterError } from '../base/errors.js'
import type { ValueMapping } from '../mapping/canonical/value-mapping.js'
import { XmlError, type XmlReader } from '../xml/reader.js'
import type { ValueCodec } from './codec.js'
import type { Compiler } from './compile.js'
import type { JsonText } from './json/text.js'
import { resolveReferences } from './repair/references.js'
import { isMismatch, readerAt, Repair } from './repair/repair.js'

/** Reads one element of a response: a header block, or what a fault has in its detail. */
export type ValueDecoder = Pick<ValueCodec, 'decode'>

/** @returns a decoder that forgives what the contract forgives the backend */
export function lenientValue(mapping: ValueMapping, compiler: Compiler): ValueDecoder {
  const codec = compiler.value(mapping)
  return compiler.leniency.kinds.size === 0 ? codec : new LenientValue(mapping, codec, compiler)
}

/** Reads strictly what needs no leniency, and everything else once it is repaired. */
class LenientValue implements ValueDecoder {
  constructor(
    readonly mapping: ValueMapping,
    readonly codec: ValueDecoder,
    readonly compiler: Compiler,
  ) {}

  decode(reader: XmlReader, out: JsonText): void {
    const path = reader.path()
    try {
      this.#decode(reader.fragment(), out)
    } catch (error) {
      throw error instanceof AdapterError ? within(path, error) : error
    }
  }

  #decode(written: string, out: JsonText): void {
    const { leniency, places, encoding } = this.compiler
    const resolved = leniency.allows('references')
      ? resolveReferences(written, encoding.maxLength)
      : undefined
    if (resolved !== undefined) leniency.count('references')
    const xml = resolved ?? written
    try {
      this.#read(xml, out)
    } catch (error) {
      if (!isMismatch(error)) throw error
      const repair = new Repair(leniency, places)
      const repaired = repair.element(xml, this.mapping)
      if (repair.used.size === 0) throw error
      out.clear()
      this.#read(repaired, out)
      for (const kind of repair.used) leniency.count(kind)
    }
  }

  #read(xml: string, out: JsonText): void {
    const reader = readerAt(xml)
    try {
      this.codec.decode(reader, out)
    } catch (error) {
      if (!(error instanceof XmlError)) throw error
      // Its position is one in the element, not in the response.
      const message = `The response does not match its WSDL: ${error.what}.`
      throw new AdapterError('backend-mismatch', message, { path: reader.path(), cause: error })
    }
  }
}

/** @param path of the element that was read by itself, and that the path of the error begins with */
function within(path: string, error: AdapterError): AdapterError {
  const { code, message, path: inner = '', backendStatus, outcome } = error
  const below = inner.indexOf('/', 1)
  return new AdapterError(code, message, {
    path: below === -1 ? path : path + inner.slice(below),
    cause: error.cause,
    ...(outcome && { outcome }),
    ...(backendStatus !== undefined && { backendStatus }),
  })
}
