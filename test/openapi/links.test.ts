import { describe, expect, it } from 'vitest'
import { Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { checkLinks } from '../../src/openapi/links.js'
import { operationsOf } from '../../src/openapi/operations.js'
import { readValid } from './contract-text.js'

/** @param link as YAML, of a list of accounts that is asked for by a customer */
function findings(link: string): string[] {
  const document = readValid(`openapi: 3.1.0
paths:
  /customers/{customerId}/accounts:
    get:
      operationId: listAccounts
      parameters:
        - { name: customerId, in: path, required: true, schema: { type: string } }
        - { name: X-Branch, in: header, schema: { type: string } }
      responses:
        '200':
          description: ok
          content: { application/json: { schema: { $ref: '#/components/schemas/Accounts' } } }
          links:
            next: ${link}
  /accounts/{accountId}:
    get:
      operationId: getAccount
      parameters:
        - { name: accountId, in: path, required: true, schema: { type: string } }
        - { name: X-Branch, in: header, schema: { type: string } }
      responses: { '200': { description: ok } }
components:
  schemas:
    Accounts:
      properties:
        items: { type: array, items: { oneOf: [{ properties: { accountId: {} } }, { properties: { more: {} } }] } }
        open: {}
`)
  const diagnostics = new Diagnostics()
  checkLinks(document, operationsOf(document, diagnostics), diagnostics)
  return diagnostics.list.map(({ code, message, at }) => `${code} ${at?.line ?? ''} ${message}`)
}

const to = (parameters: string) => `{ operationId: getAccount, parameters: { ${parameters} } }`

describe('a link that leads somewhere says nothing', () => {
  it.each([
    ['into a list', to('accountId: $response.body#/items/0/accountId')],
    ['to a member of another kind', to('accountId: $response.body#/items/0/more')],
    ['to the place of a parameter', to('path.accountId: $response.body#/items/0/accountId')],
    ['what the schema does not say', to('accountId: $response.body#/open/a/0/b')],
    ['what was asked', to('accountId: $request.path.customerId, x-branch: $request.header.x-branch')],
    ['a constant', to("accountId: 'A1'")],
    ['a header of the response', to('accountId: $response.header.X-Id')],
    ['the URL', to('accountId: $url')],
    ['by a reference', '{ operationRef: https://other.example/openapi.yaml#/paths/~1a/get }'],
  ])('%s', (_, link) => {
    expect(findings(link)).toEqual([])
  })
})

describe('a link that leads nowhere is told with its line', () => {
  it.each([
    ['operation', '{ operationId: getAcount }', 'no operation has the operationId "getAcount".'],
    ['operationId', '{ operationId: 7 }', 'no operation has the operationId 7.'],
    ['parameter of the target', to('id: $url'), 'getAccount has no parameter id.'],
    ['place', to('query.accountId: $url'), 'getAccount has no parameter query.accountId.'],
    [
      'member',
      to('accountId: $response.body#/items/0/acountId'),
      '$response.body#/items/0/acountId – the response has no member acountId.',
    ],
    [
      'member before it',
      to('accountId: $response.body#/item/0/accountId'),
      '$response.body#/item/0/accountId – the response has no member item.',
    ],
    [
      'parameter that was asked',
      to('accountId: $request.query.customerId'),
      '$request.query.customerId – listAccounts has no such parameter.',
    ],
    [
      'expression',
      to('accountId: $response.bdy#/a'),
      '$response.bdy#/a is no runtime expression; expected $response.body#/member or $request.path.name.',
    ],
  ])('%s', (_, link, problem) => {
    expect(findings(link)).toEqual([`link-unresolved 14 The link next: ${problem}`])
  })
})
