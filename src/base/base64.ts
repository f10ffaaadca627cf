/** Characters of base64 that are looked at in one piece. */
const CHARACTERS = 65_536

const ALPHABET = /^[A-Za-z0-9+/]*$/
const SPACE = /[ \t\r\n]+/g

/**
 * Decodes base64 (RFC 4648, section 4; white space as RFC 2045, section 6.8 has it) in pieces: neither a text of bytes
 * nor bytes of a text are made as a whole.
 *
 * @param text or its bytes in ASCII
 * @returns undefined where it is not base64: other characters, padding that is wrong, bits left over
 */
export function decodeBase64(text: Uint8Array | string): Buffer | undefined {
  const pieces = typeof text === 'string' ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength)
  const total = text.length
  const decoded = Buffer.allocUnsafeSlow(3 * Math.ceil(total / 4))
  let length = 0
  let left = ''
  for (let from = 0; from < total; from += CHARACTERS) {
    const to = from + CHARACTERS
    const next = typeof pieces === 'string' ? pieces.slice(from, to) : pieces.toString('latin1', from, to)
    const piece = left + next.replace(SPACE, '')
    const isLast = to >= total
    // The last group waits for what comes after it: only there may padding be.
    const end = isLast ? piece.length : Math.max(0, 4 * Math.floor((piece.length - 1) / 4))
    left = piece.slice(end)
    const groups = piece.slice(0, end)
    if (!isBase64(groups, { isLast })) return undefined
    length += decoded.write(groups, length, 'base64')
  }
  return decoded.subarray(0, length)
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
