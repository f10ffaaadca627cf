/** Characters of base64 that are looked at in one piece. */
const CHARACTERS = 65_536

const ALPHABET = /^[A-Za-z0-9+/]*$/
const SPACE = /[ \t\r\n]+/g

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Both digits of each twelve bits, as they stand next to each other in memory. */
const PAIRS = new Uint16Array(
  Uint8Array.from({ length: 2 * 4096 }, (_, at) =>
    DIGITS.charCodeAt(at % 2 === 0 ? at >> 7 : (at >> 1) & 0x3f),
  ).buffer,
)

/**
 * Writes base64 (RFC 4648, section 4) as octets of ASCII into room that can be used again. By way of a string, as Node does it,
 * a long text leaves strings of its own size behind, which wait for a collection.
 *
 * @param room even octets, from the begin of its memory on; four for three of the bytes
 * @returns what has been written of it
 */
export function writeBase64(bytes: Uint8Array, room: Buffer): Buffer {
  const whole = bytes.length - (bytes.length % 3)
  const pairs = new Uint16Array(room.buffer, room.byteOffset, (2 * whole) / 3)
  for (let from = 0, at = 0; from < whole; from += 3, at += 2) {
    const group = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0)
    pairs[at] = PAIRS[group >> 12] ?? 0
    pairs[at + 1] = PAIRS[group & 0xfff] ?? 0
  }
  const rest = Buffer.from(bytes.buffer, bytes.byteOffset + whole, bytes.length - whole)
  return room.subarray(0, 2 * pairs.length + room.write(rest.toString('base64'), 2 * pairs.length, 'latin1'))
}

/** Bytes in several pieces. */
interface InPieces extends Iterable<Uint8Array> {
  readonly byteLength: number
}

/**
 * Decodes base64 (RFC 4648, section 4; white space as RFC 2045, section 6.8 has it) in pieces: neither a text of bytes
 * nor bytes of a text are made as a whole.
 *
 * @param text or its bytes in ASCII
 * @returns undefined where it is not base64: other characters, padding that is wrong, bits left over
 */
export function decodeBase64(text: Uint8Array | InPieces | string): Buffer | undefined {
  const total = typeof text === 'string' ? text.length : text.byteLength
  const decoded = Buffer.allocUnsafeSlow(3 * Math.ceil(total / 4))
  let length = 0
  let left = ''
  let seen = 0
  for (const next of charactersOf(text)) {
    seen += next.length
    const piece = left + next.replace(SPACE, '')
    const isLast = seen === total
    // The last group waits for what comes after it: only there may padding be.
    const end = isLast ? piece.length : Math.max(0, 4 * Math.floor((piece.length - 1) / 4))
    left = piece.slice(end)
    const groups = piece.slice(0, end)
    if (!isBase64(groups, { isLast })) return undefined
    length += decoded.write(groups, length, 'base64')
  }
  return decoded.subarray(0, length)
}

/** All of the text, so much at once. */
function* charactersOf(text: Uint8Array | InPieces | string): Generator<string> {
  if (typeof text === 'string') {
    for (let from = 0; from < text.length; from += CHARACTERS) yield text.slice(from, from + CHARACTERS)
    return
  }
  for (const { buffer, byteOffset, byteLength } of text instanceof Uint8Array ? [text] : text) {
    const piece = Buffer.from(buffer, byteOffset, byteLength)
    for (let from = 0; from < byteLength; from += CHARACTERS)
      yield piece.toString('latin1', from, from + CHARACTERS)
  }
}

function isBase64(groups: string, { isLast }: { readonly isLast: boolean }): boolean {
  if (groups.length % 4 !== 0) return false
  const digits = isLast ? groups.replace(/={1,2}$/, '') : groups
  if (!ALPHABET.test(digits)) return false
  const bits = groups.length - digits.length
  // What the padding cuts off must be zero.
  if (bits === 1) return /[AEIMQUYcgkosw048]$/.test(digits)
  return bits === 0 || /[AQgw]$/.test(digits)
}
