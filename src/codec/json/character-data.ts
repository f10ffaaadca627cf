import {
  AMPERSAND,
  beginsForbidden,
  endsSection,
  FIRST_DOUBTFUL,
  GREATER,
  LF,
  QUOTE,
  TAB,
  TEXT,
  TEXT_ESCAPED,
  TEXT_PLAIN,
} from '../../xml/chars.js'
import { predefinedAt } from '../../xml/reference.js'

const BACKSLASH = 0x5c
const LOWER_N = 0x6e
const LOWER_T = 0x74

/** So many octets of JSON may be made of one octet of character data. */
export const MAX_OCTETS_ESCAPED = 2

/**
 * Writes character data of a document (XML 1.0, section 2.4) as it stands within a JSON string (RFC 8259, section 7): references
 * to the five predefined entities are expanded, what JSON does not allow as it stands is escaped.
 *
 * @param room with place for {@link MAX_OCTETS_ESCAPED} octets for each one between the offsets
 * @param at where to write to in it
 * @returns the offset after what was written; -1 where there is something else between the offsets: other references, line
 *   ends to be normalised, what XML does not allow
 */
export function escapeCharacterData(
  room: Uint8Array,
  at: number,
  octets: Uint8Array,
  start: number,
  end: number,
): number {
  for (let p = start; p < end; p++) {
    let c = octets[p] ?? 0
    const kind = TEXT[c]
    if (kind === TEXT_PLAIN) {
      room[at++] = c
      continue
    }
    if (c === AMPERSAND) {
      const reference = predefinedAt(octets, p)
      if (!reference) return -1
      p += reference.octets.length - 1
      c = reference.codePoint
      if (c === QUOTE) room[at++] = BACKSLASH
    } else if (kind === TEXT_ESCAPED) {
      room[at++] = BACKSLASH
      if (c === LF) c = LOWER_N
      else if (c === TAB) c = LOWER_T
    } else if (c >= FIRST_DOUBTFUL) {
      if (beginsForbidden(octets, p)) return -1
    } else if (c !== GREATER || endsSection(octets, p)) return -1
    room[at++] = c
  }
  return at
}
