import { describe, expect, test } from 'vitest'
import { CompiledOperation } from '../../../src/adapter/operation.js'
import { findings, till, type TillContract } from '../../adapter/header-contract.js'

/** A contract whose backend wants a session. */
const session = (token: string, more = ''): string =>
  `session: { operation: Login, request: { Name: a, Password: b }, token: ${token}${more} }`

/** Each key that takes what is known of a call; X-User and X-Branch are parameters, item is a member of the body. */
const callKeys: readonly (readonly [string, (source: string) => TillContract])[] = [
  ['request', (source) => ({ operation: `request: { Ticket: ${source} }` })],
  ['headers of an operation', (source) => ({ operation: `headers: { Context/User: ${source} }` })],
  ['headers of a backend', (source) => ({ backend: `headers: { Context/User: ${source} }` })],
  ['saml.assertion', (source) => ({ backend: `security: { saml: { assertion: ${source} } }` })],
]

/** Those of the session, whose login belongs to no request. */
const loginKeys: typeof callKeys = [
  [
    'session.request',
    (source) => ({
      backend: `session: { operation: Login, request: { Name: ${source}, Password: b }, token: $response.body#/result/session }`,
    }),
  ],
  [
    'session.headers',
    (source) => ({
      backend: `session: { operation: Login, request: { Name: a, Password: b }, headers: { Trace: ${source} }, token: $response.body#/result/session }`,
    }),
  ],
]

const statusKey = (source: string): TillContract => ({
  operation: `idempotency: { key: optional, status: { operationId: sell, parameters: { id: ${source} } } }`,
})

const mistyped: readonly (readonly [string, string])[] = [
  ['$reqest.body#/item', 'Did you mean $request.body#/item?'],
  ['$request.boby#/item', 'Did you mean $request.body#/item?'],
  ['$request.body.item', 'Did you mean $request.body#/item?'],
  ['$request.headers.X-User', 'Did you mean $request.header.X-User?'],
  ['$identity.subjct', 'Did you mean $identity.subject?'],
  ['$identity.claims.org', 'Did you mean $identity.claims#/org?'],
  ['$session.tokn', 'Did you mean $session.token?'],
  ['$TILL_USER', 'Did you mean ${TILL_USER}, a value of the environment?'],
]

describe('a mistyped source is told what was meant', () => {
  const keys = [...callKeys, ...loginKeys, ['idempotency.status.parameters', statusKey] as const]
  test.each(keys.flatMap(([key, contract]) => mistyped.map((each) => [key, ...each, contract] as const)))(
    '%s: %s',
    (_, source, hint, contract) => {
      expect(findings(contract(`'${source}'`)).join('\n')).toContain(hint)
    },
  )

  test.each([
    [
      'session.token',
      { backend: session('$respose.body#/result/session') },
      '$response.body#/result/session?',
    ],
    [
      'a response header',
      { headers: "{ X-A: { x-soap: '{$reqest.header.X-User}' } }" },
      '$request.header.X-User?',
    ],
  ])('%s', (_, contract, hint) => {
    expect(findings(contract).join('\n')).toContain(`Did you mean ${hint}`)
  })

  test.each(callKeys)('%s: an expression that is a constant as it stands', (_, contract) => {
    for (const source of ["'{$request.body#/item}'", "' $request.body#/item'", 'request.body#/item']) {
      expect(findings(contract(source)).join('\n')).toContain('Did you mean $request.body#/item?')
    }
  })
})

describe('a source that its operation does not have', () => {
  const absent: readonly (readonly [string, RegExp])[] = [
    ['$request.path.user', /The operation has no path parameter user; it has none/],
    ['$request.query.item', /The operation has no query parameter item; it has none/],
    ['$request.body#/itme', /has no \/itme: at itme, there is item\. Did you mean item\?/],
    [
      '$session.token',
      /session-missing: sell sends \$session\.token, but the backend till has no session: give it/,
    ],
  ]
  test.each(callKeys.flatMap(([key, contract]) => absent.map((each) => [key, ...each, contract] as const)))(
    '%s: %s',
    (_, source, message, contract) => {
      expect(findings(contract(source)).join('\n')).toMatch(message)
    },
  )

  test.each([...callKeys])('%s: a header', (_, contract) => {
    expect(findings(contract('$request.header.X-Usr')).join('\n')).toMatch(/X-Usr.*|declare the parameter/)
  })

  test.each(
    loginKeys.flatMap(([key, contract]) =>
      ['$request.header.X-User', '$request.id', '$identity.subject', '$session.token'].map(
        (source) => [key, source, contract] as const,
      ),
    ),
  )('%s: %s', (_, source, contract) => {
    expect(findings(contract(source)).join('\n')).toContain('The login belongs to no request')
  })

  test.each(callKeys)('%s: $session.token of a session that has a cookie alone', (_, contract) => {
    const { backend = '', operation = '' } = contract('$session.token')
    const cookie = 'session: { operation: Login, request: { Name: a, Password: b }, cookie: SID }'
    const both = { backend: backend === '' ? cookie : `${backend}, ${cookie}`, operation }
    expect(findings(both).join('\n')).toMatch(/session-missing: .* the session of till has none/)
  })
})

describe('what is known of a caller is what its credentials tell', () => {
  const subject = '$identity.subject'
  const client = '$identity.client'
  const claim = "'$identity.claims#/org'"
  test.each(
    callKeys.flatMap(([key, contract]) =>
      (
        [
          ['[]', [subject, client, claim]],
          ['[{}]', [subject, client, claim]],
          ['[{ key: [] }]', [subject, claim]],
          ['[{ certificate: [] }]', [subject, claim]],
          ['[{ key: [], certificate: [] }]', [subject, claim]],
          ['[{ token: [] }]', []],
          ['[{ key: [] }, { token: [] }]', []],
          ['[{ key: [], token: [] }]', []],
        ] as const
      ).map(([security, absent]) => [key, security, absent as readonly string[], contract] as const),
    ),
  )('%s: security %s does not give %j', (_, security, absent, contract) => {
    const warned = [subject, client, claim].filter((source) =>
      findings({ ...contract(source), security }).some((finding) => finding.startsWith('identity-absent: ')),
    )
    expect(warned).toEqual(absent)
  })
})

describe('the name of a header has no case', () => {
  const request = { path: {}, query: {}, headers: { 'x-user': 'ann' }, body: { item: 'bread' } }
  const sell = (contract: TillContract): string => {
    const operation = till(contract).operations.get('sell')
    if (!(operation instanceof CompiledOperation)) throw new Error('there is no sell')
    return String(operation.encode(request).body)
  }

  test.each(callKeys.slice(0, 3))('%s', (_, contract) => {
    const { backend = '', operation = '' } = contract('$request.header.x-USER')
    // The comment makes the contract declare X-User.
    const declared = { backend, operation: `${operation}${operation && ', '}backend: till` }
    expect(sell({ ...declared, operation: `${declared.operation} # X-User\n` })).toContain('>ann<')
  })

  test('saml.assertion', () => {
    const assertion = '<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1"/>'
    const operation = till({
      backend: 'security: { saml: { assertion: $request.header.X-AsserTion } }',
    }).operations.get('sell')
    const { body } = operation?.encode({ ...request, headers: { 'x-assertion': assertion } }) ?? {}
    expect(String(body)).toContain(assertion)
  })

  test('saml.assertion that no parameter declares is a warning', () => {
    const contract = { backend: 'security: { saml: { assertion: $request.header.X-Assertion } }' }
    expect(findings(contract).join('\n')).toContain('{ name: X-Assertion, in: header, required: true')
  })
})

test('constants have the values of the environment, wherever they stand', () => {
  for (const [, contract] of [...callKeys, ...loginKeys]) {
    expect(findings(contract("'${MISSING}'")).join('\n')).toContain('environment-missing')
  }
  expect(findings(statusKey("'${MISSING}'")).join('\n')).toContain('environment-missing')
})
