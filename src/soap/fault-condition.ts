import type { XmlReader } from '../xml/reader.js'
import {
  type FaultCodeName,
  type FaultContent,
  isNamed,
  type NameTest,
  someDetail,
  typeIn,
} from './fault-content.js'

/** What a fault must say to be the one that is meant: all that is given. */
export interface FaultCondition {
  /** Of the code or a subcode; its parts between dots are levels, as subcodes are. */
  readonly code?: NameTest
  readonly text?: TextTest
  /** Of a child of the detail. */
  readonly detail?: NameTest
  /** The `xsi:type` of that child, or of any. */
  readonly type?: NameTest
}

export interface TextTest {
  /** The regular expression, as ECMA-262 writes it. */
  readonly source: string
  /** Whether it is found anywhere in the text. */
  readonly test: (text: string) => boolean
}

/** Of each text of a fault, in UTF-16 code units, so much is looked through. */
export const SEARCHED_TEXT = 4_096

export function meets(fault: FaultContent, { code, text, detail, type }: FaultCondition): boolean {
  if (code && !hasCode(fault.codes, code)) return false
  if (text && !fault.texts.some((each) => text.test(each.slice(0, SEARCHED_TEXT)))) return false
  if (!detail && !type) return true
  return someDetail(
    fault.detail,
    (reader) => (!detail || isNamed(detail, reader)) && (!type || hasType(reader, type)),
  )
}

function hasType(reader: XmlReader, type: NameTest): boolean {
  const given = typeIn(reader)
  return given !== undefined && isNamed(type, given)
}

/** `Client.NotFound` of SOAP 1.1 and NotFound within Client of SOAP 1.2 are the same levels: some of them in a row are looked for. */
function hasCode(codes: readonly FaultCodeName[], { namespace, localName }: NameTest): boolean {
  const levels = codes.flatMap(levelsOf)
  const wanted = localName.split('.')
  return levels.some(
    (_, start) =>
      start + wanted.length <= levels.length &&
      wanted.every((name, offset) => {
        const level = levels[start + offset]
        return (
          level !== undefined &&
          isNamed({ namespace: offset === 0 ? namespace : undefined, localName: name }, level)
        )
      }),
  )
}

function levelsOf({ namespace, localName }: FaultCodeName): FaultCodeName[] {
  return localName.split('.').map((level) => ({ namespace, localName: level }))
}
