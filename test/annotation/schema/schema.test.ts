import { describe, expect, test } from 'vitest'
import { check, lineOf, openapi } from '../../mapping/contract.js'

/** `code line` and the message of each error, after a change to the contract. */
function errors(from: string, to: string): { readonly at: string; readonly message: string }[] {
  expect(openapi).toContain(from)
  return check(openapi.replace(from, to))
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, at, message }) => ({ at: `${code} ${at?.line ?? ''}`, message }))
}

const titleLine = lineOf(openapi, '        title: {')

describe('the annotation of a schema', () => {
  test.each([
    ['{ pth: Title }', 'annotation-unknown', 'Did you mean path?'],
    ['{ value: a }', 'annotation-unknown', 'there is path, text, values, type'],
    ['{ toString: a }', 'annotation-unknown', 'There is no toString'],
    ['{ path: 1 }', 'annotation-invalid', 'path must be a path of names'],
    ['{ values: [A] }', 'annotation-invalid', 'values must be a map'],
    ['{ type: {} }', 'annotation-invalid', 'type must be the name of an XSD type'],
    ['/Title', 'annotation-invalid', 'must be a map in a schema'],
  ])('%s is reported once, where it is written', (annotation, code, message) => {
    const found = errors('title: { type: string }', `title: { type: string, x-soap: ${annotation} }`)
    expect(found.filter(({ at }) => at.startsWith('annotation-'))).toEqual([
      { at: `${code} ${titleLine}`, message: expect.stringContaining(message) as string },
    ])
  })

  test('is reported behind references and in parts of allOf too', () => {
    const schemas = 'Text: { type: string, x-soap: { pth: Title } }\n    Book:\n'
    const changed = openapi
      .replace('    Book:\n', `    ${schemas}`)
      .replace('title: { type: string }', "title: { allOf: [{ $ref: '#/components/schemas/Text' }] }")
    const unknown = check(changed).diagnostics.filter(({ code }) => code === 'annotation-unknown')
    expect(unknown.map(({ at }) => at?.line)).toEqual([lineOf(changed, 'Text: {')])
  })

  test.each(['{ path: Title }', '{}'])('%s is as it should be', (annotation) => {
    expect(errors('title: { type: string }', `title: { type: string, x-soap: ${annotation} }`)).toEqual([])
  })
})

describe('the default of a member of a body', () => {
  test.each([
    ['title: { type: string }', 'title: { type: string, default: any }', []],
    ['pages: { type: integer }', 'pages: { type: integer, default: 7 }', []],
    ['pages: { type: integer }', 'pages: { type: integer, default: many }', ['The default of pages ']],
    ['pages: { type: integer }', 'pages: { type: integer, default: 3000000000 }', ['The default of pages ']],
    [
      'lent: { type: string, format: date }',
      'lent: { type: string, format: date, default: today }',
      ['The default of lent '],
    ],
    ['enum: [IN, OUT] }', 'enum: [IN, OUT], default: LOST }', ['The default of status ']],
    [
      'enum: [IN, OUT] }',
      'enum: [in, out], default: IN, x-soap: { values: { in: IN, out: OUT } } }',
      ['The default of status must be one of in, out.'],
    ],
    ['enum: [IN, OUT] }', 'enum: [in, out], default: in, x-soap: { values: { in: IN, out: OUT } } }', []],
  ])('%s → %s', (from, to, expected) => {
    const found = errors(from, to)
    expect(found.map(({ message }) => message)).toEqual(
      expected.map((start) => expect.stringContaining(start) as string),
    )
    if (found[0]) expect(found[0].at).toBe(`request-source ${lineOf(openapi, from)}`)
  })
})
