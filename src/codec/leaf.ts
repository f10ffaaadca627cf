import { isSpace, skipSpace } from '../xml/chars.js'
import type { RawName } from '../xml/names.js'
import type { XmlReader } from '../xml/reader.js'
import type { JsonKey, JsonText } from './json-text.js'
import type { PlainValue } from './plain-value.js'

/** An element of a sequence that holds a simple value and mostly stands in documents as `<name>value</name>`. */
export class Leaf {
  /** As the last document had it. */
  written: RawName | undefined

  /**
   * @param name in Clark notation, interned
   * @param isPassedOver whether nothing is written where the element is absent
   */
  constructor(
    readonly name: string,
    readonly key: JsonKey,
    readonly value: PlainValue,
    readonly isPassedOver: boolean,
  ) {}
}

/**
 * Decodes leaves that follow each other, in one loop over the octets, as far as they have nothing but their names in their
 * tags and values that can be copied. Whatever else there is, it leaves to the codecs of the particles, so that it is
 * judged, and refused, in one place.
 *
 * @param reader on a start tag; where leaves are read, their parent is current then
 * @param leaves of the particles of a sequence; undefined for one that is no leaf
 * @param first the particle that comes next
 * @returns the particle that comes next after those that have been read
 */
export function decodeLeaves(
  reader: XmlReader,
  out: JsonText,
  leaves: readonly (Leaf | undefined)[],
  first: number,
): number {
  let leaf = leaves[first]
  let name = leaf?.name === reader.name ? reader.bareName : undefined
  if (!leaf || !name) return first
  leaf.written = name
  const { octets, view } = reader.source
  let next = first
  let start = reader.octetsRead
  let done = -1
  while (leaf && name) {
    const { value } = leaf
    const end = value.end(octets, start)
    const after = end === -1 ? -1 : name.endTag.after(view, end)
    const json = after === -1 ? undefined : value.json(octets, start, end)
    if (!json) break
    value.writeMember(out, leaf.key, json, start, end)
    done = after
    start = -1
    const tag = isSpace(octets[after] ?? 0) ? skipSpace(octets, after) : after
    for (let i = ++next; leaf && start === -1; i++) {
      leaf = leaves[i]
      name = leaf?.written
      if (!leaf) break
      if (name?.expanded === leaf.name && reader.isInForce(name)) start = name.startTag.after(view, tag)
      if (start !== -1) next = i
      else if (!leaf.isPassedOver) leaf = undefined
    }
  }
  if (done !== -1) reader.goOn(done)
  return next
}
