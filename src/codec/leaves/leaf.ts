import { LESS, skipSpace } from '../../xml/chars.js'
import type { XmlReader } from '../../xml/reader.js'
import type { XmlSource } from '../../xml/source.js'
import type { WrittenTag } from '../../xml/written-tag.js'
import type { JsonKey, JsonText } from '../json/text.js'
import type { PlainValue } from './plain-value.js'

/** An element of a group that holds a simple value and mostly stands in documents as `<name>value</name>`. */
export class Leaf {
  /** As the last document had it. */
  written: WrittenTag | undefined

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

  /**
   * Writes the value that begins at `start` as a member.
   *
   * @returns the offset after the end tag; -1 where the value has to be judged or something else stands there, nothing being
   *   written then
   */
  decode(source: XmlSource, out: JsonText, tag: WrittenTag, start: number): number {
    const { value, key } = this
    const { octets, view } = source
    const end = value.end(octets, start)
    if (end !== -1) {
      const after = tag.end.after(view, end)
      if (after !== -1) return value.writeMember(out, key, source, start, end) ? after : -1
    }
    const textEnd = value.characterDataEnd(octets, start)
    const after = textEnd === -1 ? -1 : tag.end.after(view, textEnd)
    return after !== -1 && out.characterDataMember(key, octets, start, textEnd) ? after : -1
  }
}

/** The leaves of a group in the places of its particles. */
export class Leaves {
  /** @param places undefined for a particle that is no leaf */
  constructor(readonly places: readonly (Leaf | undefined)[]) {}

  /**
   * Decodes leaves that follow each other, in one loop over the octets, as far as their tags are written as those of the last
   * document were, and values can be copied. Whatever else there is, it leaves to the codecs of the particles, so that it is
   * judged, and refused, in one place.
   *
   * @param reader on a start tag; where leaves are read, their parent is current then
   * @param first the particle that comes next
   * @param taken for particles in any order: which of them there have been; those that are read are added
   * @returns the particle that comes next after those that have been read
   */
  decode(reader: XmlReader, out: JsonText, first: number, taken?: boolean[]): number {
    const { places } = this
    let leaf = places[first]
    let tag = leaf?.name === reader.name ? reader.writtenTag(leaf.written) : undefined
    if (!leaf || !tag) return first
    leaf.written = tag
    const { source } = reader
    const { octets, view } = source
    let next = first
    let start = reader.octetsRead
    let done = -1
    // No tag is read that could bind a prefix, and names of most schemas have the same.
    const { bindings } = tag
    while (leaf && tag) {
      const after = leaf.decode(source, out, tag, start)
      if (after === -1) break
      if (taken) taken[next] = true
      done = after
      start = -1
      const from = octets[after] === LESS ? after : skipSpace(octets, after)
      for (let i = ++next; leaf && start === -1; i++) {
        leaf = places[i]
        if (!leaf) break
        tag = taken?.[i] === true ? undefined : leaf.written
        if (tag && (tag.bindings === bindings || reader.isInForce(tag))) start = tag.start.after(view, from)
        if (start !== -1) next = i
        else if (!leaf.isPassedOver && !taken) leaf = undefined
      }
    }
    if (done !== -1) reader.goOn(done)
    return next
  }
}
