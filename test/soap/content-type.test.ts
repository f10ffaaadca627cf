import { describe, expect, it } from 'vitest'
import { charsetOf, contentTypeOf } from '../../src/soap/content-type.js'

describe('a Content-Type', () => {
  it.each([
    ['', '', undefined],
    ['text/xml', 'text/xml', undefined],
    ['Text/XML; charset=utf-8', 'text/xml', 'utf-8'],
    ['application/soap+xml; action="urn:x"; charset="UTF-8"', 'application/soap+xml', 'UTF-8'],
    [' text/xml ;Charset = latin1', 'text/xml', 'latin1'],
    ['text/xml; charsets=a', 'text/xml', undefined],
  ])('%j', (field, mediaType, charset) => {
    // Twice, and with another between: what was read before is remembered for the same field alone.
    expect(contentTypeOf(field)).toEqual({ mediaType, charset })
    expect(contentTypeOf('text/plain; charset=ascii')).toEqual({ mediaType: 'text/plain', charset: 'ascii' })
    expect(contentTypeOf(field)).toEqual({ mediaType, charset })
    expect(charsetOf(field)).toBe(charset)
  })

  it('may be absent', () => {
    expect(charsetOf(undefined)).toBeUndefined()
  })
})
