import { expect, test } from 'vitest'
import { Pieces } from '../../src/base/bytes/source.js'
import { canonicalJson } from '../../src/http/idempotency/canonical-json.js'
import { jsonView } from '../../src/inspector/json-view.js'
import { jsonLine, jsonText } from '../../src/json/text.js'
import {
  Base64Text,
  Binary,
  ExactNumber,
  isJsonObject,
  isJsonScalar,
  scalarText,
  withText,
} from '../../src/json/value.js'

test('an exact number is a number to JSON.stringify, with all its digits where the engine can', () => {
  const text = JSON.stringify({ id: new ExactNumber('9007199254740993') })
  expect(['{"id":9007199254740993}', '{"id":9007199254740992}']).toContain(text)
  if ('rawJSON' in JSON) expect(text).toBe('{"id":9007199254740993}')
})

test('an exact number is a scalar that keeps its digits', () => {
  expect(isJsonObject(new ExactNumber('1.10'))).toBe(false)
  expect(scalarText(new ExactNumber('1.10'))).toBe('1.10')
})

test('bytes in pieces are those in one piece', () => {
  const pieces = [Buffer.from('pie'), Buffer.from('ces')]
  const inPieces = new Binary(new Pieces(pieces), 'text/plain')
  expect(inPieces.byteLength).toBe(6)
  expect(canonicalJson({ file: inPieces })).toBe(canonicalJson({ file: new Binary(Buffer.from('pieces')) }))
  expect(inPieces.content).toBeInstanceOf(Pieces)
  expect(String(inPieces)).toBe(Buffer.from('pieces').toString('base64'))
  expect(inPieces.bytes).toEqual(Buffer.from('pieces'))
  expect(inPieces).toEqual(new Binary(Buffer.from('pieces'), 'text/plain'))
})

test('a text that is held as bytes is the text', () => {
  const text = new Base64Text(new Binary(Buffer.from('text')))
  const body = { text, list: [text] }
  const same = { text: 'dGV4dA==', list: ['dGV4dA=='] }
  for (const write of [canonicalJson, jsonLine, jsonText]) expect(write(body)).toBe(write(same))
  expect(JSON.stringify(body)).toBe(JSON.stringify(same))
  expect(jsonView(body, { values: true })).toEqual(jsonView(same, { values: true }))
  expect([isJsonObject(text), isJsonScalar(text), scalarText(text)]).toEqual([false, true, 'dGV4dA=='])
  expect([withText(text), withText('a'), withText(1)]).toEqual(['dGV4dA==', 'a', 1])
})
