import { describe, expect, it } from 'vitest'
import { beginsWithPlainHead, readResponseHead } from '../../../src/backend/connection/response-head.js'
import fc from '../../oracle/property.js'

const PLAIN = [
  'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 12\r\n\r\n',
  'HTTP/1.1 500 \r\ntransfer-encoding: Chunked\r\n\r\n',
  'HTTP/1.0 200\r\ncontent-length:0\r\nConnection: close\r\nTraceparent: x\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
]

describe('a head that is left as it is', () => {
  it.each(PLAIN)('%j', (head) => {
    expect(beginsWithPlainHead(Buffer.from(`${head}<a/>`, 'latin1'))).toBe(true)
    expect(readResponseHead(head)).toEqual({ kind: 'final' })
  })

  it.each(PLAIN)('must be there as a whole: %j', (head) => {
    for (let end = 0; end < head.length; end++) {
      expect(beginsWithPlainHead(Buffer.from(head.slice(0, end), 'latin1')), head.slice(0, end)).toBe(false)
    }
  })

  it.each([
    ['an interim response', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['no content', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n'],
    ['not modified', 'HTTP/1.1 304 Not Modified\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a line that ends in LF', 'HTTP/1.1 200 OK\nServer: x\r\n\r\n'],
    ['a head that ends in LF', 'HTTP/1.1 200 OK\r\nServer: x\n\n'],
    ['a folded line', 'HTTP/1.1 200 OK\r\nServer: x\r\n y\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n'],
    ['a length and a coding', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['a list of lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n'],
    ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['no length', 'HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n'],
    ['another coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n'],
    ['two codings', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
    ['a blank before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\n'],
  ])('is not %s', (_, head) => {
    expect(beginsWithPlainHead(Buffer.from(head, 'latin1'))).toBe(false)
  })

  it('is one that would be left as it is if it were read', () => {
    const status = fc.constantFrom(
      '200 OK',
      '204 No',
      '304 x',
      '100 Go',
      '500',
      '2000',
      '20',
      '101 Up',
      '099 y',
    )
    const name = fc.constantFrom(
      ...[
        'Content-Length',
        'content-length',
        'Transfer-Encoding',
        'CONTENT-TYPE',
        'Content-Lengthy',
        'X',
        'te',
      ],
    )
    const value = fc.constantFrom(
      '',
      '1',
      '12',
      '1,1',
      '+1',
      'chunked',
      'CHUNKED',
      'identity',
      '1234567890123456',
    )
    const blank = fc.constantFrom('', ' ', '\t', '  ')
    const end = fc.oneof(
      { weight: 9, arbitrary: fc.constant('\r\n') },
      fc.constantFrom('\n', '\r\n ', '\r', ''),
    )
    const line = fc
      .tuple(name, blank, fc.constantFrom(':', ': ', ''), value, blank, end)
      .map((parts) => parts.join(''))
    const head = fc
      .tuple(fc.constantFrom('HTTP/1.1 ', 'HTTP/1.0 '), status, end, fc.array(line, { maxLength: 4 }), end)
      .map(([version, text, after, lines, last]) => version + text + after + lines.join('') + last)
    fc.assert(
      fc.property(head, (text) => {
        if (!beginsWithPlainHead(Buffer.from(text, 'latin1'))) return
        const whole = text.slice(0, text.indexOf('\r\n\r\n') + 4)
        expect(readResponseHead(whole), JSON.stringify(text)).toEqual({ kind: 'final' })
      }),
      { numRuns: 20_000 },
    )
  })
})
