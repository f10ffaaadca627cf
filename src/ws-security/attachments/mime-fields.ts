import type { HeaderField } from '../../soap/mime-header.js'

/** A header field or a content that has no one canonical form. The message names fields, never their values. */
export class NoCanonicalForm extends Error {
  override readonly name = 'NoCanonicalForm'
}

/** What a signature over a whole part covers of its header, in the order in which it is digested. */
const SIGNED_FIELDS = [
  'Content-Description',
  'Content-Disposition',
  'Content-ID',
  'Content-Location',
  'Content-Type',
] as const

/** RFC 2045, section 5.2. */
const DEFAULT_TYPE = 'text/plain;charset="us-ascii"'

/** Parameters whose values letter case says nothing in (RFC 2045, section 5.1; RFC 2183, sections 2.4 to 2.7). */
const CASELESS = new Set([
  ...['charset', 'type', 'padding', 'size'],
  ...['creation-date', 'modification-date', 'read-date'],
])

/**
 * The canonical header of a part (WSS SOAP Messages with Attachments Profile 1.1, section 5.4.1), each field with its CRLF;
 * the content follows at once.
 *
 * @returns the form of the profile, then, where it differs, that of Apache WSS4J 2, which has names of files in lower case
 *   and no space before a description
 * @throws NoCanonicalForm for a field that is there twice, is not as its RFC says, or has octets that are not ASCII
 */
export function canonicalHeaders(fields: readonly HeaderField[]): readonly string[] {
  const ofProfile = canonicalHeader(fields, { isWss4j: false })
  const ofWss4j = canonicalHeader(fields, { isWss4j: true })
  return ofProfile === ofWss4j ? [ofProfile] : [ofProfile, ofWss4j]
}

interface Variant {
  readonly isWss4j: boolean
}

function canonicalHeader(fields: readonly HeaderField[], variant: Variant): string {
  let written = ''
  for (const name of SIGNED_FIELDS) {
    const [field, ...more] = fields.filter((each) => each.name.toLowerCase() === name.toLowerCase())
    if (more.length > 0) throw new NoCanonicalForm(`the part has the field ${name} twice`)
    if (field) written += `${name}:${canonicalValue(name, field.value, variant)}\r\n`
    else if (name === 'Content-Type') written += `${name}:${DEFAULT_TYPE}\r\n`
  }
  return written
}

function canonicalValue(name: (typeof SIGNED_FIELDS)[number], value: string, variant: Variant): string {
  if (!/^[\t\x20-\x7e]*$/.test(value)) throw new NoCanonicalForm(`${name} has characters that are not ASCII`)
  switch (name) {
    case 'Content-Description': {
      const text = withoutComments(name, decodedWords(name, value))
      return variant.isWss4j ? text.replace(/^[ \t]+/, '') : text
    }
    case 'Content-ID':
    case 'Content-Location':
      return tokens(name, value).map(written).join('')
    case 'Content-Disposition':
    case 'Content-Type':
      return withParameters(name, tokens(name, value), variant)
  }
}

/** A piece of a structured field: characters as they stand, or the text of a quoted string. */
interface Token {
  readonly text: string
  readonly isQuoted: boolean
}

const QUOTED = /"((?:[^"\\]|\\.)*)"/y

/** The pieces of a structured field, without comments and white space (RFC 5322, section 3.2). */
function tokens(name: string, value: string): readonly Token[] {
  const found: Token[] = []
  for (let p = 0; p < value.length;) {
    const character = value.charAt(p)
    if (character === '(') p = commentEnd(name, value, p)
    else if (character === '"') {
      QUOTED.lastIndex = p
      const [all = '', text = ''] = QUOTED.exec(value) ?? []
      if (all === '') throw new NoCanonicalForm(`${name} has a quoted text without an end`)
      found.push({ text: text.replace(/\\(.)/g, '$1'), isQuoted: true })
      p += all.length
    } else {
      if (character !== ' ' && character !== '\t') found.push({ text: character, isQuoted: false })
      p++
    }
  }
  return found
}

function written({ text, isQuoted }: Token): string {
  return isQuoted ? quoted(text) : text
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** The offset after the comment at `p`; comments nest. */
function commentEnd(name: string, value: string, p: number): number {
  let depth = 0
  for (let at = p; at < value.length; at++) {
    const character = value.charAt(at)
    if (character === '\\') at++
    else if (character === '(') depth++
    else if (character === ')' && --depth === 0) return at + 1
  }
  throw new NoCanonicalForm(`${name} has a comment without an end`)
}

function withoutComments(name: string, text: string): string {
  let kept = ''
  for (let p = 0; p < text.length;) {
    if (text.charAt(p) === '(') p = commentEnd(name, text, p)
    else kept += text.charAt(p++)
  }
  return kept
}

/** A value in lower case, and its parameters by their names. */
function withParameters(name: string, pieces: readonly Token[], { isWss4j }: Variant): string {
  const [value = [], ...rest] = split(pieces, ';')
  const parameters = new Map<string, Map<number | undefined, Parameter>>()
  for (const [index, piece] of rest.entries()) {
    // RFC 2045 has no parameter after the last semicolon; some stacks write one all the same.
    if (piece.length === 0 && index === rest.length - 1) continue
    const parameter = parameterOf(name, piece)
    const sections = parameters.get(parameter.name) ?? new Map<number | undefined, Parameter>()
    if (sections.has(parameter.section)) throw new NoCanonicalForm(`${name} has a parameter twice`)
    parameters.set(parameter.name, sections.set(parameter.section, parameter))
  }
  const all = [...parameters].sort(([a], [b]) => (a < b ? -1 : 1))
  return all.reduce((text, [key, sections]) => {
    const joined = decodedParameter(name, sections)
    const isCaseless = CASELESS.has(key) || (isWss4j && key === 'filename')
    return `${text};${key}=${quoted(isCaseless ? joined.toLowerCase() : joined)}`
  }, value.map(written).join('').toLowerCase())
}

/** A parameter, or a section of one (RFC 2231, sections 3 and 4, which took the place of RFC 2184). */
interface Parameter {
  readonly name: string
  /** Undefined where it is the whole. */
  readonly section: number | undefined
  readonly isEncoded: boolean
  readonly value: string
}

const PARAMETER_NAME = /^([^*]+?)(?:\*(0|[1-9]\d?))?(\*)?$/

function parameterOf(name: string, pieces: readonly Token[]): Parameter {
  const equals = pieces.findIndex(({ text, isQuoted }) => !isQuoted && text === '=')
  const key = pieces
    .slice(0, Math.max(0, equals))
    .map(({ text, isQuoted }) => (isQuoted ? '"' : text))
    .join('')
  const [all, base = '', section, star] = PARAMETER_NAME.exec(key.toLowerCase()) ?? []
  if (all === undefined || /["\\()<>@,:?/[\]]/.test(base)) {
    throw new NoCanonicalForm(`${name} has a parameter that is not name=value`)
  }
  return {
    name: base,
    section: section === undefined ? undefined : Number(section),
    isEncoded: star !== undefined,
    value: pieces
      .slice(equals + 1)
      .map(({ text }) => text)
      .join(''),
  }
}

/** What an encoded parameter begins with (RFC 2231, section 4): the charset, and the language. */
const CHARSET = /^([^']*)'[^']*'(.*)$/

function decodedParameter(name: string, sections: ReadonlyMap<number | undefined, Parameter>): string {
  const ordered = [...sections.values()].sort((a, b) => (a.section ?? -1) - (b.section ?? -1))
  const isWhole = ordered.length === 1 && ordered[0]?.section === undefined
  if (!isWhole && !ordered.every(({ section }, index) => section === index)) {
    throw new NoCanonicalForm(`${name} has a parameter in sections that do not follow each other`)
  }
  if (!ordered.some(({ isEncoded }) => isEncoded)) return ordered.map(({ value }) => value).join('')
  let charset = 'us-ascii'
  const octets = ordered.map(({ isEncoded, value }, index) => {
    if (!isEncoded) return Buffer.from(value, 'latin1')
    const [, named = '', rest = value] = (index === 0 ? CHARSET.exec(value) : undefined) ?? []
    if (named !== '') charset = named
    if (/%(?![0-9A-Fa-f]{2})/.test(rest)) {
      throw new NoCanonicalForm(`${name} has a parameter whose percent-encoding is none`)
    }
    return Buffer.from(
      rest.replace(/%(..)/g, (_, hex: string) => octet(hex)),
      'latin1',
    )
  })
  return decoded(name, charset, Buffer.concat(octets))
}

function octet(hex: string): string {
  return String.fromCharCode(parseInt(hex, 16))
}

const WORD = /=\?([^?*\s]+)(?:\*[^?\s]*)?\?([BbQq])\?([^?\s]*)\?=/g

/** A text with its encoded-words decoded (RFC 2047); white space between two of them is none. */
function decodedWords(name: string, value: string): string {
  return value
    .replace(/(\?=)[ \t]+(?==\?[^?\s]+\?[BbQq]\?[^?\s]*\?=)/g, '$1')
    .replace(WORD, (_, charset: string, encoding: string, text: string) => {
      const octets =
        encoding.toUpperCase() === 'B'
          ? Buffer.from(text, 'base64')
          : Buffer.from(
              text.replaceAll('_', ' ').replace(/=([0-9A-Fa-f]{2})/g, (__, hex: string) => octet(hex)),
              'latin1',
            )
      return decoded(name, charset, octets)
    })
}

function decoded(name: string, charset: string, octets: Uint8Array): string {
  try {
    const text = new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(octets)
    if (/[\r\n]/.test(text)) throw new NoCanonicalForm(`${name} has a line end in an encoded text`)
    return text
  } catch (error) {
    if (error instanceof NoCanonicalForm) throw error
    throw new NoCanonicalForm(
      `${name} has a text in a charset that is unknown, or not in the one that it says`,
    )
  }
}

function split(pieces: readonly Token[], separator: string): (readonly Token[])[] {
  const parts: Token[][] = [[]]
  for (const piece of pieces) {
    if (!piece.isQuoted && piece.text === separator) parts.push([])
    else parts.at(-1)?.push(piece)
  }
  return parts
}
