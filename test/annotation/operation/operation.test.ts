import { describe, expect, test } from 'vitest'
import { type BackendAnnotation, readBackends } from '../../../src/annotation/backend/backend.js'
import { readOperation } from '../../../src/annotation/operation/operation.js'
import { defaultPolicy } from '../../../src/backend/policy.js'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import { readValid } from '../../openapi/contract-text.js'

function backends(
  yaml: string,
  env: Record<string, string> = {},
): { list: BackendAnnotation[]; diagnostics: Diagnostics } {
  const diagnostics = new Diagnostics()
  const document = readValid(`openapi: 3.1.0\nx-soap-backends:\n${yaml}`)
  return { list: readBackends(document, env, diagnostics), diagnostics }
}

function operation(annotation: string): { read: ReturnType<typeof readOperation>; diagnostics: Diagnostics } {
  const diagnostics = new Diagnostics()
  const document = readValid(`openapi: 3.1.0\npaths:\n  /a:\n    get:\n      x-soap: ${annotation}\n`)
  const pointer = '/paths/~1a/get'
  const value = document.at(`${pointer}/x-soap`)?.value
  return {
    read: readOperation({ document, diagnostics }, { operationId: 'a', annotation: value, pointer }),
    diagnostics,
  }
}

const entry = (target: string, path: string[], written: string, source: object): object => ({
  target,
  path,
  written,
  source,
  pointer: `/paths/~1a/get/x-soap/request/${target}`,
})

const found = ({ list }: Diagnostics): string[] => list.map(({ code, at }) => `${code} ${at?.line ?? 0}`)

describe('x-soap-backends', () => {
  test('has all keys of the documentation', () => {
    const { list, diagnostics } = backends(
      `  a:
    wsdl: a.wsdl
    service: S
    port: P
    endpoint: 'https://\${HOST:-h}/x'
    timeoutMs: 1
    maxResponseBytes: 2
    maxConcurrent: 3
    breaker: { failurePercent: 100, minimumCalls: 4, windowMs: 5, openMs: 6 }
  b: { wsdl: '\${B}.wsdl' }
`,
      { B: 'bee' },
    )
    expect(diagnostics.list).toEqual([])
    expect(list).toEqual([
      {
        name: 'a',
        wsdl: 'a.wsdl',
        service: 'S',
        port: 'P',
        endpoint: 'https://h/x',
        headers: [],
        policy: {
          ...defaultPolicy,
          timeoutMs: 1,
          maxResponseBytes: 2,
          maxConcurrent: 3,
          breaker: { ...defaultPolicy.breaker, failurePercent: 100, minimumCalls: 4, windowMs: 5, openMs: 6 },
        },
        pointer: '/x-soap-backends/a',
      },
      { name: 'b', wsdl: 'bee.wsdl', headers: [], policy: defaultPolicy, pointer: '/x-soap-backends/b' },
    ])
  })

  test.each([
    ['  {}', ['backends-missing 2']],
    ['  a: 5', ['annotation-invalid 3']],
    ['  a: {}', ['annotation-invalid 3']],
    ['  a: { wsdl: 5 }', ['annotation-invalid 3']],
    ["  a: { wsdl: '' }", ['annotation-invalid 3']],
    ['  a: { wsdl: x, timeoutMs: 0 }', ['annotation-invalid 3']],
    ['  a: { wsdl: x, timeoutMs: -1 }', ['annotation-invalid 3']],
    ['  a: { wsdl: x, timeoutMs: 1.5 }', ['annotation-invalid 3']],
    ["  a: { wsdl: x, timeoutMs: '5' }", ['annotation-invalid 3']],
    ['  a: { wsdl: x, breaker: 5 }', ['annotation-invalid 3']],
    ['  a: { wsdl: x, breaker: { failurePercent: 101 } }', ['annotation-invalid 3']],
    ['  a: { wsdl: x, breaker: { openMS: 1 } }', ['annotation-unknown 3']],
    ['  a: { wsdl: x, retries: 3 }', ['annotation-unknown 3']],
    ["  a: { wsdl: x, endpoint: 'ftp://h/' }", ['endpoint-invalid 3']],
    ['  a: { wsdl: x, endpoint: /soap }', ['endpoint-invalid 3']],
    ["  a: { wsdl: '${NO}' }", ['environment-missing 3']],
    [
      '  a: { timeoutMs: x }\n  b: { wsdl: x, port: [] }',
      ['annotation-invalid 3', 'annotation-invalid 3', 'annotation-invalid 4'],
    ],
  ])('%s is refused', (yaml, expected) => {
    expect(found(backends(`${yaml}\n`).diagnostics)).toEqual(expected)
  })

  test('an unknown key of the breaker is not blamed on the operation annotation', () => {
    const [diagnostic] = backends('  a: { wsdl: x, breaker: { open: 1 } }\n').diagnostics.list
    expect(diagnostic?.message).toMatch(/no open .*openMs/)
    expect(diagnostic?.message).not.toMatch(/in x-soap;/)
  })
})

describe('x-soap', () => {
  test('has all keys of the documentation', () => {
    const { read, diagnostics } = operation(
      '{ backend: b, operation: Get, input: In, request: { A: $request.path.a, B: 5 }, headers: { H/I: x }, response: /X/Y, faults: { F: 404 }, timeoutMs: 7, mcp: false }',
    )
    expect(diagnostics.list).toEqual([])
    expect(read).toEqual({
      backend: 'b',
      operation: 'Get',
      input: 'In',
      request: [
        entry('A', ['A'], '$request.path.a', { kind: 'parameter', in: 'path', name: 'a' }),
        entry('B', ['B'], '5', { kind: 'constant', value: 5 }),
      ],
      headers: [
        {
          target: 'H/I',
          block: { namespace: undefined, localName: 'H' },
          pointer: '/paths/~1a/get/x-soap/headers/H~1I',
          given: {
            kind: 'source',
            entry: {
              target: 'H/I',
              path: ['I'],
              pointer: '/paths/~1a/get/x-soap/headers/H~1I',
              written: 'x',
              source: { kind: 'constant', value: 'x' },
            },
          },
        },
      ],
      response: { steps: ['X', 'Y'], written: '/X/Y', pointer: '/paths/~1a/get/x-soap/response' },
      faults: { F: 404 },
      timeoutMs: 7,
      mcp: false,
      pointer: '/paths/~1a/get/x-soap',
    })
  })

  test('needs no more than the operation', () => {
    expect(operation('{ operation: Get }').read).toEqual({
      operation: 'Get',
      request: [],
      headers: [],
      response: { steps: [], written: '/', pointer: '/paths/~1a/get/x-soap' },
      faults: {},
      pointer: '/paths/~1a/get/x-soap',
    })
  })

  test.each([
    ['Get', ['annotation-missing 5']],
    ['{}', ['annotation-invalid 5']],
    ['{ operation: [] }', ['annotation-invalid 5']],
    ['{ operation: G, request: [] }', ['annotation-invalid 5']],
    ['{ operation: G, faults: { F: 399, G: 600, H: x, I: 404.5 } }', Array(4).fill('annotation-invalid 5')],
    ['{ operation: G, fault: {} }', ['annotation-unknown 5']],
    ['{ operation: G, response: 5 }', ['annotation-invalid 5']],
  ])('%s is refused', (annotation, expected) => {
    expect(found(operation(annotation).diagnostics)).toEqual(expected)
  })
})
