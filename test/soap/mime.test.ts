import { describe, expect, it } from 'vitest'
import { bytesOf, type Octets, Pieces } from '../../src/base/bytes/source.js'
import { AdapterError } from '../../src/base/errors.js'
import { dialect } from '../../src/soap/envelope.js'
import { isRelated, readRelated } from '../../src/soap/mime.js'
import { packageMessage } from '../../src/soap/mime-writer.js'
import { cidOf, contentIdOf, ReceivedAttachments } from '../../src/soap/xop.js'
import fc from '../oracle/property.js'
import { pythonIsAbsent, readByPython, writtenByPython } from './email-package.js'

const TYPE = 'multipart/related; boundary=b; type="text/xml"'

/** @param text with `|` for CRLF, in latin1 */
const lines = (text: string): Buffer => Buffer.from(text.replaceAll('|', '\r\n'), 'latin1')

const read = (text: string, contentType = TYPE) => {
  const { root, attachments } = readRelated(lines(text), contentType)
  return [root, ...attachments].map(({ contentId, mediaType, bytes }) => ({
    contentId,
    mediaType,
    text: bytesOf(bytes).toString('latin1'),
  }))
}

function refusal(read: () => unknown): AdapterError {
  try {
    read()
  } catch (error) {
    if (error instanceof AdapterError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('a message is taken apart', () => {
  const one = (text: string) => [{ contentId: undefined, mediaType: undefined, text }]

  it.each([
    ['one part', '--b||x|--b--|', one('x')],
    ['preamble and epilogue', 'hello|--a|--b||x|--b--|--b||no|--b--', one('x')],
    ['no line end after the last delimiter', '--b||x|--b--', one('x')],
    ['white space after a delimiter', '--b \t||x|--b-- |', one('x')],
    ['a line that begins like a delimiter', '--b||x|--bc|--b--', one('x|--bc'.replace('|', '\r\n'))],
    ['a delimiter within a line', '--b||x --b--|--b--', one('x --b--')],
    [
      'line ends of LF alone',
      '--b\nContent-ID: <i>\n\nx\n--b--\n',
      [{ contentId: 'i', mediaType: undefined, text: 'x' }],
    ],
    ['content that ends in line ends', '--b||x||\r|--b--', one('x\r\n\r\n\r')],
    [
      'a part without content',
      '--b||x|--b|Content-ID: <e>||--b--',
      [...one('x'), { contentId: 'e', mediaType: undefined, text: '' }],
    ],
    ['an empty part', '--b||x|--b|||--b--', [...one('x'), ...one('')]],
    [
      'folded fields, names in any case',
      '--b|CONTENT-type: text/xml;|\tcharset=utf-8|X-Any: y||x|--b--',
      [{ contentId: undefined, mediaType: 'text/xml; charset=utf-8', text: 'x' }],
    ],
    ['a Content-Length that is right', '--b|Content-Length: 3||x|y|--b--'.replace('x|y', 'xyz'), one('xyz')],
    ['base64', '--b|Content-Transfer-Encoding: BASE64||YWJj|ZGU=|--b--', one('abcde')],
    [
      'quoted-printable',
      '--b|Content-Transfer-Encoding: quoted-printable||a=3Db=|c  |d=E9|--b--',
      one('a=bc\r\nd\u00e9'),
    ],
  ])('%s', (_, text, parts) => {
    expect(read(text)).toEqual(parts)
  })

  it.each([
    ['boundary="b"'],
    ['boundary = b'],
    ['BOUNDARY=b'],
    ['x="; boundary=z"; boundary=b'],
    ['x="a\\"b"; boundary=b'],
    ['type="a;b";boundary="b";start="<r>"'],
  ])('by %s', (parameters) => {
    expect(read('--b|Content-ID: <r>||x|--b--', `Multipart/Related; ${parameters}`)).toHaveLength(1)
  })

  it('copies nothing', () => {
    const body = lines('--b||x|--b||0123456789|--b--')
    const [part] = readRelated(body, TYPE).attachments
    expect(part?.bytes).toBeInstanceOf(Uint8Array)
    expect(bytesOf(part?.bytes ?? '').buffer).toBe(body.buffer)
  })
})

describe('a message in pieces', () => {
  /** The parts, or why it was refused. */
  const outcome = (body: Octets) => {
    try {
      const { root, attachments } = readRelated(body, TYPE, 3)
      return [root, ...attachments].map((part) => ({
        ...part,
        bytes: bytesOf(part.bytes).toString('latin1'),
      }))
    } catch (error) {
      if (error instanceof AdapterError) return `${error.code}: ${error.message}`
      throw error
    }
  }
  const cut = (whole: Buffer, at: readonly number[]): Pieces => {
    const cuts = [0, ...at.toSorted((a, b) => a - b), whole.byteLength]
    return new Pieces(cuts.map((start, index) => whole.subarray(start, cuts[index + 1])))
  }
  const octetByOctet = (whole: Buffer): Pieces => cut(whole, [...whole.keys()])

  const message = fc
    .array(
      fc.constantFrom(
        ...[
          '--b',
          '|--b|',
          '|--b|',
          '|--b--|',
          '|--b--',
          '|--bc|',
          '||',
          '\n',
          '\r',
          ' ',
          '\t',
          '-',
          'x',
          '|x: y',
        ],
        ...[
          '|Content-ID: <a>|',
          '|Content-ID: <b>||',
          '|Content-Length: 1||x',
          '|Content-Transfer-Encoding: ',
        ],
        ...['base64||YWJj', 'quoted-printable||a=3D=|b', '|--b|Content-ID: <c>||', '|--b|Content-ID: <d>||y'],
      ),
      { maxLength: 16 },
    )
    .map((words) => lines(['--b||', ...words, '|--b--'].join('')))

  it('has the same parts, or is refused for the same, however it is cut', () => {
    const seen = { read: 0, refused: 0 }
    fc.assert(
      fc.property(message, fc.array(fc.nat({ max: 300 }), { maxLength: 6 }), (whole, at) => {
        const expected = outcome(whole)
        seen[typeof expected === 'string' ? 'refused' : 'read'] += 1
        expect(outcome(cut(whole, at))).toEqual(expected)
        expect(outcome(octetByOctet(whole))).toEqual(expected)
      }),
      { numRuns: 2000 },
    )
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(200)
  })

  it('is read where any delimiter, header or line end is cut', () => {
    const whole = lines(
      'p|--b|Content-ID: <a>|X: y| z||<e/>|--b \t|Content-Transfer-Encoding: base64||YWJj|ZGU=|--b||1|2||--b--|e',
    )
    const expected = outcome(whole)
    expect(expected).toHaveLength(3)
    for (let at = 0; at <= whole.byteLength; at++) expect(outcome(cut(whole, [at]))).toEqual(expected)
  })

  it('gives attachments in the pieces in which they came, and the root in one', () => {
    const pieces = ['--b||<e>', '</e>|--b||01234', '56789', 'abc|--b--'].map(lines)
    const { root, attachments } = readRelated(new Pieces(pieces), TYPE)
    expect(Buffer.from(root.bytes).toString()).toBe('<e></e>')
    const [part] = attachments
    expect(part?.bytes instanceof Pieces && part.bytes.pieces.map(({ buffer }) => buffer)).toEqual(
      pieces.slice(1).map(({ buffer }) => buffer),
    )
  })

  it.each([
    [8192, 'read'],
    [8193, 'has a part whose header is over 8192 bytes'],
  ])('has a header of %i bytes: %s', (length, said) => {
    // The last octet of the header is the line end of the empty line.
    const header = `X: ${'y'.repeat(length - 6)}`
    const whole = lines(`--b|${header}||<e/>|--b--`)
    for (const body of [whole, cut(whole, [5000, 8190, 8195])]) {
      const found = outcome(body)
      expect(typeof found === 'string' ? found : 'read').toContain(said)
    }
  })
})

describe('what leaves room for doubt is refused', () => {
  it.each([
    ['no boundary', '--b||x|--b--', 'multipart/related; type="text/xml"', 'no boundary'],
    ['an empty boundary', '--||x|----', 'multipart/related; boundary=""', 'no boundary'],
    ['a boundary of 71 characters', 'x', `multipart/related; boundary=${'b'.repeat(71)}`, 'no boundary'],
    ['two boundaries', '--b||x|--b--', 'multipart/related; boundary=b; boundary=c', 'no boundary'],
    ['a boundary with a line end', '--b||x|--b--', 'multipart/related; boundary="b\r\nx"', 'no boundary'],
    ['another boundary', '--c||x|--c--', TYPE, 'no delimiter line'],
    ['nothing', ' ', TYPE, 'no delimiter line'],
    ['no end', '--b||x|', TYPE, 'without its closing delimiter'],
    ['no end, cut within the delimiter', '--b||x|--b-', TYPE, 'without its closing delimiter'],
    ['the end alone', '--b--|', TYPE, 'no parts'],
    ['a header without an end', '--b|Content-ID: <x>|x|--b--', TYPE, 'without an empty line'],
    ['a header line that is none', '--b|: x||y|--b--', TYPE, 'header line without a name'],
    ['a header that is too large', `--b|X: ${'y'.repeat(9000)}||x|--b--`, TYPE, 'over 8192 bytes'],
    ['too many fields', `--b|${'X: y|'.repeat(51)}|x|--b--`, TYPE, 'more than 50 header fields'],
    [
      'two fields of one name',
      '--b|Content-ID: <a>|Content-ID: <b>||x|--b--',
      TYPE,
      'a Content- field twice',
    ],
    ['too many parts', `--b||x${'|--b||x'.repeat(101)}|--b--`, TYPE, 'more than 100 attachments'],
    [
      'two parts of one Content-ID',
      '--b|Content-ID: <a>||x|--b|Content-ID: <a>||y|--b--',
      TYPE,
      'the same Content-ID',
    ],
    [
      'a multipart within',
      '--b|Content-Type: multipart/mixed; boundary=c||--c||x|--c--|--b--',
      TYPE,
      'a multipart itself',
    ],
    ['a Content-Length that is too small', '--b|Content-Length: 1||xy|--b--', TYPE, 'Content-Length'],
    ['a Content-Length that is too large', '--b|Content-Length: 99||xy|--b--', TYPE, 'Content-Length'],
    ['a Content-Length that is none', '--b|Content-Length: 0x2||xy|--b--', TYPE, 'Content-Length'],
    ['base64 that is none', '--b|Content-Transfer-Encoding: base64||Y*Jj|--b--', TYPE, 'base64'],
    ['base64 that is cut off', '--b|Content-Transfer-Encoding: base64||YWJ|--b--', TYPE, 'base64'],
    [
      'quoted-printable that is none',
      '--b|Content-Transfer-Encoding: quoted-printable||a=XY|--b--',
      TYPE,
      'quoted-printable',
    ],
    ['another transfer encoding', '--b|Content-Transfer-Encoding: x-uuencode||a|--b--', TYPE, 'RFC 2045'],
    ['a start that is not there', '--b|Content-ID: <a>||x|--b--', `${TYPE}; start="<c>"`, 'start parameter'],
  ])('%s', (_, text, contentType, message) => {
    const { code, message: said } = refusal(() => read(text, contentType))
    expect(code).toBe('backend-malformed')
    expect(said).toContain(message)
  })

  it.each([
    ['delimiters without an end', '\r\n--b'.repeat(500_000)],
    ['line starts', `--b\r\n\r\n${'\n--'.repeat(1_000_000)}`],
    ['white space after a delimiter', `--b${' '.repeat(3_000_000)}`],
    ['beginnings of delimiters', `--b\r\n\r\n${'\n--bx'.repeat(600_000)}`],
    ['empty header lines', `--b\r\n${' \r\n'.repeat(1_000_000)}`],
  ])('in little time: %s', (_, text) => {
    const startedAt = performance.now()
    expect(refusal(() => readRelated(Buffer.from(text), TYPE)).code).toBe('backend-malformed')
    expect(performance.now() - startedAt).toBeLessThan(3000)
  })

  it('every cut of a message', () => {
    const whole = '--b|Content-ID: <a>||x|--b|Content-Type: image/png||y|--b--'.replaceAll('|', '\r\n')
    for (let length = 0; length < whole.length; length++) {
      expect(refusal(() => readRelated(Buffer.from(whole.slice(0, length)), TYPE)).code).toBe(
        'backend-malformed',
      )
    }
  })
})

describe('what is written', () => {
  const parts = [
    { contentId: 'a=1@x', mediaType: 'image/png', bytes: Buffer.from('\r\n--\0\xff', 'latin1') },
    { contentId: 'b@x', mediaType: undefined, bytes: Buffer.alloc(0) },
  ]

  it.each([
    [
      'xop',
      '1.1',
      { type: 'application/xop+xml', 'start-info': 'text/xml' },
      'application/xop+xml; charset=UTF-8; type="text/xml"',
    ],
    [
      'xop',
      '1.2',
      { type: 'application/xop+xml', 'start-info': 'application/soap+xml', action: 'a"b' },
      'application/xop+xml; charset=UTF-8; type="application/soap+xml"',
    ],
    ['swa', '1.1', { type: 'text/xml' }, 'text/xml; charset=UTF-8'],
  ] as const)('is read again: %s in SOAP %s', (form, version, parameters, rootType) => {
    const { contentType, body } = packageMessage(['<e>', '\u00fc</e>'], {
      attachments: parts,
      form,
      dialect: dialect(version),
      action: 'a"b',
    })
    expect(isRelated(contentType)).toBe(true)
    const bytes = bytesOf(body)
    expect(bytes.byteLength).toBe(body.byteLength)
    const { root, attachments } = readRelated(bytes, contentType)
    expect(root.mediaType).toBe(rootType)
    expect(Buffer.from(root.bytes).toString()).toBe('<e>\u00fc</e>')
    expect(
      attachments.map(({ contentId, mediaType, bytes: content }) => [
        contentId,
        mediaType,
        bytesOf(content).toString('latin1'),
      ]),
    ).toEqual([
      ['a=1@x', 'image/png', '\r\n--\0\xff'],
      ['b@x', 'application/octet-stream', ''],
    ])
    for (const [name, value] of Object.entries(parameters)) {
      expect(contentType).toContain(`${name}="${value.replace('"', '\\"')}"`)
    }
  })

  it.skipIf(pythonIsAbsent)(
    `is what Python's email package reads${pythonIsAbsent ? ` (skipped: ${pythonIsAbsent})` : ''}`,
    () => {
      const { contentType, body } = packageMessage(['<e/>'], {
        attachments: parts,
        form: 'swa',
        dialect: dialect('1.1'),
        action: '',
      })
      const read = readByPython(contentType, bytesOf(body))
      expect(read).toMatchObject({ type: 'multipart/related', defects: [], parameters: { type: 'text/xml' } })
      expect(read.parts.map(({ hex }) => Buffer.from(hex, 'hex').toString('latin1'))).toEqual([
        '<e/>',
        '\r\n--\0\xff',
        '',
      ])
    },
  )

  it.skipIf(pythonIsAbsent)(
    `what Python's email package writes is read${pythonIsAbsent ? ` (skipped: ${pythonIsAbsent})` : ''}`,
    () => {
      const hex = Buffer.from(Array.from({ length: 1000 }, (_, i) => i & 0xff)).toString('hex')
      const text = Buffer.from('<e>\u00fc = \t\r\n</e>').toString('hex')
      const { contentType, body } = writtenByPython({
        parameters: { type: 'text/xml', start: '<r@x>' },
        parts: [
          { id: 'p@x', type: 'image/png', encoding: 'base64', hex },
          { id: 'r@x', type: 'text/xml', encoding: 'quoted-printable', hex: text },
        ],
      })
      const { root, attachments } = readRelated(body, contentType)
      expect(Buffer.from(root.bytes).toString('hex')).toBe(text)
      expect(attachments).toMatchObject([{ contentId: 'p@x', mediaType: 'image/png' }])
      expect(bytesOf(attachments[0]?.bytes ?? '').toString('hex')).toBe(hex)
    },
  )
})

describe('references', () => {
  it.each([
    ['a@b', 'cid:a@b'],
    ['a=b+c@d', 'cid:a%3Db%2Bc@d'],
    ['\u00fc/%@x', 'cid:%C3%BC%2F%25@x'],
  ])('%s is %s', (contentId, href) => {
    expect(cidOf(contentId)).toBe(href)
    expect(contentIdOf(href)).toBe(contentId)
  })

  it.each([
    [' CID:a@b ', 'a@b'],
    ['cid:%zz', '%zz'],
    ['http://x/', undefined],
    ['', undefined],
  ])('%j names %s', (href, contentId) => {
    expect(contentIdOf(href)).toBe(contentId)
  })

  it('come to no more than a response may have', () => {
    const received = new ReceivedAttachments(
      [{ contentId: 'a', mediaType: undefined, bytes: Buffer.alloc(40) }],
      100,
    )
    expect(received.take('cid:a')?.bytes.byteLength).toBe(40)
    received.take('cid:a')
    expect(refusal(() => received.take('cid:a')).code).toBe('backend-too-large')
  })
})
