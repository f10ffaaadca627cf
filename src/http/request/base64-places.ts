import { isObject, type Located, type OpenApiDocument } from '../../openapi/document.js'
import { join } from '../../openapi/pointer.js'

/** A place of a body, by what the contract says of it. */
export interface Base64Place {
  /** Where it is a text in base64 of which nothing is asked but its length, in characters. */
  readonly length?: { readonly least: number; readonly most: number }
  readonly members: ReadonlyMap<string, Base64Place>
  readonly items: Base64Place | undefined
}

/** Keywords that ask nothing of a value. */
const ANNOTATIONS = [
  ...['title', 'description', 'default', 'example', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['xml', 'externalDocs', '$comment', 'contentMediaType'],
]
/** Keywords that ask nothing of the text of any string in the value, each with those that are judged here. */
const OF_TEXT = new Set([...ANNOTATIONS, 'type', 'contentEncoding', 'format', 'minLength', 'maxLength'])
const OF_OBJECT = new Set([
  ...[...ANNOTATIONS, 'type', 'properties', 'required'],
  ...['additionalProperties', 'minProperties', 'maxProperties'],
])
const OF_ARRAY = new Set([...ANNOTATIONS, 'type', 'items', 'minItems', 'maxItems'])

const MAX_REFERENCES = 32

/**
 * Finds the places where a text in base64 is judged in the same way whatever its digits are. Only what is known to ask for no more is gone
 * through: below any other keyword – alternatives, conditions, unique items – there are none.
 *
 * @returns undefined where there are none
 */
export function base64Places(document: OpenApiDocument, schema: Located): Base64Place | undefined {
  const known = new Map<unknown, Base64Place>()
  // Types may lead to thousands of others, one after the other: more than the stack holds.
  const pending: Unseen[] = []
  const placeOf = (located: Located): Base64Place | undefined => {
    const target = followed(document, located)
    if (!target || !isObject(target.value)) return undefined
    const { value: own, pointer } = target
    const before = known.get(own)
    if (before) return before
    const place = { members: new Map<string, Base64Place>(), items: undefined }
    known.set(own, place)
    pending.push({ own, pointer, place })
    return place
  }
  const place = placeOf(schema)
  let texts = 0
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { own, pointer, place: found } = next
    const isUnder = (type: string, keywords: ReadonlySet<string>) => isOf(own, type, keywords)
    if (isUnder('string', OF_TEXT) && isBase64(own)) {
      texts += 1
      found.length = { least: numberOf(own.minLength, 0), most: numberOf(own.maxLength, Infinity) }
    }
    if (isUnder('object', OF_OBJECT) && isObject(own.properties)) {
      for (const [name, value] of Object.entries(own.properties)) {
        const member = placeOf({ value, pointer: join(pointer, 'properties', name) })
        if (member) found.members.set(name, member)
      }
    }
    if (isUnder('array', OF_ARRAY) && own.items !== undefined) {
      found.items = placeOf({ value: own.items, pointer: join(pointer, 'items') })
    }
  }
  return texts > 0 ? place : undefined
}

/** A place whose schema has not been looked at. */
interface Unseen {
  readonly own: Keywords
  readonly pointer: string
  readonly place: Writable<Base64Place> & { readonly members: Map<string, Base64Place> }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Keywords = Readonly<Record<string, unknown>>

/** Follows references that nothing but annotations stands beside. */
function followed(document: OpenApiDocument, schema: Located): Located | undefined {
  let current = schema
  for (let hops = 0; hops < MAX_REFERENCES; hops++) {
    if (!isObject(current.value) || current.value.$ref === undefined) return current
    const { $ref, ...beside } = current.value
    if (!Object.keys(beside).every((keyword) => isAnnotation(keyword))) return undefined
    const next = document.follow({ value: { $ref }, pointer: current.pointer })
    if (!next) return undefined
    current = next
  }
  return undefined
}

function isAnnotation(keyword: string): boolean {
  return ANNOTATIONS.includes(keyword) || keyword.startsWith('x-')
}

/** Whether a schema is of this type, or null, and has no other keywords. */
function isOf(schema: Keywords, type: string, keywords: ReadonlySet<string>): boolean {
  const types: unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type]
  return (
    types.includes(type) &&
    types.every((each) => each === type || each === 'null') &&
    Object.keys(schema).every((keyword) => keywords.has(keyword) || keyword.startsWith('x-'))
  )
}

function isBase64({ contentEncoding, format }: Keywords): boolean {
  if (format !== undefined && format !== 'byte') return false
  return contentEncoding === 'base64' || (contentEncoding === undefined && format === 'byte')
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}
