const DIGITS = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
const NO_DIGIT = 0xff
const PADDING = 0x3d

/** The six bits of each octet that is a digit. */
const BITS = new Uint8Array(256).fill(NO_DIGIT)
DIGITS.forEach((digit, bits) => (BITS[digit] = bits))

/**
 * The digits of base64 that bytes alone give back: in whole groups, without white space, no bits left over in the last
 * (RFC 4648, sections 3.5 and 4).
 *
 * @param pieces of ASCII, one after the other
 * @returns them without their padding; undefined where they are not such base64, or none at all
 */
export function canonicalDigits(pieces: readonly Uint8Array[]): Uint8Array[] | undefined {
  const length = lengthOf(pieces)
  if (length === 0 || length % 4 !== 0) return undefined
  const padding =
    octetAt(pieces, length - 1) !== PADDING ? 0 : octetAt(pieces, length - 2) !== PADDING ? 1 : 2
  const digits = without(pieces, padding)
  if (!digits.every(areDigits)) return undefined
  const leftOver = padding === 0 ? 0 : padding === 1 ? 0b11 : 0b1111
  const last = BITS[octetAt(pieces, length - padding - 1)] ?? NO_DIGIT
  return (last & leftOver) === 0 ? digits : undefined
}

/**
 * Decodes base64 in its own memory, so that neither a copy nor a text is made of it: no more octets are ever written of a piece
 * than have been read of it.
 *
 * @param digits of {@link canonicalDigits}; what they were is lost
 * @returns the bytes, each piece in the place of its digits
 */
export function decodeInPlace(digits: readonly Uint8Array[]): Uint8Array[] {
  /** Of a group that goes on in the next piece: what is left of its bits, and how many they are. */
  let bits = 0
  let count = 0
  return digits.map((piece) => {
    let from = 0
    let to = 0
    while (from < piece.length) {
      const whole = count === 0 ? piece.length - ((piece.length - from) % 4) : from
      for (; from < whole; from += 4, to += 3) {
        const group =
          ((BITS[piece[from] ?? 0] ?? 0) << 18) |
          ((BITS[piece[from + 1] ?? 0] ?? 0) << 12) |
          ((BITS[piece[from + 2] ?? 0] ?? 0) << 6) |
          (BITS[piece[from + 3] ?? 0] ?? 0)
        piece[to] = group >> 16
        piece[to + 1] = group >> 8
        piece[to + 2] = group
      }
      if (from === piece.length) break
      bits = (bits << 6) | (BITS[piece[from] ?? 0] ?? 0)
      count += 6
      from += 1
      if (count < 8) continue
      count -= 8
      piece[to] = bits >> count
      to += 1
      bits &= (1 << count) - 1
    }
    return piece.subarray(0, to)
  })
}

function areDigits(piece: Uint8Array): boolean {
  let all = 0
  // A digit has six bits; NO_DIGIT has more.
  for (const octet of piece) all |= BITS[octet] ?? NO_DIGIT
  return all < 64
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0)
}

/** @param at from the start of all pieces */
function octetAt(pieces: readonly Uint8Array[], at: number): number {
  let left = at
  for (const piece of pieces) {
    if (left < piece.length) return piece[left] ?? 0
    left -= piece.length
  }
  return 0
}

function without(pieces: readonly Uint8Array[], padding: number): Uint8Array[] {
  let left = lengthOf(pieces) - padding
  return pieces.map((piece) => {
    const kept = piece.subarray(0, Math.max(0, left))
    left -= piece.length
    return kept
  })
}
