import { expect, test } from 'vitest'
import { decodeAnswer, encodeAnswer } from '../../../src/http/idempotency/answer.js'

test.each(['declared-fault', 'mapped-fault'] as const)('a stored %s is counted as one again', (faultKind) => {
  const response = { status: 404, headers: { 'x-a': 'b' }, body: '{"a":"\n"}', fault: 'NotFound', faultKind }
  const { body, ...head } = decodeAnswer(encodeAnswer(response))
  expect({ ...head, body: String(body) }).toEqual(response)
})
