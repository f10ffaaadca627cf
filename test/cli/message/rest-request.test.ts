import { describe, expect, it } from 'vitest'
import { parseRestRequest } from '../../../src/cli/message/rest-request.js'
import { Failure } from '../../../src/cli/terminal/report.js'
import { jsonText } from '../../../src/json/text.js'

describe('parseRestRequest', () => {
  it('takes all parts as optional', () => {
    expect(parseRestRequest('{}')).toEqual({ path: {}, query: {}, headers: {} })
  })

  it('takes texts, lists of texts, and numbers and booleans as they are written', () => {
    const text =
      '{"path": {"id": 12.50}, "query": {"tag": ["a", 7], "open": true}, "headers": {"X-Trace": "t"}}'
    expect(parseRestRequest(text)).toEqual({
      path: { id: '12.50' },
      query: { tag: ['a', '7'], open: 'true' },
      headers: { 'x-trace': 't' },
    })
  })

  it.each(['1.10', '9007199254740993', '1e400', '-0', '"1"', 'null', '[]', '{}', 'true'])(
    'keeps the body %s',
    (body) => {
      expect(jsonText(parseRestRequest(`{"body": ${body}}`).body ?? null)).toBe(body)
    },
  )

  it.each([
    ['nonsense', /not JSON: line 1, column 1/],
    ['[]', /must be a JSON object/],
    ['{"pth": {}}', /has the member pth/],
    ['{"path": []}', /path must be an object/],
    ['{"path": {"id": {}}}', /path\/id must be a text/],
    ['{"path": {"id": ["a"]}}', /path\/id must be a text/],
    ['{"query": {"id": [null]}}', /query\/id must be a text/],
  ])('refuses %s', (text, message) => {
    expect(() => parseRestRequest(text)).toThrow(Failure)
    expect(() => parseRestRequest(text)).toThrow(message)
  })
})

describe('jsonText', () => {
  it('indents as JSON.stringify does', () => {
    const value = { a: [1, 'x "y"', [], {}], b: { c: null, d: true }, __proto__: 'ignored' }
    expect(jsonText(value)).toBe(JSON.stringify(value, undefined, 2))
  })
})
