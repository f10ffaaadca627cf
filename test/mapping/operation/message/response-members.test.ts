import { expect, test } from 'vitest'
import { checkContract, compileContract } from '../../../../src/adapter/adapter.js'
import { openapi, writeContract } from '../../../alternatives/contract.js'
import { lineOf } from '../../contract.js'

/** A list in an object, which no element is called like. */
const listed = openapi
  .replace('        faults: { UnknownState: 404, Denied: 403 }\n', '')
  .replace(/ {8}oneOf:[^]*?(?= {6}responses:)/, '        operation: ListDesigns\n')
  .replace(/ {8}- \{ name: (?!limit)[^\n]*\n/g, '')
  .replace(
    "{ type: array, items: { $ref: '#/components/schemas/Design' } }",
    "{ type: object, required: [items], properties: { items: { type: array, items: { $ref: '#/components/schemas/Design' } } } }",
  )
const withResponse = (response: string): string =>
  listed.replace('response: /Design', `response: ${response}`)

test('a map says which elements members of the body are', async () => {
  const adapter = compileContract({ contract: writeContract(withResponse('{ items: /Design }')), env: {} })
  const operation = adapter.operations.get('listDesigns')
  const sampled = operation?.sampleResponse({ optionals: 'all' })
  expect(sampled && JSON.parse(String(operation?.decode(sampled).body))).toEqual({
    items: [
      { id: 'text', state: 'text' },
      { id: 'text2', state: 'text2' },
    ],
  })
  await adapter.close()
})

test.each([
  ['{ item: /Design }', 'response-path', /no member item; it has items\. Did you mean items\?/],
  ['{ items: /Designs }', 'member-unknown', /items/],
  ['{ items: / }', 'annotation-invalid', /items needs the path of an element/],
  ['{ items: 5 }', 'annotation-invalid', /items must be a text/],
])('response: %s is reported', (response, code, message) => {
  const document = withResponse(response)
  const found = checkContract({ contract: writeContract(document), env: {} }).diagnostics
  const [diagnostic] = found.filter((each) => each.code === code)
  expect(diagnostic?.message).toMatch(message)
  if (code !== 'member-unknown') expect(diagnostic?.at?.line).toBe(lineOf(document, `response: ${response}`))
})
