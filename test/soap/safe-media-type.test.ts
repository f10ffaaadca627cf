import { expect, test } from 'vitest'
import { safeMediaType } from '../../src/soap/safe-media-type.js'

test.each([
  ['text/html', 'text/html'],
  ['', 'no media type'],
  ['text/x-4929123456789012', 'another media type'],
  ['constructor', 'another media type'],
])('%j is told as %s', (mediaType, told) => {
  expect(safeMediaType(mediaType)).toBe(told)
})
