import { AdapterError } from '../base/errors.js'
import { SOAP_RPC_12 } from '../base/namespaces.js'
import { clark } from '../base/qname.js'
import type { JsonObject } from '../json/value.js'
import { elementsOf } from '../mapping/canonical/content-walk.js'
import type { BodyMapping } from '../mapping/operation/mapping.js'
import {
  type EncodingOptions,
  type ExpectedMessage,
  type ResolvedFault,
  resolveFault,
  resolveMessage,
} from '../soap/encoding/message.js'
import { TreeReader, unresolved } from '../soap/encoding/tree-reader.js'
import { internName } from '../xml/names.js'
import { XmlError, type XmlReader } from '../xml/reader.js'
import { safeName, safeSubject } from '../xml/safe-name.js'
import { mismatch, type Tag, type XmlText } from './codec.js'
import type { Compiler } from './compile.js'
import { DocumentFault } from './document.js'
import { countsTypesOfLeaves } from './elements/typed-leaves.js'
import type { JsonText } from './json/text.js'
import type { ObjectCodec } from './objects/object.js'
import { resolveReferences } from './repair/references.js'
import { isMismatch, readerAtBody, Repair } from './repair/repair.js'

/** It names the accessor of the return value, which rpc puts first in SOAP 1.2 (Part 2, 4.2.1). */
const RPC_RESULT = internName(`{${SOAP_RPC_12}}result`)

/** The children of soap:Body as one JSON object. */
export class BodyCodec {
  readonly #object: ObjectCodec
  readonly #wrapper: { readonly name: string; readonly tag: Tag } | undefined
  readonly #encoded: ExpectedMessage | undefined
  readonly #encoding: EncodingOptions
  readonly #mapping: BodyMapping
  readonly #compiler: Compiler

  constructor(mapping: BodyMapping, compiler: Compiler) {
    const { wrapper, object } = mapping
    this.#mapping = mapping
    this.#compiler = compiler
    this.#object = compiler.object(object)
    this.#encoding = compiler.encoding
    const style = object.type.encoded?.style
    this.#wrapper = wrapper && {
      name: internName(clark(wrapper)),
      tag: wrapperTag(compiler.tag(wrapper), style),
    }
    if (wrapper && style !== undefined) {
      const accessors = elementsOf(object.content).map((element) => element.name.localName)
      this.#encoded = { wrapper, accessors, style, countsTypesOfLeaves: countsTypesOfLeaves(object) }
    }
  }

  encode(object: JsonObject, out: XmlText): void {
    if (this.#wrapper) this.#object.encode(object, out, this.#wrapper.tag)
    else this.#object.parts.content?.encode(object, out)
  }

  /**
   * Consumes what is left of soap:Body and its end.
   *
   * @param more whether the reader stands on a child of soap:Body
   */
  decode(reader: XmlReader, out: JsonText, more: boolean): void {
    if (this.#encoded) {
      if (more && this.#decodeAsItStands(reader, out, this.#encoded)) return
      const resolved = resolveMessage(reader, { more, expected: this.#encoded, options: this.#encoding })
      if (this.#compiler.leniency.kinds.size === 0) this.#decodeEncoded(resolved, out)
      else this.#decodeLeniently(resolved.document, out)
      return
    }
    if (this.#compiler.leniency.kinds.size === 0) {
      this.#decode(reader, out, more)
      return
    }
    if (more) reader.skip()
    while (reader.nextElement()) reader.skip()
    this.#decodeLeniently(reader.document, out)
  }

  /**
   * Reads a message of SOAP encoding that is a tree, and right. Of one that is not, what it is and what is wrong with it is
   * known once it is resolved.
   *
   * @returns whether the message has been read; else the reader is where it was, and nothing is written
   */
  #decodeAsItStands(reader: XmlReader, out: JsonText, expected: ExpectedMessage): boolean {
    if (out.attachments || reader.source.end > this.#encoding.maxLength) return false
    const tree = new TreeReader(reader, expected, this.#encoding)
    try {
      this.#compiler.leniency.tentatively(() => {
        this.#decode(tree, out, tree.nextElement())
      })
    } catch (error) {
      if (!isOfMessage(error)) throw error
      out.clear()
      return false
    }
    reader.goOnAfter(tree)
    return true
  }

  /** Reads strictly what needs no leniency, and everything else once it is repaired. */
  #decodeLeniently(xml: string, out: JsonText): void {
    const { leniency, places } = this.#compiler
    const { maxLength } = this.#encoding
    const resolved = leniency.allows('references') ? resolveReferences(xml, maxLength) : undefined
    if (resolved !== undefined) leniency.count('references')
    const document = resolved ?? xml
    try {
      this.#decodeDocument(document, out)
    } catch (error) {
      if (!isMismatch(error)) throw error
      const repair = new Repair(leniency, places)
      const repaired = repair.body(document, this.#mapping)
      if (repair.used.size === 0) throw error
      out.clear()
      this.#decodeDocument(repaired, out)
      for (const kind of repair.used) leniency.count(kind)
    }
  }

  #decodeDocument(xml: string, out: JsonText): void {
    const reader = readerAtBody(xml)
    this.#decode(reader, out, reader.nextElement())
  }

  /**
   * A Fault with what it refers to in its place, where the message is encoded.
   *
   * @param reader on the start tag of Fault; where another reader is given back, soap:Body is consumed
   */
  resolvedFault(reader: XmlReader): ResolvedFault {
    if (!this.#encoded) return { reader, asSent: undefined }
    return resolveFault(reader, this.#encoded.style, this.#encoding)
  }

  /** What is read is our own writing: where it is not as it should be, the backend's was not either. */
  #decodeEncoded(resolved: XmlReader, out: JsonText): void {
    try {
      this.#decode(resolved, out, true)
    } catch (error) {
      if (error instanceof XmlError) throw mismatch(resolved, 'The content is not what the WSDL says.')
      throw error
    }
  }

  #decode(reader: XmlReader, out: JsonText, more: boolean): void {
    let left = more
    if (!this.#wrapper) {
      out.open('{')
      left = this.#object.parts.content?.decode(reader, out, more) ?? more
      out.close('}')
    } else {
      const { name, tag } = this.#wrapper
      if (!more || reader.name !== name) {
        throw mismatch(reader, otherContent(tag.localName, more ? reader.localName : undefined))
      }
      this.#object.decode(reader, out, RPC_RESULT)
      left = reader.nextElement()
    }
    if (left) throw mismatch(reader, `${safeSubject(reader.localName)} is not expected in soap:Body.`)
  }
}

/** Is it about what a backend has sent, and not about this program? */
function isOfMessage(error: unknown): boolean {
  return (
    error === unresolved ||
    error instanceof AdapterError ||
    error instanceof XmlError ||
    error instanceof DocumentFault
  )
}

/** @param found local name of what stands there */
function otherContent(expected: string, found: string | undefined): string {
  if (found === expected) return `${expected} in soap:Body is in another namespace than the WSDL says.`
  return `soap:Body must hold ${expected}${found === undefined ? '' : `, not ${safeName(found)}`}.`
}

/** SOAP 1.1, 4.1.1; SOAP 1.2 has the attribute on elements of the message alone (Part 1, 5.1.1). */
function wrapperTag(tag: Tag, style: string | undefined): Tag {
  return style === undefined ? tag : { ...tag, open: `${tag.open} soap:encodingStyle="${style}"` }
}
