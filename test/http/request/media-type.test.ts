import { expect, it } from 'vitest'
import { declaredMediaType, parseMediaType } from '../../../src/http/request/media-type.js'

it.each([
  ['application/json', { essence: 'application/json', charset: undefined }],
  ['Application/JSON ; Charset="UTF-8"', { essence: 'application/json', charset: 'utf-8' }],
  ['text/plain;format=flowed;charset=latin1;x=y', { essence: 'text/plain', charset: 'latin1' }],
  ['application/vnd.bank+json', { essence: 'application/vnd.bank+json', charset: undefined }],
  ['', undefined],
  ['json', undefined],
  ['a/b/c', undefined],
  ['a /b', undefined],
  ['a/b c', undefined],
])('reads %j', (header, expected) => {
  expect(parseMediaType(header)).toEqual(expected)
})

it.each([
  ['text/csv', ['*/*', 'text/*', 'text/csv'], 'text/csv'],
  ['text/csv', ['*/*', 'text/*'], 'text/*'],
  ['text/csv', ['*/*'], '*/*'],
  ['application/json', ['application/json; charset=utf-8'], 'application/json; charset=utf-8'],
  ['text/csv', ['application/json'], undefined],
])('%s among %j is %s', (essence, declared, expected) => {
  expect(declaredMediaType({ essence, charset: undefined }, declared)).toBe(expected)
})
