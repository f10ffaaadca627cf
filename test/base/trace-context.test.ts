import { describe, expect, it } from 'vitest'
import { readTraceContext, traceIdOf } from '../../src/base/trace-context.js'
import fc from '../oracle/property.js'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'
const valid = `00-${traceId}-${spanId}-01`

describe('the trace context of header fields (W3C Trace Context, section 3.2)', () => {
  it.each([
    [valid],
    [`00-${traceId}-${spanId}-00`],
    // A later version may have more (section 3.2.4).
    [`01-${traceId}-${spanId}-01`],
    [`cc-${traceId}-${spanId}-01-what-the-future-will-be-like`],
  ])('takes %s', (traceparent) => {
    const context = readTraceContext({ traceparent })
    expect(context).toEqual({ traceparent })
    expect(context && traceIdOf(context)).toBe(traceId)
  })

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['several fields', [valid, valid]],
    ['version ff', `ff-${traceId}-${spanId}-01`],
    ['a trace that is zero', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a parent that is zero', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['upper case', valid.toUpperCase()],
    ['a digit too few', valid.slice(0, -1)],
    ['a digit too many', `${valid}0`],
    ['more than version 00 has', `${valid}-more`],
    ['a later version that goes on without a dash', `01-${traceId}-${spanId}-01more`],
    ['a text in front', ` ${valid}`],
    ['more than a field should have', `01-${traceId}-${spanId}-01-${'x'.repeat(600)}`],
    ['what is no ASCII', `01-${traceId}-${spanId}-01-é`],
  ])('does not take %s', (_what, traceparent) => {
    expect(readTraceContext({ traceparent, tracestate: 'a=1' })).toBeUndefined()
  })

  it.each([
    ['a=1', 'a=1'],
    [['a=1', 'b=2'], 'a=1,b=2'],
    ['x'.repeat(513), undefined],
    ['a=1\r\nevil: 1', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('takes of tracestate %j', (tracestate, expected) => {
    expect(readTraceContext({ traceparent: valid, tracestate })?.tracestate).toBe(expected)
  })

  it('takes nothing that cannot be a header field', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const context = readTraceContext({ traceparent: valid + text, tracestate: text })
        for (const value of Object.values(context ?? {})) expect(value).toMatch(/^[\x20-\x7e]{1,512}$/)
      }),
    )
  })
})
