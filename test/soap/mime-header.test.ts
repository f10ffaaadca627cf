import { expect, it } from 'vitest'
import { isPlainMediaType } from '../../src/soap/mime-header.js'

it.each<[string, boolean]>([
  [' text/plain', true],
  ['text/plain; charset="utf-8"', true],
  ['application/xop+xml;type="text/xml; (x)" ; charset=UTF-8;', true],
  ['image/png; name=a/b\u00e4.png', true],
  ["application/pdf; name*=utf-8''a", true],
  ['text/plain (x)', false],
  ['text/plain; (;charset=utf-7;)', false],
  ['text/plain; charset=ut f-8', false],
  ['text/plain; charset=ut"f-8"', false],
  ['text/plain; charset=utf\\-8', false],
  ["text/plain; charset*=us-ascii''utf-8", false],
  ['text/plain; Charset*0=utf-8', false],
  ['text /plain', false],
  ['text/plain; charset', false],
  ['', false],
])('knows whether %s reads the same to all', (contentType, expected) => {
  expect(isPlainMediaType(contentType)).toBe(expected)
})
