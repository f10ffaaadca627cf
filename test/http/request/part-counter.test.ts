import { expect, it } from 'vitest'
import { PartCounter } from '../../../src/http/request/part-counter.js'
import fc from '../../oracle/property.js'

function count(contentType: string, body: string, sizes: readonly number[] = []): number {
  const counter = new PartCounter(contentType)
  let bytes = Buffer.from(body, 'latin1')
  for (const size of sizes) {
    counter.take(bytes.subarray(0, size))
    bytes = bytes.subarray(size)
  }
  counter.take(bytes)
  return counter.parts
}

it.each([
  ['multipart/form-data; boundary=b', '--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n', 2],
  ['multipart/form-data; charset=x; Boundary="a b"', 'preamble\r\n--a b \r\n\r\nx\r\n--a b--', 1],
  ['multipart/form-data; boundary=b', '--b\r\n\r\n--b \r\n--bc\r\n\n--b\r\n\r\n--b--\r\n', 2],
  ['multipart/form-data; boundary=b', '--b--\r\n', 0],
  ['multipart/form-data', '--b\r\n\r\n--b--', 0],
])('%s with %j has %i parts', (contentType, body, parts) => {
  expect(count(contentType, body)).toBe(parts)
})

it('counts the same however the body is cut', () => {
  const piece = fc.constantFrom('\r\n', '--b', '--b\r\n', '\r\n--b\r\n', '-', 'b', 'x', '\r\n--b--')
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat(9)), (pieces, sizes) => {
      const body = pieces.join('')
      const whole = count('multipart/form-data; boundary=b', body)
      expect(count('multipart/form-data; boundary=b', body, sizes)).toBe(whole)
      expect(whole).toBe([...`\r\n${body}`.matchAll(/\r\n--b(?=\r)/g)].length)
    }),
  )
})
