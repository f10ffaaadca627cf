import { describe, expect, it } from 'vitest'
import { fill } from '../../../src/adapter/response/headers.js'
import type { Template } from '../../../src/mapping/operation/source.js'

const request = { path: { id: 'x'.repeat(5_000) }, query: {}, headers: {} }
const template: Template = ['/orders/', { kind: 'response', part: 'body', steps: ['id'] }]
const filled = (id: string) => fill(template, { request, response: { body: { id }, soapHeader: undefined } })

describe('a value of the response in a header field', () => {
  it.each([
    ['x', 4_096],
    ['\u00e9', 682],
    ['/', 1_365],
  ])('of %j has room %i times', (text, times) => {
    expect(filled(text.repeat(times))).toBe(`/orders/${encodeURIComponent(text).repeat(times)}`)
    expect(() => filled(text.repeat(times + 1))).toThrow(
      expect.objectContaining({
        code: 'backend-mismatch',
        message: expect.stringContaining('4096') as string,
      }),
    )
  })

  it('is not a value of the request, which the client has chosen', () => {
    const own: Template = ['/', { kind: 'parameter', in: 'path', name: 'id' }]
    expect(fill(own, { request, response: { body: {}, soapHeader: undefined } })).toBe(
      `/${'x'.repeat(5_000)}`,
    )
  })
})
