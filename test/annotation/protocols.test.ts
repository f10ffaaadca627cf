import { expect, it } from 'vitest'
import { readProtocols } from '../../src/annotation/protocols.js'
import { Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { openApiFromObject } from '../../src/openapi/document.js'

it.each([
  [undefined, [], undefined],
  [[], [], undefined],
  [['mcp', 'graphql'], ['graphql', 'mcp'], undefined],
  [['graphql', 'grpc'], ['graphql'], 'x-soap-protocols is a list of graphql, mcp; grpc is none of them.'],
  [
    ['graphl'],
    [],
    'x-soap-protocols is a list of graphql, mcp; graphl is none of them. Did you mean graphql?',
  ],
  [true, [], 'x-soap-protocols must be a list of texts.'],
])('reads x-soap-protocols: %j', (written, protocols, message) => {
  const diagnostics = new Diagnostics()
  const root = {
    openapi: '3.1.0',
    info: { title: 'Shop', version: '1' },
    paths: {},
    ...(written !== undefined && { 'x-soap-protocols': written }),
  }
  const document = openApiFromObject(root, 'shop.yaml', diagnostics)
  if (!document) throw new Error('the document cannot be read')
  expect([...readProtocols({ document, diagnostics })]).toEqual(protocols)
  expect(diagnostics.list.map((each) => each.message)).toEqual(message === undefined ? [] : [message])
})
