import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { canonicalDigits, decodeInPlace } from '../../base/bytes/base64-pieces.js'
import { PieceCollector } from '../../base/bytes/piece-collector.js'
import { PieceScanner } from '../../base/bytes/piece-scanner.js'
import { bytesOf, Pieces } from '../../base/bytes/source.js'
import { LongStrings } from '../../json/long-strings.js'
import {
  type CutJson,
  type HeldText,
  JsonError,
  type JsonLimits,
  parseCutJson,
  STAND_IN,
} from '../../json/parse.js'
import { Base64Text, Binary, setMember } from '../../json/value.js'
import { isObject } from '../../openapi/object.js'
import type { Base64Place } from './base64-places.js'
import { decodeBody, type DecodedBody, receiveBody } from './body.js'

/** Octets of a string that is worth being held as bytes. */
const WORTH_HOLDING = 65_536

/** Whether a body may have such a string, as far as its head tells. */
export function isWorthHolding({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? Infinity) >= WORTH_HOLDING
}

/** A string that was cut out: the octets between its quotes, and its digits, which leave out the padding. */
interface CutString {
  readonly start: number
  readonly end: number
  readonly octets: readonly Uint8Array[]
  readonly digits: readonly Uint8Array[]
}

/**
 * Reads a JSON body with long texts in base64: where the contract asks nothing of such a text but its length, it is decoded in
 * the memory that it came in and never becomes a string.
 *
 * @param place of the whole body
 * @returns undefined for an empty body
 * @throws AdapterError `request-too-large`, `client-closed`, `request-malformed`, as for any other body
 */
export async function readJsonBody(
  req: IncomingMessage,
  { maxBytes, limits, place }: { maxBytes: number; limits: JsonLimits; place: Base64Place },
): Promise<DecodedBody | undefined> {
  const body = new JsonBody(limits)
  // Somebody else who listens may keep what comes, and must not find it changed.
  const isShared = req.listenerCount('data') > 0
  await receiveBody(req, maxBytes, (chunk) => {
    body.take(isShared ? Buffer.from(chunk) : chunk)
  })
  return body.byteLength === 0 ? undefined : body.decode(place)
}

/** A JSON body that arrives. */
export class JsonBody {
  readonly #limits: JsonLimits
  readonly #collector = new PieceCollector()
  readonly #strings: LongStrings

  /** @param least octets of a string that is held as bytes */
  constructor(limits: JsonLimits, least = WORTH_HOLDING) {
    this.#limits = limits
    // What has more strings has more values than it may: each is one, or the name of one.
    this.#strings = new LongStrings(least, 2 * (limits.maxValues ?? 100_000))
  }

  get byteLength(): number {
    return this.#collector.byteLength
  }

  /** @param chunk belongs to the body from now on */
  take(chunk: Buffer): void {
    this.#strings.take(chunk)
    this.#collector.add(chunk)
  }

  /**
   * What has been taken; nothing is kept.
   *
   * @throws AdapterError `request-malformed`
   */
  decode(place: Base64Place): DecodedBody {
    const octets = this.#collector.take()
    const whole = new PieceScanner(octets)
    const strings = cutStrings(whole, this.#strings)
    const json = strings.length === 0 ? undefined : readWithout(whole, strings, this.#limits)
    // What is wrong with a body is said of all of it, as it was sent.
    if (!json) return decodeBody(bytesOf(octets), 'json', this.#limits)
    return Object.assign(json, { held: hold(json, strings, place) })
  }
}

function cutStrings(whole: PieceScanner, { found }: LongStrings): readonly CutString[] {
  return found.flatMap(({ start, end }) => {
    const octets = whole.views(start, end)
    const digits = canonicalDigits(octets)
    return digits ? [{ start, end, octets, digits }] : []
  })
}

/** @returns undefined where it is not JSON that is taken here, or strings were not what their quotes looked like */
function readWithout(
  whole: PieceScanner,
  strings: readonly CutString[],
  limits: JsonLimits,
): CutJson | undefined {
  const cuts: number[] = []
  let text = ''
  let from = 0
  for (const { start, end } of [...strings, { start: whole.byteLength, end: whole.byteLength }]) {
    const before = Buffer.concat(whole.views(from, start))
    if (!isUtf8(before)) return undefined
    text += before.toString('utf8')
    if (start < end) cuts.push(text.length - 1)
    from = end
  }
  try {
    return parseCutJson(text, cuts, limits)
  } catch (error) {
    if (error instanceof JsonError) return undefined
    throw error
  }
}

/** Holds the strings as bytes where the contract lets them be, and puts all others into the tree. */
function hold(json: CutJson, strings: readonly CutString[], place: Base64Place): readonly HeldText[] {
  const known = standIns(json, place)
  return json.places.flatMap(({ container, key }, index): HeldText[] => {
    const string = strings[index]
    if (!string) return []
    const { least, most } = known.get(container)?.get(key)?.length ?? { least: Infinity, most: 0 }
    const length = string.end - string.start
    if (least <= STAND_IN.length && length <= most) {
      const pieces = decodeInPlace(string.digits).filter(({ byteLength }) => byteLength > 0)
      return [{ container, key, text: new Base64Text(new Binary(new Pieces(pieces))) }]
    }
    setMember(container, key, Buffer.concat(string.octets).toString('latin1'))
    return []
  })
}

type PlacesByKey = Map<string | number, Base64Place>

/** What the contract says of the places where something stands for a string. */
function standIns(json: CutJson, root: Base64Place): ReadonlyMap<object, PlacesByKey> {
  const found = new Map<object, PlacesByKey>()
  const visit = (container: object, key: string | number, value: unknown, place: Base64Place): void => {
    if (value === STAND_IN && place.length) {
      found.set(container, (found.get(container) ?? new Map<string | number, Base64Place>()).set(key, place))
    } else if (Array.isArray(value)) {
      const { items } = place
      if (items) {
        value.forEach((item: unknown, index) => {
          visit(value, index, item, items)
        })
      }
    } else if (isObject(value)) {
      for (const [name, member] of place.members) {
        if (Object.hasOwn(value, name)) visit(value, name, value[name], member)
      }
    }
  }
  visit(json, 'value', json.value, root)
  return found
}
