import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Inspector } from '../../src/inspector/inspector.js'
import type { Rules } from '../../src/inspector/rules.js'
import type { JsonView, XmlView } from '../../src/inspector/view.js'
import { isJsonScalar, type JsonValue, scalarText } from '../../src/json/value.js'
import { call, lastCall, SampledBackend } from './inspected.js'

let backend: SampledBackend
beforeAll(async () => {
  backend = await SampledBackend.start()
})
afterAll(async () => {
  await backend.close()
})

const inspectorOf = (options?: ConstructorParameters<typeof Inspector>[0]) => {
  const inspector = new Inspector(options)
  inspector.attach(backend.adapter)
  return inspector
}

/** Every scalar of a value as text, with its pattern: null for each item. */
function* leaves(
  view: JsonView,
  steps: readonly (string | null)[] = [],
): Generator<readonly (string | null)[]> {
  if (view.kind === 'object')
    for (const [name, member] of view.members) yield* leaves(member, [...steps, name])
  else if (view.kind === 'array') for (const item of view.items) yield* leaves(item, [...steps, null])
  else yield steps
}

/** Every element with text, as names from below the envelope. */
function* textElements(view: XmlView, names: readonly string[] = []): Generator<string> {
  if (view.hasText) yield names.join('/')
  for (const child of view.children) yield* textElements(child, [...names, child.name])
}

function* texts(value: JsonValue): Generator<string> {
  if (isJsonScalar(value)) yield scalarText(value)
  else for (const each of Object.values(value)) if (each !== undefined) yield* texts(each)
}

const xmlPlaces = ({ rules }: Rules) => new Set(rules.map(({ xml }) => xml.map(({ name }) => name).join('/')))
const bodyPlaces = ({ rules }: Rules) =>
  new Set(rules.filter(({ rest }) => rest.in === 'body').map(({ rest }) => JSON.stringify(rest.steps)))

describe('the rules of an operation', () => {
  it('say of every value of samples where it goes, and of every element where it comes from', () => {
    const inspector = inspectorOf()
    let [sent, received] = [0, 0]
    for (const [operationId, operation] of backend.adapter.operations) {
      const rules = inspector.rules(operationId)
      const preview = inspector.preview(operationId, operation.sample({ optionals: 'all' }))
      expect(preview?.problem, operationId).toBeUndefined()
      if (!rules || !preview) throw new Error(operationId)
      const { restRequest, soapRequest, restResponse, soapResponse } = preview
      for (const element of soapRequest?.xml ? textElements(soapRequest.xml) : []) {
        expect(xmlPlaces(rules.request), `${operationId} request`).toContain(element)
        sent++
      }
      const places = bodyPlaces(rules.request)
      for (const leaf of restRequest.json ? leaves(restRequest.json) : []) {
        expect([...places], `${operationId} request`).toContain(JSON.stringify(leaf))
      }
      const answered = bodyPlaces(rules.response)
      for (const leaf of restResponse?.json ? leaves(restResponse.json) : []) {
        expect([...answered], `${operationId} response`).toContain(JSON.stringify(leaf))
        received++
      }
      const unmapped = new Set(
        rules.response.unmapped.map(({ xml }) => xml.map(({ name }) => name).join('/')),
      )
      for (const element of soapResponse?.xml ? textElements(soapResponse.xml) : []) {
        const isTold =
          xmlPlaces(rules.response).has(element) || [...unmapped].some((left) => element.startsWith(left))
        expect(isTold, `${operationId} answer ${element}`).toBe(true)
      }
    }
    expect(sent).toBeGreaterThan(100)
    expect(received).toBeGreaterThan(300)
  })

  it('name parameters, constants, renamed members, arrays and faults', () => {
    const { request, response, faults } = inspectorOf().rules('listTransactions') ?? {}
    expect(request?.rules).toContainEqual(
      expect.objectContaining({
        rest: { in: 'path', steps: ['accountId'] },
        xml: [{ name: 'Body' }, { name: 'GetTransactionHistory' }, { name: 'AccountId' }],
        says: expect.stringMatching(/^accountId ↔ AccountId: \w+/) as string,
      }),
    )
    const items = response?.rules.find(({ rest }) => JSON.stringify(rest.steps) === '["items",null]')
    expect(items?.xml.at(-1)).toMatchObject({ many: true })
    expect(faults?.map(({ name, status }) => [name, status])).toContainEqual(['AccountNotFoundFault', 404])
  })

  it('end, where types lead into themselves', () => {
    for (const operationId of backend.adapter.operations.keys()) {
      const rules = inspectorOf().rules(operationId)
      expect(rules?.response.rules.length).toBeLessThanOrEqual(2_000)
    }
  })
})

describe('a call', () => {
  it('is kept with its four messages and the time of each stage, and without a value', async () => {
    const inspector = inspectorOf()
    const sample = backend.adapter.operations.get('createPayment')?.sample({ optionals: 'all' })
    await call(backend.adapter, 'createPayment')
    const kept = lastCall(inspector)
    expect(kept).toMatchObject({
      ...{ operationId: 'createPayment', method: 'post', backend: 'core-banking', outcome: '201' },
      ...{ isFailed: false, requestId: 'of-createPayment' },
      restRequest: { start: 'POST /payments', json: { kind: 'object' } },
      soapRequest: { start: 'POST to core-banking', xml: { name: 'Envelope' } },
      soapResponse: { start: '200', xml: { name: 'Envelope' } },
      restResponse: { start: '201', json: { kind: 'object' } },
    })
    expect(kept.stages.map(({ name }) => name)).toEqual(['encode', 'backend', 'decode', 'respond'])
    const sum = kept.stages.reduce((all, { milliseconds }) => all + milliseconds, 0)
    expect(Math.abs(sum - kept.milliseconds)).toBeLessThan(0.1)
    const text = JSON.stringify(kept)
    const values = [...texts(sample?.body ?? null)].filter((value) => value.length > 5)
    expect(values.length).toBeGreaterThan(5)
    for (const value of values) expect(text).not.toContain(value)
  })

  it('is kept with its values where that is asked for, but for credentials', async () => {
    const inspector = inspectorOf({ values: true })
    const operation = backend.adapter.operations.get('getAccount')
    const sampled = operation?.sample({ optionals: 'all' })
    const headers = {
      ...sampled?.headers,
      authorization: 'Bearer s3cr3t',
      'x-api-key': 's3cr3t',
      cookie: 's3cr3t',
    }
    await operation?.invoke({
      path: { accountId: 'AC-00000101' },
      query: { ...sampled?.query, access_token: 's3cr3t' },
      headers,
    })
    await new Promise((resolve) => setImmediate(resolve))
    const text = JSON.stringify(lastCall(inspector))
    expect(text).toContain('"AC-00000101"')
    expect(text).not.toContain('s3cr3t')
  })

  it('that the backend answers with a fault is kept with its name, and one that fails with its code', async () => {
    const inspector = inspectorOf()
    backend.answers.set('GetAccount', {
      status: 500,
      body:
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring><detail>' +
        '<AccountNotFoundFault xmlns="http://interchange.example/banking/core/v3"><AccountId>AC-1</AccountId></AccountNotFoundFault></detail></s:Fault></s:Body></s:Envelope>',
    })
    await call(backend.adapter, 'getAccount')
    const faulty = lastCall(inspector)
    expect(faulty).toMatchObject({ isFailed: true })
    expect(faulty.soapResponse?.xml?.children[0]?.children[0]?.name).toBe('Fault')
    backend.answers.set('GetAccount', { status: 200, body: '<html>secret-thing' })
    await call(backend.adapter, 'getAccount')
    backend.answers.clear()
    const failed = lastCall(inspector)
    expect(failed.problem?.code).toMatch(/^backend-/)
    expect(failed.soapResponse?.note).toMatch(/bytes/)
    expect(failed.restResponse).toBeUndefined()
    expect(JSON.stringify(failed)).not.toContain('secret-thing')
  })
})

describe('what is kept', () => {
  it('is bounded by number, oldest first', async () => {
    const inspector = inspectorOf({ limits: { calls: 3 } })
    for (let n = 0; n < 5; n++) await call(backend.adapter, 'getAccount')
    expect(inspector.calls.map(({ id }) => id)).toEqual([5, 4, 3])
    expect(inspector.call(2)).toBeUndefined()
    inspector.clear()
    expect(inspector.calls).toEqual([])
  })

  it('is bounded by memory', async () => {
    const inspector = inspectorOf({ limits: { bytes: 40_000 } })
    for (let n = 0; n < 20; n++) await call(backend.adapter, 'getCustomer')
    const kept = inspector.calls.reduce((sum, { id }) => sum + 2 * (inspector.call(id)?.length ?? 0), 0)
    expect(kept).toBeLessThanOrEqual(40_000)
    expect(inspector.calls.length).toBeLessThan(20)
  })
})

it('previews what a person has written, and says what is wrong with it', () => {
  const inspector = inspectorOf()
  const bad = inspector.preview('createPayment', { path: {}, query: {}, headers: {}, body: {} })
  expect(bad?.problem?.code).toBe('request-unencodable')
  expect(bad?.problem?.violations.length).toBeGreaterThan(0)
  expect(inspector.preview('nothing', { path: {}, query: {}, headers: {} })).toBeUndefined()
})

it('shows the contract: what it calls, what it leaves, and what is not called', () => {
  const contract = inspectorOf().contract
  expect(contract?.title).toBe('Fernhill Bank and Clinic API')
  expect(contract?.backends.map(({ name }) => name)).toEqual(['core-banking', 'lending', 'patient-registry'])
  expect(contract?.operations).toHaveLength(backend.adapter.operations.size)
  expect(contract?.operations.find(({ operationId }) => operationId === 'getCustomer')).toMatchObject({
    ...{
      method: 'get',
      path: '/customers/{customerId}',
      backend: 'core-banking',
      soapOperation: 'GetCustomer',
    },
    summary: 'Get a customer',
  })
})
