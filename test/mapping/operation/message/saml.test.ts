import { expect, test } from 'vitest'
import { check, openapi } from '../../contract.js'

test.each([
  ['$request.path.isbn', ['saml-in-url']],
  ['$request.query.assertion', ['saml-in-url']],
  ['$request.header.X-Assertion', ['saml-undeclared']],
])('of a SAML assertion from %s says %j', (source, codes) => {
  const { diagnostics } = check(
    openapi.replace(
      'wsdl/library.wsdl }',
      `wsdl/library.wsdl, security: { saml: { assertion: ${source} } } }`,
    ),
  )
  const said = diagnostics.filter(({ code }) => code.startsWith('saml-'))
  expect([...new Set(said.map(({ code }) => code))]).toEqual(codes)
  expect(said.every(({ severity }) => severity === 'warning')).toBe(true)
})
