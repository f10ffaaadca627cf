import { describe, expect, test } from 'vitest'
import { checkContract } from '../../src/adapter/adapter.js'
import { lineOf } from '../mapping/contract.js'
import { openapi, writeContract } from './contract.js'

const found = (document: string) => checkContract({ contract: writeContract(document), env: {} })

test('alternatives that are told apart have no findings', () => {
  const { diagnostics, joined } = found(openapi)
  expect(diagnostics).toEqual([])
  expect(joined.operations.map(({ soap, selection }) => [soap.name, selection])).toEqual([
    [
      'ListDesigns',
      { when: [], optional: [], others: ['state', 'designerId', 'includeRetired', 'from', 'to'] },
    ],
    [
      'GetDesignsByState',
      { when: ['state'], optional: [], others: ['designerId', 'includeRetired', 'from', 'to'] },
    ],
    [
      'GetDesignsByDesigner',
      { when: ['designerId'], optional: ['includeRetired'], others: ['state', 'from', 'to'] },
    ],
    [
      'GetDesignsByPeriod',
      { when: ['from', 'to'], optional: [], others: ['state', 'designerId', 'includeRetired'] },
    ],
  ])
})

test('alternatives that were judged before are mapped when somebody asks for them', () => {
  const contract = writeContract(openapi)
  const [before, judged] = [false, true].map(
    (isJudged) => checkContract({ contract, env: {}, isJudged }).joined.operations,
  )
  const members = ['request', 'response', 'faults', 'mappedFaults'] as const
  for (const mapping of judged ?? []) {
    const made = members.filter((name) => 'value' in (Object.getOwnPropertyDescriptor(mapping, name) ?? {}))
    expect(made).toEqual([])
  }
  const facts = (mappings: typeof judged) =>
    mappings?.map(({ soap, selection, faults, request: { members: sent } }) => ({
      ...{ name: soap.name, selection, sent: sent.map(({ key, source }) => [key, source]) },
      faults: faults.map(({ name, status }) => [name, status]),
    }))
  expect(before).toHaveLength(4)
  expect(facts(judged)).toEqual(facts(before))
})

interface Mistake {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly code: string
  readonly message: RegExp
  /** A text on the line that the diagnostic points to. */
  readonly at: string
}

const mistakes: readonly Mistake[] = [
  {
    name: 'a parameter that is not declared',
    from: 'when: [state]',
    to: 'when: [stat]',
    code: 'alternative-parameter',
    message: /no query parameter stat; it has state, designerId, .*Did you mean state\?/,
    at: 'when: [stat]',
  },
  {
    name: 'a parameter that each request has',
    from: '{ name: state, in: query,',
    to: '{ name: state, in: query, required: true,',
    code: 'alternative-parameter',
    message: /state is required/,
    at: 'when: [state]',
  },
  {
    name: 'a parameter with a default',
    from: '{ name: state, in: query, schema: { type: string } }',
    to: '{ name: state, in: query, schema: { type: string, default: OPEN } }',
    code: 'alternative-parameter',
    message: /state has a default/,
    at: 'when: [state]',
  },
  {
    name: 'a parameter twice',
    from: 'optional: [includeRetired]',
    to: 'optional: [includeRetired, designerId]',
    code: 'alternative-parameter',
    message: /designerId is named twice for GetDesignsByDesigner/,
    at: 'optional: [includeRetired, designerId]',
  },
  {
    name: 'a source that chooses another',
    from: 'Designer/Id: $request.query.designerId',
    to: 'Designer/Id: $request.query.state',
    code: 'alternative-parameter',
    message: /\$request\.query\.state chooses another alternative.*GetDesignsByDesigner/,
    at: 'Designer/Id',
  },
  {
    name: 'one set of parameters for two',
    from: 'when: [from, to]',
    to: 'when: [ state ]\n            optional: [from, to]',
    code: 'alternative-ambiguous',
    message: /A request with state fits GetDesignsByState and GetDesignsByPeriod/,
    at: 'when: [ state ]',
  },
  {
    name: 'two that may be asked with each other’s parameters',
    from: 'when: [state]\n            operation: GetDesignsByState\n          - when: [designerId]\n            optional: [includeRetired]',
    to: 'when: [state]\n            optional: [designerId]\n            operation: GetDesignsByState\n          - when: [designerId]\n            optional: [includeRetired, state]',
    code: 'alternative-ambiguous',
    message: /A request with state and designerId fits/,
    at: 'when: [designerId]',
  },
  {
    name: 'two without a parameter that chooses',
    from: '- when: [state]\n            operation: GetDesignsByState',
    to: '- operation: GetDesignsByState',
    code: 'alternative-ambiguous',
    message: /A request with none of the parameters fits ListDesigns and GetDesignsByState/,
    at: '- operation: GetDesignsByState',
  },
  {
    name: 'a parameter that an alternative has no place for',
    from: 'when: [state]\n',
    to: 'when: [state, from]\n',
    code: 'member-unknown',
    message: /from/,
    at: 'name: from',
  },
  {
    name: 'what an alternative cannot do without and nothing gives',
    from: 'when: [from, to]',
    to: 'when: [from]\n            optional: [to]',
    code: 'member-optional',
    message: /to/,
    at: 'name: to',
  },
  {
    name: 'an operation that the WSDL lacks',
    from: 'operation: GetDesignsByPeriod',
    to: 'operation: GetDesignsByPriod',
    code: 'operation-unknown',
    message: /Did you mean GetDesignsByPeriod/,
    at: 'operation: GetDesignsByPriod',
  },
  {
    name: 'answers that do not agree',
    from: '- when: [from, to]\n            operation: GetDesignsByPeriod',
    to: '- when: [state, from]\n            request: { }\n            response: /Name\n            operation: GetDesignNames',
    code: 'schema-mismatch',
    message: /object/,
    at: 'Design:',
  },
  {
    name: 'an answer without content beside others',
    from: '- when: [from, to]\n            operation: GetDesignsByPeriod',
    to: '- when: [state, from]\n            operation: TouchDesigns',
    code: 'one-way-content',
    message: /TouchDesigns is one-way/,
    at: 'content: { application/json: { schema: { type: array',
  },
  {
    name: 'a fault with two statuses',
    from: 'optional: [includeRetired]\n',
    to: 'optional: [includeRetired]\n            faults: { Denied: 404 }\n',
    code: 'fault-ambiguous',
    message: /Denied is 403 of GetDesignsByState and 404 of GetDesignsByDesigner/,
    at: 'oneOf:',
  },
  {
    name: 'a shared fault that none declares',
    from: 'Denied: 403',
    to: 'Deniedd: 403',
    code: 'fault-unknown',
    message:
      /No alternative declares a fault Deniedd; they declare UnknownState, Denied\. Did you mean Denied\?/,
    at: 'Deniedd: 403',
  },
  {
    name: 'another method',
    from: '    get:\n',
    to: '    put:\n',
    code: 'annotation-invalid',
    message: /listDesigns is a PUT; only a GET/,
    at: 'oneOf:',
  },
  {
    name: 'an operation beside them',
    from: 'response: /Design\n',
    to: 'response: /Design\n        operation: ListDesigns\n',
    code: 'annotation-invalid',
    message: /operation is said of each alternative/,
    at: 'operation: ListDesigns',
  },
  {
    name: 'a key of the operation in one of them',
    from: '- operation: ListDesigns',
    to: '- operation: ListDesigns\n            cache: { maxAgeSeconds: 5 }',
    code: 'annotation-unknown',
    message:
      /There is no cache in x-soap; there is when, optional, operation, input, request, headers, response/,
    at: 'cache:',
  },
  {
    name: 'idempotency',
    from: 'response: /Design\n',
    to: 'response: /Design\n        idempotency: required\n',
    code: 'annotation-invalid',
    message: /leave out idempotency/,
    at: 'idempotency: required',
  },
  {
    name: 'parameters that are no list',
    from: 'when: [state]',
    to: 'when: state',
    code: 'annotation-invalid',
    message: /when must be a list of texts/,
    at: 'when: state',
  },
]

describe('check', () => {
  test.each(mistakes)('reports $name', ({ from, to, code, message, at }) => {
    expect(openapi).toContain(from)
    const document = openapi.replace(from, () => to)
    const [diagnostic] = found(document).diagnostics.filter((each) => each.code === code)
    expect(diagnostic?.severity).toBe('error')
    expect(diagnostic?.message).toMatch(message)
    expect(diagnostic?.at).toMatchObject({ file: 'openapi.yaml', line: lineOf(document, at) })
  })

  test('reports a single alternative, and what is no list', () => {
    const [before = ''] = openapi.split('        oneOf:')
    const after = openapi.slice(openapi.indexOf('      responses:'))
    for (const [oneOf, message] of [
      ['oneOf: [{ operation: ListDesigns }]', /needs two alternatives/],
      ['oneOf: GetDesigns', /must be a list of maps/],
    ] as const) {
      const { diagnostics } = found(`${before}        ${oneOf}\n${after}`)
      expect(diagnostics.map((each) => each.message).join('\n')).toMatch(message)
    }
  })
})

describe('what stands beside oneOf', () => {
  const mapped = (document: string) => {
    const { diagnostics, joined } = found(document)
    expect(diagnostics).toEqual([])
    return joined.operations
  }

  test('holds for each alternative that does not say otherwise', () => {
    const document = openapi
      .replace(
        'response: /Design\n',
        'response: /Design\n        timeoutMs: 700\n        cache: { maxAgeSeconds: 5 }\n',
      )
      .replace('when: [from, to]\n', 'when: [from, to]\n            timeoutMs: 900\n')
    expect(mapped(document).map(({ timeoutMs, cache }) => [timeoutMs, cache?.maxAgeSeconds])).toEqual([
      [700, 5],
      [700, 5],
      [700, 5],
      [900, 5],
    ])
  })

  test('is a source for those that take its parameter, and for no other', () => {
    const document = openapi
      .replace(
        'response: /Design\n',
        'response: /Design\n        request: { Limit: 3, State: $request.query.state }\n',
      )
      .replace('        - { name: limit, in: query, schema: { type: integer, default: 10 } }\n', '')
    expect(mapped(document).map(({ request }) => request.members.map(({ source }) => source))).toEqual([
      [{ kind: 'constant', value: 3 }],
      [
        { kind: 'constant', value: 3 },
        { kind: 'parameter', in: 'query', name: 'state' },
      ],
      [
        { kind: 'parameter', in: 'query', name: 'designerId' },
        { kind: 'constant', value: 3 },
        { kind: 'parameter', in: 'query', name: 'includeRetired' },
      ],
      [
        { kind: 'constant', value: 3 },
        { kind: 'parameter', in: 'query', name: 'from' },
        { kind: 'parameter', in: 'query', name: 'to' },
      ],
    ])
  })
})
