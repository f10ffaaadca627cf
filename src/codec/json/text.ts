import { isAscii } from 'node:buffer'
import { COPY_SLACK, copyShort, FixedOctets } from '../../base/bytes/fixed.js'
import { Base64, type Segment, type TextSegment, WORTH_A_SEGMENT } from '../../base/bytes/source.js'
import type { Binary } from '../../json/value.js'
import { quote } from '../../json/write.js'
import type { ReceivedAttachments } from '../../soap/xop.js'
import { QUOTE } from '../../xml/chars.js'
import { escapeCharacterData, MAX_OCTETS_ESCAPED } from './character-data.js'
import type { ListPager, PagedText, TextMark } from './list-pager.js'

/** A JSON member's name, quoted, with its colon, in UTF-8. */
export type JsonKey = FixedOctets

export function jsonKey(name: string): JsonKey {
  return new FixedOctets(`${quote(name)}:`)
}

const COMMA = 0x2c

/** Up to so many octets are copied, or written, faster here than by a call of native code. */
const SHORT = 48
const FIRST_OCTETS = 16_384
/** Room that is kept for the next text; more is let go. */
const MOST_SPARE = 1_048_576
/** Up to so many octets a text in ASCII is given as a string, which HTTP sends with the head in one piece. */
const SHORT_TEXT = 4096

/** Room that the last text has left: one that is written while another is gets room of its own. */
let spare: Room | undefined

interface Room {
  readonly octets: Buffer
  /** The same. */
  readonly view: DataView
}

function roomFor(octets: number): Room {
  const room = Buffer.allocUnsafeSlow(octets)
  return { octets: room, view: new DataView(room.buffer) }
}

/** JSON text as it grows, in UTF-8. What begins a member or an item puts the comma before it that it needs. */
export class JsonText implements PagedText {
  /** What `bytes` took where they are the response itself. */
  taken: Binary | undefined
  readonly isTaker: boolean
  readonly pager: ListPager | undefined
  /** Bytes that documents in texts have become so far. */
  readonly unpacked: { bytes: number }
  /** What is done: texts and bytes in turns. */
  readonly #before: (Buffer | Base64)[] = []
  #octets: Buffer
  #view: DataView
  #length = 0
  #needsComma = false

  /**
   * @param attachments what the XML may refer to
   * @param isTaker whether bytes are the response itself, and no member of it
   * @param pager where not all of the XML is there yet
   * @param unpacked that of the text that this one is a part of
   */
  constructor(
    readonly attachments?: ReceivedAttachments,
    {
      isTaker = false,
      pager,
      unpacked = { bytes: 0 },
    }: {
      readonly isTaker?: boolean
      readonly pager?: ListPager | undefined
      readonly unpacked?: { bytes: number }
    } = {},
  ) {
    this.isTaker = isTaker
    this.pager = pager
    this.unpacked = unpacked
    const { octets, view } = spare ?? roomFor(FIRST_OCTETS)
    this.#octets = octets
    this.#view = view
    spare = undefined
  }

  open(bracket: '{' | '['): void {
    this.#put(bracket.charCodeAt(0))
    this.#needsComma = false
  }

  close(bracket: '}' | ']'): void {
    this.#put(bracket.charCodeAt(0))
    this.#needsComma = true
  }

  member(key: JsonKey): void {
    this.#reserve(key.length + 1 + COPY_SLACK)
    if (this.#needsComma) this.#octets[this.#length++] = COMMA
    this.#length = key.writeTo(this.#view, this.#length)
    this.#needsComma = false
  }

  item(): void {
    if (this.#needsComma) this.#put(COMMA)
    this.#needsComma = false
  }

  /** @param text of a JSON value */
  value(text: string): void {
    this.#write(text)
    this.#needsComma = true
  }

  /** @param json a value that has been met before */
  known(json: FixedOctets): void {
    this.#reserve(json.length + COPY_SLACK)
    this.#length = json.writeTo(this.#view, this.#length)
    this.#needsComma = true
  }

  /** @param from octets of a JSON value, as they stand between two offsets, with three more after them */
  copied(from: DataView, start: number, end: number): void {
    this.#reserve(end - start + COPY_SLACK)
    this.#length = this.#copy(this.#length, from, start, end)
    this.#needsComma = true
  }

  /** @param from octets of a text of which nothing is to be escaped, with three more after them */
  quoted(from: DataView, start: number, end: number): void {
    this.#reserve(end - start + 2 + COPY_SLACK)
    this.#octets[this.#length++] = QUOTE
    this.#length = this.#copy(this.#length, from, start, end)
    this.#octets[this.#length++] = QUOTE
    this.#needsComma = true
  }

  /** A member whose value has been met before. */
  knownMember(key: JsonKey, json: FixedOctets): void {
    const at = this.#startMember(key, json.length)
    this.#length = json.writeTo(this.#view, at)
    this.#needsComma = true
  }

  /** A member with a value as {@link copied} takes it. */
  copiedMember(key: JsonKey, from: DataView, start: number, end: number): void {
    const at = this.#startMember(key, end - start)
    this.#length = this.#copy(at, from, start, end)
    this.#needsComma = true
  }

  /** A member with a text as {@link quoted} takes it. */
  quotedMember(key: JsonKey, from: DataView, start: number, end: number): void {
    const at = this.#startMember(key, end - start)
    const octets = this.#octets
    octets[at] = QUOTE
    const after = this.#copy(at + 1, from, start, end)
    octets[after] = QUOTE
    this.#length = after + 1
    this.#needsComma = true
  }

  /**
   * A member whose value is a text that stands in a document as character data, between two offsets.
   *
   * @returns false where it cannot be copied with what JSON escapes (see {@link escapeCharacterData}); nothing is written then
   */
  characterDataMember(key: JsonKey, from: Uint8Array, start: number, end: number): boolean {
    const at = this.#startMember(key, MAX_OCTETS_ESCAPED * (end - start))
    const octets = this.#octets
    const after = escapeCharacterData(octets, at + 1, from, start, end)
    if (after === -1) return false
    octets[at] = QUOTE
    octets[after] = QUOTE
    this.#length = after + 1
    this.#needsComma = true
    return true
  }

  /** @returns where the value of so many octets goes, and its quotes */
  #startMember(key: JsonKey, length: number): number {
    const most = this.#length + key.length + length + 3 + COPY_SLACK
    if (most > this.#octets.length) this.#grow(most)
    let at = this.#length
    if (this.#needsComma) this.#octets[at++] = COMMA
    return key.writeTo(this.#view, at)
  }

  /** Bytes as a value: in base64, or put aside where they are the response. */
  bytes(value: Binary): void {
    if (this.isTaker) {
      this.taken = value
      this.value('""')
    } else if (value.byteLength < WORTH_A_SEGMENT) this.value(`"${value.toString()}"`)
    else {
      this.#put(QUOTE)
      this.#before.push(Buffer.from(this.#octets.subarray(0, this.#length)), new Base64(value.content))
      this.#length = 0
      this.value('"')
    }
  }

  /** Forgets all that was written. */
  clear(): void {
    this.restart()
    this.#needsComma = false
    this.taken = undefined
    this.unpacked.bytes = 0
  }

  restart(): void {
    // What was given of larger room is no copy, and somebody may still send it.
    if (this.#octets.length > MOST_SPARE) this.#use(roomFor(FIRST_OCTETS))
    this.#before.length = 0
    this.#length = 0
    this.#needsComma = true
  }

  mark(): TextMark {
    return { segments: this.#before.length, length: this.#length }
  }

  upTo({ segments, length }: TextMark): readonly Segment[] {
    const done = this.#before[segments]
    const last = done instanceof Buffer ? done : this.#octets
    return [...this.#before.slice(0, segments).map(given), textIn(last.subarray(0, length))]
  }

  /** All of it, in order. It must not be written to any more. */
  get segments(): readonly Segment[] {
    const last = textIn(this.#octets.subarray(0, this.#length))
    return this.#before.length === 0 ? [last] : [...this.#before.map(given), last]
  }

  /** All of it as a string. */
  get text(): string {
    const last = this.#octets.toString('utf8', 0, this.#length)
    return this.#before.map((part) => part.toString()).join('') + last
  }

  /** All of it as a string, which is the last that it is asked for. */
  finish(): string {
    const { text } = this
    this.release()
    return text
  }

  /** Lets go of its room for the next text; what it has been asked for before stays. */
  release(): void {
    const { length } = this.#octets
    if (length > 0 && length <= MOST_SPARE) spare = { octets: this.#octets, view: this.#view }
    this.#use(NOTHING)
    this.#length = 0
  }

  #put(octet: number): void {
    if (this.#length === this.#octets.length) this.#reserve(1)
    this.#octets[this.#length++] = octet
  }

  #write(text: string): void {
    const { length } = text
    if (length > SHORT) {
      this.#reserve(Buffer.byteLength(text))
      this.#length += this.#octets.write(text, this.#length, 'utf8')
      return
    }
    this.#reserve(3 * length)
    const octets = this.#octets
    const from = this.#length
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 127) {
        this.#length += octets.write(text, from, 'utf8')
        return
      }
      octets[from + i] = unit
    }
    this.#length += length
  }

  /** @returns the offset after what was copied to `at` */
  #copy(at: number, from: DataView, start: number, end: number): number {
    if (end - start <= SHORT) return copyShort(this.#view, at, from, start, end)
    this.#octets.set(new Uint8Array(from.buffer, from.byteOffset + start, end - start), at)
    return at + end - start
  }

  #reserve(octets: number): void {
    const least = this.#length + octets
    if (least > this.#octets.length) this.#grow(least)
  }

  #grow(least: number): void {
    const grown = roomFor(Math.max(2 * this.#octets.length, least))
    grown.octets.set(this.#octets.subarray(0, this.#length))
    this.#use(grown)
  }

  #use({ octets, view }: Room): void {
    this.#octets = octets
    this.#view = view
  }
}

const NOTHING = roomFor(0)

/** A copy for those who keep it: the room is written over, unless it is too large to be kept. */
function textIn(octets: Buffer): TextSegment {
  if (octets.length > MOST_SPARE) return octets
  // A string of other characters would have to be decoded here, and measured and encoded again to be sent.
  return octets.length <= SHORT_TEXT && isAscii(octets) ? octets.toString('latin1') : Buffer.from(octets)
}

function given(part: Buffer | Base64): Segment {
  return part instanceof Base64 ? part : textIn(part)
}
