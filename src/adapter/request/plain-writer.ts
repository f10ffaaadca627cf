import { bodyOf, type Segment } from '../../base/bytes/source.js'
import { BodyCodec } from '../../codec/body.js'
import { EncodeError, XmlText } from '../../codec/codec.js'
import type { Compiler } from '../../codec/compile.js'
import type { RequestMapping } from '../../mapping/operation/mapping.js'
import type { HttpOperation } from '../../wsdl/model.js'
import { withoutXmlLimits, XmlReader } from '../../xml/reader.js'
import type { CallContext } from '../call-context.js'
import type { RestRequest, SoapRequest } from '../rest.js'
import { assemble, unencodable } from './assemble.js'
import { PLAIN_XML, plainDocument } from './plain-document.js'

const ACCEPT = 'application/xml, text/xml'

type Pair = [name: string, value: string]

/** Writes the calls of one operation without an envelope: XML over HTTP, or the values of a form or a URL. */
export class PlainWriter {
  readonly #members: RequestMapping['members']
  readonly #codec: BodyCodec
  readonly #declarations: string
  readonly #http: HttpOperation

  constructor({ body, members }: RequestMapping, http: HttpOperation, compiler: Compiler) {
    this.#members = members
    this.#http = http
    this.#codec = new BodyCodec(body, compiler)
    this.#declarations = compiler.declarations(body)
  }

  /** @throws AdapterError `request-unencodable` */
  write(request: RestRequest, context: CallContext): Omit<SoapRequest, 'url'> {
    const { verb: method, location, input } = this.#http
    const [first = '', ...rest] = this.#encode(request, context)
    const xml = [plainDocument(String(first), this.#declarations), ...rest]
    if (input === 'xml') {
      const headers = { 'content-type': PLAIN_XML, accept: ACCEPT }
      return { method, suffix: location, headers, body: bodyOf(xml) }
    }
    const pairs = pairsIn(xml.join(''))
    if (input === 'replacement') {
      const suffix = replaced(location, pairs)
      return { method, suffix, headers: { accept: ACCEPT }, body: '' }
    }
    const encoded = new URLSearchParams([...pairs]).toString()
    if (input === 'form') {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: ACCEPT }
      return { method, suffix: location, headers, body: encoded }
    }
    const query = encoded === '' ? '' : `${location.includes('?') ? '&' : '?'}${encoded}`
    return { method, suffix: location + query, headers: { accept: ACCEPT }, body: '' }
  }

  #encode(request: RestRequest, context: CallContext): readonly Segment[] {
    const out = new XmlText()
    try {
      this.#codec.encode(assemble(this.#members, request, context), out)
    } catch (error) {
      throw error instanceof EncodeError ? unencodable(error) : error
    }
    return out.segments
  }
}

/** The values of the parts, in the order of the message; of a part that is a list, one for each item. */
function pairsIn(xml: string): Pair[] {
  const reader = new XmlReader(xml, withoutXmlLimits)
  const pairs: Pair[] = []
  reader.nextElement()
  while (reader.nextElement()) {
    const name = reader.localName
    if (!reader.hasElements()) pairs.push([name, reader.text()])
    else while (reader.nextElement()) pairs.push([name, reader.text()])
  }
  return pairs
}

/** `(part)` in a location stands for the part's value (WSDL 1.1, 4.7). */
function replaced(location: string, pairs: readonly Pair[]): string {
  const values = new Map(pairs)
  return location.replace(/\(([^()]*)\)/g, (_, name: string) => encodeURIComponent(values.get(name) ?? ''))
}
