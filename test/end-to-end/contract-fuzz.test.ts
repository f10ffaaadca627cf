import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RestOperation, SoapResponse } from '../../src/adapter/rest.js'
import { loadAdapter, type MountableAdapter } from '../../src/index.js'
import { type Parameter, root } from '../oracle/contracts.js'
import { SchemaArbitrary } from '../oracle/json-schema-arbitrary.js'
import { type JudgedAnswer, type JudgedRequest, PrismJudge, type Verdict } from '../oracle/prism-judge.js'
import fc from '../oracle/property.js'
import { assertingKeywords } from '../oracle/schema-keywords.js'
import { declaredOf } from './declared.js'
import { type Front, openFront, shippedAdapter } from './front.js'
import { ScriptedBackend } from './peers/scripted-backend.js'
import { disagreements } from './prism-disagreements.js'
import { requestFaults, writeRequest } from './request-faults.js'
import { sampleCall } from './rest-call.js'

/** Valid requests of each operation. */
const VALID = 40

/** Told of in test/http/idempotency/idempotency.test.ts. */
const NEEDS_A_STORE = new Set(['Idempotency-Key'])

const backend = new ScriptedBackend()
let adapter: MountableAdapter
let front: Front
let base: string
let prism: PrismJudge
let answer: SoapResponse
const counts = { valid: 0, faults: 0, answers: 0, statuses: new Map<number, number>() }
const kinds = new Set<string>()
const explained = new Map<string, number>()

function count<T>(map: Map<T, number>, name: T): void {
  map.set(name, (map.get(name) ?? 0) + 1)
}

beforeAll(async () => {
  await backend.start()
  backend.script = (response) => {
    response.writeHead(answer.status, { ...answer.headers })
    response.end(answer.body)
  }
  adapter = await shippedAdapter(backend.url)
  front = await openFront(adapter)
  base = `${front.url}/v1`
  prism = await PrismJudge.of((await (await fetch(`${base}/openapi.json`)).json()) as object)
}, 120_000)

afterAll(async () => {
  await front.close()
  await backend.stop()
  const statuses = [...counts.statuses].sort().map(([status, times]) => `${status}: ${times}`)
  console.log(
    [
      `contract fuzzer: ${counts.valid} valid requests, ${counts.faults} single faults, ${counts.answers} answers of backends`,
      `judged by Prism: ${statuses.join(', ')}`,
      ...[...explained].map(([name, times]) => `Prism disagrees ${times} times on ${name}`),
    ].join('\n'),
  )
})

async function send({ method, target, headers, body }: JudgedRequest): Promise<JudgedAnswer> {
  const response = await fetch(`${base}${target}`, {
    method,
    headers: { ...headers },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  return { status: response.status, headers: Object.fromEntries(response.headers), text }
}

/** Sends a request and has Prism judge it and what comes back; of that it may find nothing wrong. */
async function judged(request: JudgedRequest): Promise<{ answer: JudgedAnswer; verdict: Verdict }> {
  const received = await send(request)
  const verdict = await prism.judge(request, received)
  count(counts.statuses, received.status)
  const what = `${request.method} ${request.target}: ${received.status} ${received.text}`
  expect(verdict.answer, what).toEqual([])
  return { answer: received, verdict }
}

/** Our verdict on the schemas of a request has to be that of Prism, or a reason has to be known. */
function expectAgreement(request: JudgedRequest, taken: boolean, verdict: Verdict, kind: string): void {
  if ((verdict.request.length === 0) === taken) return
  const reason = disagreements.find((one) => one.holds({ request, kind, findings: verdict.request }))
  if (reason) count(explained, reason.name)
  const what = `${kind} ${request.method} ${request.target} ${String(request.body)}`
  expect(reason, `${what}: ${JSON.stringify(verdict.request)}`).toBeDefined()
}

const operations = await loadAdapter({ contract: `${root}openapi.yaml`, env: {} }).then(async (one) => {
  await one.close()
  return [...one.operations.keys()]
})
const operationOf = (operationId: string): RestOperation => {
  const operation = adapter.operations.get(operationId)
  if (!operation) throw new Error(operationId)
  return operation
}

/** A parameter as it is sent: a text, or one for each item. */
function textOf(value: unknown): string | string[] {
  if (Array.isArray(value)) return value.map(String)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

describe('a valid request', () => {
  it.each(operations)(
    'of %s is never called invalid, never breaks the service, and pleases Prism',
    async (operationId) => {
      const operation = operationOf(operationId)
      const { parameters, body } = declaredOf(adapter.document, operation)
      const arbitrary = new SchemaArbitrary(adapter.document, { tokens: true })
      const texts = (place: Parameter['in']) => {
        const here = parameters.filter((one) => one.in === place && !NEEDS_A_STORE.has(one.name))
        const required = here.filter((one) => one.required).map(({ name }) => name)
        const values = here.map(({ name, schema }) => {
          const value = arbitrary.of(schema).filter((one) => one !== '' && one !== null)
          return [name, value.map(textOf)] as const
        })
        return fc.record(Object.fromEntries(values), { requiredKeys: required })
      }
      const call = fc.record({
        path: texts('path'),
        query: texts('query'),
        // HTTP has no header that is not Latin-1.
        headers: texts('header').filter((all) =>
          Object.values(all).every((text) => /^[!-~]+$/.test(String(text))),
        ),
        body: body === undefined ? fc.constant(undefined) : arbitrary.of(body),
        optionals: fc.constantFrom('all' as const, 'none' as const),
      })
      await fc.assert(
        fc.asyncProperty(call, async ({ path, query, headers, body: sent, optionals }) => {
          counts.valid += 1
          answer = operation.sampleResponse({ optionals })
          const request = writeRequest(operation, {
            path: path as Record<string, string>,
            query,
            headers: headers as Record<string, string>,
            ...(sent !== undefined && { body: sent }),
          })
          const { answer: received, verdict } = await judged(request)
          // 422: the XSD knows more than the JSON Schema says. 404: the response lacks what the path asks for.
          expect([200, 201, 202, 204, 404, 422], received.text).toContain(received.status)
          expectAgreement(request, true, verdict, 'valid')
        }),
        { numRuns: VALID, seed: 20_260_101 },
      )
    },
  )
})

describe('a request with a single fault', () => {
  it.each(operations)(
    'of %s is refused with a pointer to the fault, as Prism refuses it, and reaches no backend',
    async (operationId) => {
      const operation = operationOf(operationId)
      answer = operation.sampleResponse({ optionals: 'none' })
      const good = await judged(writeRequest(operation, sampleCall(operation)))
      expect(good.answer.status).toBeLessThan(300)
      backend.calls = 0
      for (const { kind, request, status, pointer } of requestFaults(operation, adapter.document)) {
        counts.faults += 1
        kinds.add(kind)
        if (kind === 'JSON') {
          expect((await send(request)).status).toBe(status)
          continue
        }
        const { answer: received, verdict } = await judged(request)
        expect(received.status, `${kind} at ${String(pointer)}: ${received.text}`).toBe(status)
        const { errors = [] } = JSON.parse(received.text) as { errors?: { pointer: string }[] }
        if (pointer !== undefined)
          expect(
            errors.map((error) => error.pointer),
            kind,
          ).toContain(pointer)
        expectAgreement(request, false, verdict, kind)
      }
      expect(backend.calls).toBe(0)
    },
  )

  it('breaks every keyword that the contract judges requests by', () => {
    const schemas = [...adapter.operations.values()].flatMap((operation) => {
      const { parameters, body } = declaredOf(adapter.document, operation)
      return [body, ...parameters.map(({ schema }) => schema)]
    })
    const keywords = assertingKeywords(adapter.document, schemas)
    expect(keywords.size).toBeGreaterThan(10)
    expect([...keywords].filter((keyword) => !kinds.has(keyword))).toEqual([])
  })
})

/** In the place of any text of a response. */
const ODD_TEXTS = ['', ' ', 'x', '-1', '0', '1.50', '99999999999999999999.01', '2026-02-30', 'NaN', '漢字😀']

describe('a response of a backend', () => {
  it.each(operations)('to %s comes out as the document says, whatever it is', async (operationId) => {
    const operation = operationOf(operationId)
    const request = writeRequest(operation, sampleCall(operation))
    const sample = operation.sampleResponse({ optionals: 'all' })
    const text = String(sample.body)
    const answers: SoapResponse[] = [
      ...[200, 202, 204, 301, 400, 401, 404, 429, 500, 503].map((status) => ({ ...sample, status })),
      ...['', 'x', '<html/>', text.slice(0, -9)].map((body) => ({ ...sample, body })),
    ]
    for (const [n, { index, 1: old = '' }] of [...text.matchAll(/>([^<>]+)</g)].entries()) {
      const odd = [ODD_TEXTS[n % ODD_TEXTS.length], ODD_TEXTS[(n + 3) % ODD_TEXTS.length]]
      for (const one of odd) {
        const body = `${text.slice(0, index + 1)}${one ?? ''}${text.slice(index + 1 + old.length)}`
        answers.push({ ...sample, body })
      }
    }
    for (const one of answers) {
      counts.answers += 1
      answer = one
      const { answer: received } = await judged(request)
      expect(received.status).not.toBe(500)
    }
  })
})

describe('Prism', () => {
  it.each(operations)('notices when a response to %s is not as the document says', async (operationId) => {
    const operation = operationOf(operationId)
    const request = writeRequest(operation, sampleCall(operation))
    answer = operation.sampleResponse({ optionals: 'all' })
    const received = await send(request)
    expect((await prism.judge(request, received)).answer).toEqual([])
    const problem = await send({ ...request, target: `${request.target}&surplus=1` })
    for (const { status, headers, text } of [received, problem]) {
      const broken = [
        { status, headers, text: text === '' ? '{}' : '[]' },
        { status, headers: { ...headers, 'content-type': 'text/html' }, text },
      ]
      for (const one of status === 204 ? [] : broken) {
        const { answer: findings } = await prism.judge(request, one)
        expect(findings, `${status} ${one.text}`).not.toEqual([])
      }
    }
  })

  it('disagrees about requests for the reasons that are listed, and each of them is one', () => {
    expect([...explained.keys()].sort()).toEqual(disagreements.map(({ name }) => name).sort())
  })
})
