import { expect, test } from 'vitest'
import { ExactNumber, isJsonObject, scalarText } from '../../src/json/value.js'

test('an exact number is a number to JSON.stringify, with all its digits where the engine can', () => {
  const text = JSON.stringify({ id: new ExactNumber('9007199254740993') })
  expect(['{"id":9007199254740993}', '{"id":9007199254740992}']).toContain(text)
  if ('rawJSON' in JSON) expect(text).toBe('{"id":9007199254740993}')
})

test('an exact number is a scalar that keeps its digits', () => {
  expect(isJsonObject(new ExactNumber('1.10'))).toBe(false)
  expect(scalarText(new ExactNumber('1.10'))).toBe('1.10')
})
