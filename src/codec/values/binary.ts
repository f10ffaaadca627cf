import { decodeBase64 } from '../../base/bytes/base64.js'
import { Base64, bytesOf, WORTH_A_SEGMENT } from '../../base/bytes/source.js'
import { WSI_SWA } from '../../base/namespaces.js'
import { Base64Text, Binary, type JsonValue } from '../../json/value.js'
import type { ScalarMapping } from '../../mapping/canonical/value-mapping.js'
import { XOP_INCLUDE, xopInclude } from '../../soap/xop.js'
import type { XmlReader } from '../../xml/reader.js'
import { safeSubject } from '../../xml/safe-name.js'
import { trimXml } from '../../xml/white-space.js'
import type { SimpleType } from '../../xsd/model/model.js'
import { compileFacets } from '../../xsd/values/facets.js'
import { type AttachmentSink, EncodeError, mismatch } from '../codec.js'
import type { JsonText } from '../json/text.js'
import { inPlace, RuleError } from './rule.js'
import type { ScalarCodec } from './scalar-codec.js'

/** Base64 shorter than this costs less in the envelope than a part of its own. */
const WORTH_A_PART = 1024

type Form = 'base64' | 'hex' | 'swaRef'

/** Does the scalar stand for bytes? Attributes do too, but cannot refer to attachments. */
export function isBinary({ type, form, values }: ScalarMapping): boolean {
  return form === 'string' && !values && binaryForm(type) !== undefined
}

/** How the bytes of a type are written; undefined where it has none. */
function binaryForm({ name, variety, builtIn }: SimpleType): Form | undefined {
  if (variety !== 'atomic') return undefined
  if (builtIn === 'base64Binary') return 'base64'
  if (builtIn === 'hexBinary') return 'hex'
  return name?.namespace === WSI_SWA && name.localName === 'swaRef' ? 'swaRef' : undefined
}

/**
 * xs:base64Binary, xs:hexBinary and wsi:swaRef: bytes that may travel beside the envelope, in either direction.
 *
 * @param text the same type as a text
 */
export function compileBinary(mapping: ScalarMapping, text: ScalarCodec): ScalarCodec {
  const form = binaryForm(mapping.type) ?? 'base64'
  const broken = byteRule(mapping)
  const content =
    form === 'swaRef'
      ? swaRefContent(text)
      : form === 'hex'
        ? hexContent(text, broken)
        : base64Content(mapping, text, broken)
  return {
    isBinary: true,
    toLexical: (value) => text.toLexical(value),
    toJson: (lexical, plain) => text.toJson(lexical, plain),
    ...content,
    encode(value, out, tag) {
      out.text += `${tag.open}>`
      content.encodeContent(value, out)
      out.text += tag.close
    },
    decode: content.decodeContent,
  }
}

type Content = Pick<ScalarCodec, 'encodeContent' | 'decodeContent'>
type ByteRule = (bytes: Binary) => string | undefined

function base64Content({ narrowing }: ScalarMapping, text: ScalarCodec, broken: ByteRule): Content {
  return {
    encodeContent(value, out) {
      const { attachments } = out
      const bytes = value instanceof Base64Text ? value.binary : value
      const rule = bytes instanceof Binary ? broken(bytes) : undefined
      if (value instanceof Binary && rule !== undefined) throw new EncodeError(rule)
      // What is wrong with a text is said of the text, below.
      if (bytes instanceof Binary && rule === undefined) {
        if (attachments?.isXop) out.text += xopInclude(attachments.attach(bytes))
        else if (bytes.byteLength < WORTH_A_SEGMENT) out.text += bytes.toString()
        else out.splice(new Base64(bytes.content))
        return
      }
      const lexical = text.toLexical(value)
      if (attachments?.isXop && lexical.length >= WORTH_A_PART) {
        out.text += xopInclude(attached(lexical, attachments))
      } else if (lexical.length >= WORTH_A_SEGMENT) out.splice(lexical)
      else out.text += lexical
    },
    decodeContent(reader, out) {
      if (out.attachments && reader.hasElements()) {
        const value = included(reader, out)
        const rule = broken(value)
        if (rule !== undefined) throw inPlace(reader, new RuleError(rule))
        // What the contract asks of the text can only be seen in the text.
        if (narrowing && !out.isTaker) out.value(judged(reader, text, value.toString()))
        else out.bytes(value)
      } else if (out.isTaker) {
        const lexical = reader.text()
        judged(reader, text, lexical)
        out.bytes(new Binary(Buffer.from(lexical, 'base64')))
      } else text.decodeContent(reader, out)
    },
  }
}

function hexContent(text: ScalarCodec, broken: ByteRule): Content {
  return {
    encodeContent(value, out) {
      if (value instanceof Binary) {
        const rule = broken(value)
        if (rule !== undefined) throw new EncodeError(rule)
        out.splice(hexOf(value))
      } else text.encodeContent(value, out)
    },
    decodeContent(reader, out) {
      if (!out.isTaker) {
        text.decodeContent(reader, out)
        return
      }
      const lexical = reader.text()
      judged(reader, text, lexical)
      out.bytes(new Binary(Buffer.from(trimXml(lexical), 'hex')))
    },
  }
}

/** In upper case, as the canonical form has it (XML Schema Part 2, 3.2.15.2). */
function hexOf({ bytes }: Binary): string {
  return bytesOf(bytes).toString('hex').toUpperCase()
}

/** WS-I Attachments Profile 1.0, section 4.4: the element holds the URL of its part. */
function swaRefContent(text: ScalarCodec): Content {
  return {
    encodeContent(value, out) {
      if (out.attachments) out.text += attached(value, out.attachments)
      else text.encodeContent(value, out)
    },
    decodeContent(reader, out) {
      const href = reader.text()
      const value = out.attachments?.take(href)
      if (!value)
        throw mismatch(
          reader,
          `${safeSubject(reader.localName)} refers to a part that the response does not have.`,
        )
      out.bytes(value)
    },
  }
}

function attached(value: JsonValue, attachments: AttachmentSink): string {
  const bytes = binaryOf(value)
  if (!bytes) throw new EncodeError('must be base64')
  return attachments.attach(bytes)
}

/** Bytes, or a text in base64; undefined for anything else. */
export function binaryOf(value: JsonValue): Binary | undefined {
  if (value instanceof Binary) return value
  if (value instanceof Base64Text) return value.binary
  const bytes = typeof value === 'string' ? decodeBase64(value) : undefined
  return bytes && new Binary(bytes)
}

/** XOP 1.0, section 3.2: the Include is all that the element has, and its part is in the same package. */
function included(reader: XmlReader, out: JsonText): Binary {
  reader.nextElement()
  if (reader.name !== XOP_INCLUDE)
    throw mismatch(reader, `${safeSubject(reader.localName)} is not expected in a binary value.`)
  const value = out.attachments?.take(reader.attribute('href') ?? '')
  if (!value) throw mismatch(reader, 'An xop:Include refers to a part that the response does not have.')
  reader.skip()
  if (reader.nextElement())
    throw mismatch(reader, `${safeSubject(reader.localName)} is not expected after an xop:Include.`)
  return value
}

/** @returns the JSON text of a lexical form that keeps to all rules */
function judged(reader: XmlReader, text: ScalarCodec, lexical: string): string {
  try {
    return text.toJson(lexical, reader.plain)
  } catch (error) {
    throw inPlace(reader, error)
  }
}

/** The facets of a type for bytes that are no text; a text is made only where a facet asks for one. */
function byteRule({ type }: ScalarMapping): ByteRule {
  const { length, minLength, maxLength, patterns, enumeration } = type.facets
  if (patterns.length > 0 || enumeration) {
    const facets = compileFacets(type)
    const write = type.builtIn === 'hexBinary' ? hexOf : (bytes: Binary) => bytes.toString()
    return (bytes) => facets(write(bytes))
  }
  const [least, most] = [length ?? minLength ?? 0, length ?? maxLength ?? Infinity]
  return ({ byteLength }) => {
    if (byteLength >= least && byteLength <= most) return undefined
    return most === Infinity ? `must have at least ${least} bytes` : `must have ${least} to ${most} bytes`
  }
}
