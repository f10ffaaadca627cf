import { expect, test } from 'vitest'
import { AdapterError } from '../../src/base/errors.js'
import { applicableCases } from '../oracle/xml-conformance.js'
import { adapter, operationOf, request } from './contract.js'

const total = operationOf(adapter(), 'total')
const asked = request({ path: { id: '1' } })

/** What becomes of a document that a backend answers with. */
function outcomeOf(body: Uint8Array, contentType: string): string {
  try {
    return `answered ${total.decode({ status: 200, headers: { 'content-type': contentType }, body }, asked).status}`
  } catch (error) {
    return error instanceof AdapterError ? error.code : `failed: ${String(error)}`
  }
}

test.each(['application/soap+xml', 'text/xml; charset=utf-8', 'text/html'])(
  'no document of the W3C suite is a response as %s, and none is more than a refused one',
  (contentType) => {
    const cases = applicableCases()
    const outcomes = cases.map(({ id, bytes }) => [id, outcomeOf(bytes, contentType)] as const)
    const refused = /^backend-(?:malformed|not-soap|mismatch)$/
    expect(outcomes.filter(([, outcome]) => !refused.test(outcome))).toEqual([])
    expect(cases.filter(({ type }) => type === 'not-wf').length).toBeGreaterThan(800)
  },
)

test('a document of the suite inside an envelope never becomes a response either', () => {
  const wrong = applicableCases().flatMap(({ id, bytes }) => {
    const inner = Buffer.from(bytes)
      .toString('latin1')
      .replace(/^<\?xml[^]*?\?>/, '')
    const envelope = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${inner}</s:Body></s:Envelope>`
    const outcome = outcomeOf(Buffer.from(envelope, 'latin1'), 'application/soap+xml; charset=iso-8859-1')
    return outcome.startsWith('backend-') ? [] : [[id, outcome]]
  })
  expect(wrong).toEqual([])
})
