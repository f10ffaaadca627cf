import { XSI } from '../base/namespaces.js'
import { withoutXmlLimits, XmlError, XmlReader } from '../xml/reader.js'
import { trimXml } from '../xml/white-space.js'
import { localPart } from './fault.js'

/** A name with or without a namespace: a local name alone is that name in any namespace. */
export interface NameTest {
  /** Undefined for any; empty for none. */
  readonly namespace: string | undefined
  /** `*` for any. */
  readonly localName: string
}

/** A code as it was sent: of a prefix that is not declared nobody knows the namespace. */
export interface FaultCodeName {
  readonly namespace: string | undefined
  /** With its dots (SOAP 1.1, 4.4.1). */
  readonly localName: string
}

/** All that a Fault says: its texts are the backend's and may name people. */
export interface FaultContent {
  /** The code and, of SOAP 1.2, its subcodes, outermost first. */
  readonly codes: readonly FaultCodeName[]
  /** `faultstring`, or `Text` in each language. */
  readonly texts: readonly string[]
  /** The detail as a document of its own. */
  readonly detail: string | undefined
}

/** What a value of a fault is taken from. */
export type FaultPath =
  /** The innermost subcode, else the code, without its namespace. */
  | { readonly kind: 'code' }
  /** The first text. */
  | { readonly kind: 'text' }
  | {
      readonly kind: 'detail'
      /** From the child of the detail on; none for the detail itself. */
      readonly steps: readonly NameTest[]
      /** Undefined for the text of the last element. */
      readonly attribute: NameTest | undefined
    }

const XSI_TYPE = `{${XSI}}type`
/** So many languages are read. */
const MOST_TEXTS = 10

/**
 * Reads all of a Fault: SOAP 1.1, 4.4 and SOAP 1.2 Part 1, 5.4, by local names as `readFault` does.
 *
 * @param fault a well-formed document whose root is the Fault
 */
export function readFaultContent(fault: string): FaultContent {
  const reader = new XmlReader(fault, withoutXmlLimits)
  const codes: FaultCodeName[] = []
  const texts: string[] = []
  let detail: string | undefined
  reader.nextElement()
  while (reader.nextElement()) {
    switch (reader.localName) {
      case 'faultcode':
        codes.push(codeIn(reader))
        break
      case 'Code':
        readCodes(reader, codes)
        break
      case 'faultstring':
        texts.push(textIn(reader) ?? '')
        break
      case 'Reason':
        while (reader.nextElement()) {
          if (texts.length < MOST_TEXTS) texts.push(textIn(reader) ?? '')
          else reader.skip()
        }
        break
      case 'detail':
      case 'Detail':
        if (detail === undefined) detail = reader.fragment()
        else reader.skip()
        break
      default:
        reader.skip()
    }
  }
  return { codes, texts, detail }
}

function readCodes(reader: XmlReader, codes: FaultCodeName[]): void {
  while (reader.nextElement()) {
    if (reader.localName === 'Value') codes.push(codeIn(reader))
    else if (reader.localName === 'Subcode') readCodes(reader, codes)
    else reader.skip()
  }
}

function codeIn(reader: XmlReader): FaultCodeName {
  const written = textIn(reader) ?? ''
  return expanded(reader, written) ?? { namespace: undefined, localName: localPart(written) }
}

/** @returns undefined where it is not a name, or one whose prefix is not declared */
function expanded(reader: XmlReader, written: string): FaultCodeName | undefined {
  try {
    const name = reader.resolveQName(written)
    const end = name.indexOf('}')
    return { namespace: end === -1 ? '' : name.slice(1, end), localName: name.slice(end + 1) }
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return undefined
  }
}

/** The text of an element, trimmed; undefined where it holds elements. The element is consumed. */
function textIn(reader: XmlReader): string | undefined {
  if (!reader.hasElements()) return trimXml(reader.text())
  reader.skip()
  return undefined
}

/** The `xsi:type` of the element that the reader is on; undefined where it has none. */
export function typeIn(reader: XmlReader): FaultCodeName | undefined {
  const written = reader.attribute(XSI_TYPE)
  if (written === undefined) return undefined
  return expanded(reader, written) ?? { namespace: undefined, localName: localPart(written) }
}

/** A namespace that is not known is none that is asked for. */
export function isNamed(test: NameTest, { namespace, localName }: FaultCodeName): boolean {
  if (test.namespace !== undefined && test.namespace !== namespace) return false
  return test.localName === localName || test.localName === '*'
}

/** Does a child of the detail pass? They are looked at one after another, up to text between them. */
export function someDetail(detail: string | undefined, passes: (reader: XmlReader) => boolean): boolean {
  if (detail === undefined) return false
  const reader = new XmlReader(detail, withoutXmlLimits)
  try {
    reader.nextElement()
    while (reader.nextElement()) {
      if (passes(reader)) return true
      reader.skip()
    }
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
  }
  return false
}

/** @returns undefined where the fault does not say it */
export function valueAt({ codes, texts, detail }: FaultContent, path: FaultPath): string | undefined {
  if (path.kind === 'code') return codes.at(-1)?.localName
  if (path.kind === 'text') return texts[0]
  if (detail === undefined) return undefined
  const reader = new XmlReader(detail, withoutXmlLimits)
  try {
    reader.nextElement()
    return valueBelow(reader, path, 0)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return undefined
  }
}

/** The first value in the order of the document. Where there is none, the element that the reader is on is consumed. */
function valueBelow(
  reader: XmlReader,
  path: FaultPath & { readonly kind: 'detail' },
  taken: number,
): string | undefined {
  const step = path.steps[taken]
  if (!step) return path.attribute ? attributeIn(reader, path.attribute) : ownText(reader)
  while (reader.nextElement()) {
    if (isNamed(step, reader)) {
      const value = valueBelow(reader, path, taken + 1)
      if (value !== undefined) return value
    } else reader.skip()
  }
  return undefined
}

function ownText(reader: XmlReader): string | undefined {
  if (!reader.isNil()) return textIn(reader)
  reader.skip()
  return undefined
}

function attributeIn(reader: XmlReader, { namespace, localName }: NameTest): string | undefined {
  for (let index = 0; index < reader.attributeCount; index++) {
    const name = reader.attributeName(index)
    const end = name.indexOf('}')
    const own = { namespace: end === -1 ? '' : name.slice(1, end), localName: name.slice(end + 1) }
    if (isNamed({ namespace, localName }, own)) return trimXml(reader.attributeValue(index))
  }
  reader.skip()
  return undefined
}
