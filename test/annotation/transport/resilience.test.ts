import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type BackendAnnotation, readBackends } from '../../../src/annotation/backend/backend.js'
import { readOperation } from '../../../src/annotation/operation/operation.js'
import { Diagnostics, formatDiagnostic } from '../../../src/base/diagnostic/diagnostic.js'
import { readValid } from '../../openapi/contract-text.js'

function read(keys: string): { readonly backend: BackendAnnotation | undefined; readonly found: string[] } {
  const diagnostics = new Diagnostics()
  const lines = keys.split('\n').map((line) => `    ${line}\n`)
  const document = readValid(`openapi: 3.1.0\nx-soap-backends:\n  core:\n    wsdl: a.wsdl\n${lines.join('')}`)
  const [backend] = readBackends(document, { SECOND: 'https://b.example/s' }, diagnostics)
  return { backend, found: diagnostics.list.map(formatDiagnostic) }
}

describe('the resilience of a backend', () => {
  test('is read with its defaults', () => {
    const { backend, found } = read(
      "endpoints: ['https://a.example/s', '${SECOND}']\nmaxQueue: 0\nrequestTimeout: true\nretry: { attempts: 5, attemptTimeoutMs: 200 }\nbreaker: { probes: 3, slowMs: 900 }",
    )
    expect(found).toEqual([])
    expect(backend).toMatchObject({
      endpoint: 'https://a.example/s',
      resilience: {
        policy: {
          maxQueue: 0,
          endpoints: ['https://a.example/s', 'https://b.example/s'],
          retry: { attempts: 5, baseMs: 100, maxMs: 2000, budgetPercent: 20, attemptTimeoutMs: 200 },
        },
        requestTimeout: true,
      },
      policy: { maxQueue: 0, breaker: { probes: 3, slowMs: 900, minimumCalls: 10 } },
    })
  })

  test('is nothing where the contract says nothing', () => {
    expect(read('service: S').backend?.resilience).toBeUndefined()
  })

  test.each([
    ['maxQueue: -1', 'maxQueue must be a whole number from 0.'],
    ['maxQueue: 1.5', 'maxQueue must be a whole number from 0.'],
    ['requestTimeout: 3', 'requestTimeout must be true or false.'],
    ['retry: 3', 'retry must be a map.'],
    ['retry: { attempts: 0 }', 'attempts must be a whole number above 0.'],
    ['retry: { budgetPercent: 101 }', 'budgetPercent must be a whole number from 1 to 100.'],
    ['retry: { attempt: 2 }', 'There is no attempt in x-soap-backends'],
    ['endpoints: []', 'endpoints must be a list of different URLs, and stands instead of endpoint.'],
    ["endpoints: ['http://a/', 'http://a/']", 'endpoints must be a list of different URLs'],
    ["endpoint: 'http://a/'\nendpoints: ['http://b/']", 'stands instead of endpoint'],
    ["endpoints: ['ftp://a/']", 'Each of endpoints must be an absolute http: or https: URL.'],
    ["endpoints: ['${NOWHERE}']", 'The environment variable NOWHERE is not set'],
    [
      "endpoints: ['https://a.example/', 'http://b.example/']\ncredentials: { type: basic, username: a, password: '${SECOND}' }",
      'anyone on the network path can read the credentials',
    ],
  ])('%j is told of', (keys, message) => {
    const { found } = read(keys)
    expect(found.join('\n')).toContain(message)
  })
})

describe('retry of an operation', () => {
  test.each<[string, boolean | undefined, string]>([
    ['{ idempotent: true }', true, ''],
    ['{ idempotent: false }', false, ''],
    ['{}', undefined, ''],
    ['{ idempotent: yes please }', undefined, 'idempotent must be true or false.'],
    ['{ attempts: 3 }', undefined, 'There is no attempts in x-soap'],
    ['true', undefined, 'retry must be a map.'],
  ])('%s', (written, expected, message) => {
    const diagnostics = new Diagnostics()
    const document = readValid(
      `openapi: 3.1.0\npaths: { /a: { get: { x-soap: { operation: A, retry: ${written} } } } }`,
    )
    const annotation = { operation: 'A', retry: parse(written) as unknown }
    const operation = { operationId: 'a', annotation, pointer: '/paths/~1a/get' }
    expect(readOperation({ document, diagnostics }, operation)?.isIdempotent).toBe(expected)
    const found = diagnostics.list.map(formatDiagnostic).join('\n')
    if (message === '') expect(found).toBe('')
    else expect(found).toContain(message)
  })
})
