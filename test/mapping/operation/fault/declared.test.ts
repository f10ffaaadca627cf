import { describe, expect, test } from 'vitest'
import type { FaultMapping } from '../../../../src/mapping/operation/mapping.js'
import { check, openapi, wsdl } from '../../contract.js'

const gone = "'410': { description: gone }"
const problem = (fault: string): string =>
  `'410': { description: gone, content: { application/problem+json: { schema: { type: object, properties: { fault: ${fault} } } } } }`

function faultsOf(
  from: string,
  to: string,
  definitions = wsdl,
): { faults: readonly FaultMapping[]; findings: string[] } {
  expect(openapi).toContain(from)
  const { diagnostics, joined } = check(openapi.replace(from, to), definitions)
  const mapping = joined.operations.find(({ rest }) => rest.operationId === 'getBook')
  return {
    faults: mapping?.faults ?? [],
    findings: diagnostics.map(({ code, severity }) => `${severity} ${code}`),
  }
}

describe('a declared fault', () => {
  test('has the status that it is mapped to, its element and a title', () => {
    const { faults, findings } = faultsOf(gone, gone)
    expect(findings).toEqual([])
    expect(faults).toMatchObject([
      {
        name: 'Gone',
        status: 410,
        title: 'Gone',
        element: { namespace: 'urn:library', localName: 'GoneFault' },
      },
    ])
  })

  test('that is not mapped is 502', () => {
    expect(faultsOf('{ Gone: 410 }', '{}').faults).toMatchObject([{ name: 'Gone', status: 502 }])
  })

  test.each([
    ['its own response', "'410': { description: gone }"],
    ['a range', "'4XX': { description: bad }"],
    ['the default', 'default: { description: other }'],
  ])('is declared by %s', (_, response) => {
    expect(faultsOf(gone, response).findings).toEqual([])
  })

  test.each([
    ['AccountNotFoundFault', 'Account not found'],
    ['BookGoneException', 'Book gone'],
    ['book_gone_error', 'Book gone'],
    ['bookGone', 'Book gone'],
    ['Fault', 'Fault'],
  ])('%s has the title %s', (name, title) => {
    const definitions = wsdl
      .replaceAll('name="Gone"', `name="${name}"`)
      .replace(`<message name="${name}"`, '<message name="Gone"')
      .replace(`<xs:complexType name="${name}"`, '<xs:complexType name="Gone"')
    const { faults } = faultsOf('{ Gone: 410 }', `{ ${name}: 410 }`, definitions)
    expect(faults).toMatchObject([{ name, title }])
  })
})

describe('the detail', () => {
  const members = (fault: FaultMapping | undefined): unknown =>
    fault?.value.kind === 'object' &&
    JSON.stringify(fault.value.content, ['kind', 'particles', 'member', 'name', 'hidden'])

  test('takes the names that the problem gives it', () => {
    const { faults, findings } = faultsOf(
      gone,
      problem('{ type: object, properties: { number: { type: string, xml: { name: ISBN } } } }'),
    )
    expect(findings).toEqual([])
    expect(members(faults[0])).toContain('"number"')
  })

  test('keeps its own where the problem says nothing of it', () => {
    expect(members(faultsOf(gone, problem('{ type: object }')).faults[0])).toContain('"isbn"')
    expect(members(faultsOf(gone, problem('{}')).faults[0])).toContain('"isbn"')
  })

  test('takes the first alternative that it fits', () => {
    const { faults, findings } = faultsOf(
      gone,
      problem(
        '{ oneOf: [{ type: object, properties: { shelf: { type: string } } }, { type: object, properties: { number: { type: string, xml: { name: ISBN } } } }] }',
      ),
    )
    expect(findings).toEqual([])
    expect(members(faults[0])).toContain('"number"')
  })

  test.each([
    [
      'no alternative fits',
      '{ oneOf: [{ type: object, properties: { a: { type: string } } }, { type: object, properties: { b: { type: string } } }] }',
      'error fault-schema',
    ],
    [
      'a member is not there',
      '{ type: object, properties: { shelf: { type: string } } }',
      'error member-unknown',
    ],
    [
      'a member has another type',
      '{ type: object, properties: { isbn: { type: boolean } } }',
      'error schema-mismatch',
    ],
    ['it is not an object', '{ type: array, items: { type: string } }', 'error schema-mismatch'],
    ['it is a text', '{ type: string }', 'error schema-mismatch'],
  ])('is reported where %s', (_, schema, finding) => {
    expect(faultsOf(gone, problem(schema)).findings).toContain(finding)
  })
})
