import { expect, it } from 'vitest'
import { DocumentText } from '../../../../src/tools/import/merge/document-text.js'
import type { Edit } from '../../../../src/tools/import/merge/edit.js'

const text = `# The shop.
openapi: 3.1.0
paths:
    /orders: # ours
        get:
            responses: { 200: { description: 'Fine.' } }
            required: [ a, b ]
            tags:
                - Orders

`

it.each<[string, Edit, string, string]>([
  ['sets', { kind: 'set', path: ['openapi'], value: '3.1.1' }, 'openapi: 3.1.0', 'openapi: 3.1.1'],
  [
    'sets below a key that is a number',
    { kind: 'set', path: ['paths', '/orders', 'get', 'responses', '200', 'description'], value: 'Good.' },
    "'Fine.'",
    'Good.',
  ],
  [
    'makes what is on the way',
    { kind: 'set', path: ['components', 'schemas', 'A', 'type'], value: 'string' },
    '- Orders\n',
    '- Orders\ncomponents:\n    schemas:\n        A:\n            type: string\n',
  ],
  [
    'removes',
    { kind: 'remove', path: ['paths', '/orders', 'get', 'required'] },
    '            required: [ a, b ]\n',
    '',
  ],
  [
    'appends',
    { kind: 'append', path: ['paths', '/orders', 'get', 'required'], value: 'c' },
    '[ a, b ]',
    '[ a, b, c ]',
  ],
  [
    'drops',
    { kind: 'drop', path: ['paths', '/orders', 'get', 'required'], isWanted: (item) => item === 'a' },
    '[ a, b ]',
    '[ b ]',
  ],
])('%s, and leaves comments, order and manners', (_what, edit, written, expected) => {
  expect(text).toContain(written)
  const edited = new DocumentText(text).edited([edit])
  expect(edited.trimEnd()).toBe(text.replace(written, () => expected).trimEnd())
})

it('keeps what it would write otherwise: folded lines, brackets, quotes, comments behind keys', () => {
  const mine = `a: # first
  b: "one
    and two"
  c: [1, 2]
  d: { e: 'x' }   # why
list:
- one

- two
`
  const edited = new DocumentText(mine).edited([{ kind: 'set', path: ['a', 'f'], value: 1 }])
  expect(edited).toBe(mine.replace('# why\n', '# why\n  f: 1\n'))
})

it('is the same to the byte without edits', () => {
  const untidy = 'a:    1\r\n\r\n\nb: [ 1,2 ]   # x'
  expect(new DocumentText(untidy).edited([])).toBe(untidy)
})

it.each(['a: [1', '- 1', 'text'])('%j is not a document', (broken) => {
  expect(() => new DocumentText(broken)).toThrow()
})
