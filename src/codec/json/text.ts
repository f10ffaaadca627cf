import { isAscii } from 'node:buffer'
import { Base64, type Segment, type TextSegment, WORTH_A_SEGMENT } from '../../base/byte-source.js'
import type { Binary } from '../../json/value.js'
import { quote } from '../../json/write.js'
import type { ReceivedAttachments } from '../../soap/xop.js'
import type { ListPager, PagedText, TextMark } from './list-pager.js'

/** A JSON member's name, quoted, with its colon, in UTF-8. */
export type JsonKey = Uint8Array

export function jsonKey(name: string): JsonKey {
  return Uint8Array.from(Buffer.from(`${quote(name)}:`))
}

const QUOTE = 0x22
const COMMA = 0x2c

/** What is short is copied faster octet by octet. */
const SHORT = 48
const FIRST_OCTETS = 16_384
/** Room that is kept for the next text; more is let go. */
const MOST_SPARE = 1_048_576
/** Up to so many octets a text in ASCII is given as a string, which HTTP sends with the head in one piece. */
const SHORT_TEXT = 4096

/** Room that the last text has left: one that is written while another is gets room of its own. */
let spare: Buffer | undefined

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
    this.#octets = spare ?? Buffer.allocUnsafeSlow(FIRST_OCTETS)
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
    this.item()
    this.#copy(key, 0, key.length)
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

  /** @param octets of a JSON value, as they stand between two offsets */
  copied(octets: Uint8Array, start: number, end: number): void {
    this.#copy(octets, start, end)
    this.#needsComma = true
  }

  /** @param octets of a text of which nothing is to be escaped */
  quoted(octets: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start + 2)
    this.#octets[this.#length++] = QUOTE
    this.#copy(octets, start, end)
    this.#octets[this.#length++] = QUOTE
    this.#needsComma = true
  }

  /** A member whose value is octets of JSON, as they stand between two offsets. */
  copiedMember(key: JsonKey, octets: Uint8Array, start: number, end: number): void {
    const at = this.#startMember(key, end - start)
    this.#length = copyOctets(this.#octets, at, octets, start, end)
    this.#needsComma = true
  }

  /** A member whose value is a text of which nothing is to be escaped. */
  quotedMember(key: JsonKey, octets: Uint8Array, start: number, end: number): void {
    const at = this.#startMember(key, end - start)
    const room = this.#octets
    room[at] = QUOTE
    const after = copyOctets(room, at + 1, octets, start, end)
    room[after] = QUOTE
    this.#length = after + 1
    this.#needsComma = true
  }

  /** @returns where the value of so many octets goes, and its quotes */
  #startMember(key: JsonKey, length: number): number {
    const most = this.#length + key.length + length + 3
    if (most > this.#octets.length) this.#grow(most)
    const room = this.#octets
    let at = this.#length
    if (this.#needsComma) room[at++] = COMMA
    for (let i = 0; i < key.length; i++) room[at + i] = key[i] ?? 0
    return at + key.length
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
    if (this.#octets.length > MOST_SPARE) this.#octets = Buffer.allocUnsafeSlow(FIRST_OCTETS)
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
    if (this.#octets !== NOTHING && this.#octets.length <= MOST_SPARE) spare = this.#octets
    this.#octets = NOTHING
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

  #copy(from: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start + 1)
    this.#length = copyOctets(this.#octets, this.#length, from, start, end)
  }

  #reserve(octets: number): void {
    const least = this.#length + octets
    if (least > this.#octets.length) this.#grow(least)
  }

  #grow(least: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.#octets.length, least))
    grown.set(this.#octets.subarray(0, this.#length))
    this.#octets = grown
  }
}

const NOTHING = Buffer.alloc(0)

/** @returns the offset after what was copied to `at` */
function copyOctets(room: Uint8Array, at: number, from: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length > SHORT) room.set(from.subarray(start, end), at)
  else for (let i = 0; i < length; i++) room[at + i] = from[start + i] ?? 0
  return at + length
}

/** A copy for those who keep it: the room is written over, unless it is too large to be kept. */
function textIn(octets: Buffer): TextSegment {
  if (octets.length > MOST_SPARE) return octets
  // A string of other characters would have to be decoded here, and measured and encoded again to be sent.
  return octets.length <= SHORT_TEXT && isAscii(octets) ? octets.toString('latin1') : Buffer.from(octets)
}

function given(part: Buffer | Base64): Segment {
  return part instanceof Base64 ? part : textIn(part)
}
