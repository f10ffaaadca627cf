import { expect, it } from 'vitest'
import { read } from '../contract-text.js'

const V30 = `openapi: 3.0.3
info: { title: A, version: '1' }
paths: {}
components:
  schemas:
    A:
      type: object
      properties:
        nullable: { type: string }
        note:
          type: string
          nullable: true
        kind: { type: string, nullable: true, enum: [a] }
        other:
          allOf: [{ $ref: '#/components/schemas/A' }]
          nullable: true
        count:
          type: integer
          minimum: 0
          exclusiveMinimum: true
          maximum: 9
          exclusiveMaximum: false
      example: { nullable: true }
`

const messages = (text: string) =>
  read(text).diagnostics.list.map(({ message, at }) => `${at?.line ?? ''}: ${message}`)

it('says what to type in a document of OpenAPI 3.0, and where', () => {
  expect(messages(V30)).toEqual([
    '1: The document is OpenAPI 3.0.3; write `openapi: 3.1.0`. Then change the places below.',
    "12: Write `type: [string, 'null']` instead of `type: string` and `nullable: true`.",
    "13: Write `type: [string, 'null']` instead of `type: string` and `nullable: true`, and put `null` into `enum`.",
    "16: Write `oneOf: [{ …what is nullable… }, { type: 'null' }]` instead of `nullable: true`.",
    '20: Write `exclusiveMinimum: 0` instead of `minimum: 0` and `exclusiveMinimum: true`.',
    '22: Leave out `exclusiveMaximum: false`: in OpenAPI 3.1 it is a number.',
  ])
})

it('says that nothing else need change', () => {
  expect(messages('openapi: 3.0.0\npaths: {}\n')).toEqual([
    '1: The document is OpenAPI 3.0.0; write `openapi: 3.1.0`. Nothing else of it need change.',
  ])
})

it('lists twenty places, and counts the others', () => {
  const schemas = Array.from({ length: 25 }, (_, index) => `    S${index}: { type: string, nullable: true }`)
  const found = messages(`openapi: 3.0.3\ncomponents:\n  schemas:\n${schemas.join('\n')}\n`)
  expect(found).toHaveLength(21)
  expect(found[0]).toContain('at 5 other places')
})

it.each([
  ['swagger: "2.0"\n', /^1: This is Swagger 2\.0/],
  ['openapi: 3.2.0\n', /^1: The document must say `openapi: 3\.1\.x`/],
  ['{}\n', /^1: The document must say `openapi: 3\.1\.x`/],
])('says of %j what it is', (text, message) => {
  expect(messages(text)).toEqual([expect.stringMatching(message)])
})
