import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RestOperation } from '../../src/adapter/rest.js'
import { defaultSettings } from '../../src/config/settings.js'
import { PROBLEM_TYPES } from '../../src/http/answer/problem.js'
import { apiKeyLine } from '../../src/http/authentication/api-key.js'
import { loadAdapter, type MountableAdapter } from '../../src/index.js'
import type { OpenApiObject } from '../../src/openapi/document.js'
import { type RunningServer, startServer } from '../../src/server.js'
import { readContract, root } from '../oracle/contracts.js'
import { captureLog } from './deployment.js'
import { answer, ScriptedBackend } from './peers/scripted-backend.js'
import { sampleCall, targetOf } from './rest-call.js'

interface Example {
  readonly operation: RestOperation
  /** Key of the Responses Object. */
  readonly key: string
  readonly mediaType: string
  readonly schema: object
  readonly value: Record<string, unknown>
}

const KEY = 'examples-key'
const OTHER_KEY = 'examples-other-key'
const RATED_KEY = 'examples-rated-key'
const PROBLEM = 'application/problem+json'

const backend = new ScriptedBackend()
const directory = mkdtempSync(join(tmpdir(), 'examples-'))
let adapter: MountableAdapter
let server: RunningServer
let published: OpenApiObject
let examples: readonly Example[]

/** The shipped contract over one scripted backend that is given little time and never left alone. */
function contract(policy: object): OpenApiObject {
  const shipped = readContract()
  const backends = Object.entries(shipped['x-soap-backends'] as Record<string, object>)
  const endpoint = backend.url
  const written = backends.map(([name, one]): [string, object] => [name, { ...one, endpoint, ...policy }])
  return { ...shipped, 'x-soap-backends': Object.fromEntries(written) }
}

async function serve(loaded: MountableAdapter): Promise<RunningServer> {
  const settings = {
    ...defaultSettings(),
    ...{ listenPort: 0, adminPort: 0, host: '127.0.0.1', idempotencyWaitMs: 0, maxEventLoopLagMs: 0 },
    apiKeys: [
      apiKeyLine('all', KEY),
      apiKeyLine('none', OTHER_KEY) + ' operations=none',
      apiKeyLine('rated', RATED_KEY) + ' rate=1/60',
    ].join('\n'),
    storeFile: join(directory, `${randomUUID()}.db`),
  }
  return startServer(loaded, settings, { logger: captureLog().logger, signals: false })
}

beforeAll(async () => {
  await backend.start()
  adapter = await loadAdapter({
    contract: contract({ timeoutMs: 300, breaker: { minimumCalls: 1_000_000 } }),
    baseDir: root,
  })
  server = await serve(adapter)
  published = JSON.parse(await (await fetch(`${server.url}/v1/openapi.json`)).text()) as OpenApiObject
  examples = examplesOf(published)
})

afterAll(async () => {
  await server.close()
  await backend.stop()
  rmSync(directory, { recursive: true })
})

function at(ref: string): object {
  const steps = ref.slice(2).split('/')
  return steps.reduce<Record<string, unknown>>(
    (found, step) => found[step] as Record<string, unknown>,
    published,
  )
}

const resolved = (value: object): Record<string, unknown> =>
  ('$ref' in value ? at(String(value.$ref)) : value) as Record<string, unknown>

interface PublishedResponse {
  readonly operation: RestOperation
  readonly key: string
  readonly content: Record<
    string,
    { schema: object; example?: unknown; examples?: Record<string, { value: unknown }> }
  >
}

function responsesOf(document: OpenApiObject): PublishedResponse[] {
  return Object.values(document.paths as Record<string, Record<string, unknown>>).flatMap((item) =>
    Object.values(item).flatMap((described) => {
      const { operationId = '', responses = {} } = described as { operationId?: string; responses?: object }
      const operation = adapter.operations.get(operationId)
      if (!operation) return []
      return Object.entries(responses as Record<string, object>).map(([key, response]) => ({
        operation,
        key,
        content: (resolved(response).content ?? {}) as PublishedResponse['content'],
      }))
    }),
  )
}

function examplesOf(document: OpenApiObject): Example[] {
  return responsesOf(document).flatMap(({ operation, key, content }) =>
    Object.entries(content).flatMap(([mediaType, { schema, example, examples: named = {} }]) =>
      [example, ...Object.values(named).map(({ value }) => value)]
        .filter((value) => value !== undefined)
        .map((value) => ({ operation, key, mediaType, schema, value: value as Example['value'] })),
    ),
  )
}

const errors = () => examples.filter(({ mediaType }) => mediaType === PROBLEM)

describe('the published document', () => {
  it('has an example of each response that has a body in JSON', () => {
    const missing = responsesOf(published).flatMap(({ operation: { operationId }, key, content }) =>
      Object.entries(content)
        .filter(
          ([mediaType, { example, examples: named }]) =>
            mediaType.endsWith('json') && (example ?? named) === undefined,
        )
        .map(([mediaType]) => [operationId, key, mediaType]),
    )
    expect(missing).toEqual([])
    expect(examples.length).toBeGreaterThan(400)
  })

  it('says of each operation that it may answer 401, 403 and 429', () => {
    const keys = new Map<string, string[]>()
    for (const { operation, key } of responsesOf(published)) {
      keys.set(operation.operationId, [...(keys.get(operation.operationId) ?? []), key])
    }
    expect(keys.size).toBe(adapter.operations.size)
    for (const [operationId, found] of keys) {
      expect(found, operationId).toEqual(expect.arrayContaining(['401', '403', '429', 'default']))
    }
  })

  it('has no example that its schema does not take', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    addFormats.default(ajv)
    ajv.addFormat('decimal', true)
    ajv.addSchema({ $id: 'https://published.example/', ...published })
    const broken = examples.flatMap(({ operation, key, schema, value }) => {
      const judge = ajv.compile(
        JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"https://published.example/#/')) as object,
      )
      return judge(value) ? [] : [[operation.operationId, key, judge.errors]]
    })
    expect(broken).toEqual([])
  })

  it('gives each error the status under which it stands', () => {
    for (const { key, value } of errors()) {
      expect(key === 'default' || key === String(value.status), `${key}: ${String(value.code)}`).toBe(true)
      if (String(value.type).includes('#')) expect(value.fault).toBeTypeOf('object')
    }
  })
})

/** Numbers in a detail are settings of the deployment. */
const comparable = (problem: Record<string, unknown>) => ({
  ...problem,
  instance: undefined,
  detail: typeof problem.detail === 'string' ? problem.detail.replace(/\d+/g, 'N') : problem.detail,
})

interface Sent {
  readonly key?: string | undefined
  readonly query?: string
  readonly headers?: Record<string, string>
  readonly body?: unknown
  readonly url?: string
}

/** Sends a valid call of the operation, unless told otherwise. */
async function call(operation: RestOperation, sent: Sent = {}) {
  const { headers: sampled, body: sampledBody, ...sample } = sampleCall(operation, 'all')
  const { key = KEY, query = '', headers = {}, body = sampledBody, url = server.url } = sent
  const response = await fetch(`${url}/v1${targetOf(operation, sample)}${query}`, {
    method: operation.method.toUpperCase(),
    headers: { ...sampled, ...(key !== '' && { 'x-api-key': key }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, value: (await response.json()) as Record<string, unknown> }
}

const undeclaredFault = (namespace: string) =>
  `<e:Envelope xmlns:e="${namespace}"><e:Body><e:Fault>${
    namespace.includes('2003')
      ? '<e:Code><e:Value>e:Receiver</e:Value></e:Code><e:Reason><e:Text xml:lang="en">x</e:Text></e:Reason>'
      : '<faultcode>e:Server</faultcode><faultstring>x</faultstring>'
  }</e:Fault></e:Body></e:Envelope>`

type Provoke = (example: Example) => ReturnType<typeof call>

/** How each problem comes about, by its code. */
const PROVOCATIONS: Readonly<Record<string, Provoke>> = {
  'request-invalid': ({ operation }) => call(operation, { query: '&unexpected=1' }),
  'request-too-large': ({ operation }) => call(operation, { body: `"${'x'.repeat(1_100_000)}"` }),
  'media-type-unsupported': ({ operation }) => call(operation, { headers: { 'content-encoding': 'gzip' } }),
  unauthenticated: ({ operation }) => call(operation, { key: '' }),
  forbidden: ({ operation }) => call(operation, { key: OTHER_KEY }),
  'rate-limited': async ({ operation }) => {
    backend.script = answer(200, '')
    await call(operation, { key: RATED_KEY })
    return call(operation, { key: RATED_KEY })
  },
  'request-unencodable': ({ operation, value }) => {
    const [{ pointer } = { pointer: '' }] = value.errors as { pointer: string }[]
    const body = JSON.parse(JSON.stringify(sampleCall(operation, 'all').body)) as Record<string, unknown>
    const steps = pointer.slice(1).split('/')
    const last = steps.pop() ?? ''
    const holder = steps.reduce((found, step) => found[step] as Record<string, unknown>, body)
    holder[last] = '\u0001'
    return call(operation, { body })
  },
  'resource-not-found': ({ operation }) => call(operation),
  'backend-unreachable': async ({ operation }) => {
    await backend.stop()
    try {
      return await call(operation)
    } finally {
      await backend.start()
    }
  },
  'backend-not-soap': ({ operation }) => {
    backend.script = answer(200, '')
    return call(operation)
  },
  'backend-fault': ({ operation }) => {
    const { headers } = operation.sampleResponse({ optionals: 'none' })
    const isSoap12 = String(headers['content-type']).startsWith('application/soap+xml')
    const namespace = isSoap12
      ? 'http://www.w3.org/2003/05/soap-envelope'
      : 'http://schemas.xmlsoap.org/soap/envelope/'
    backend.script = answer(500, undeclaredFault(namespace), headers['content-type'])
    return call(operation)
  },
  'backend-timeout': ({ operation }) => {
    backend.script = () => undefined
    return call(operation)
  },
  'idempotency-in-flight': async ({ operation }) => {
    const begun = new Promise<void>((resolve) => {
      backend.script = () => {
        resolve()
      }
    })
    const headers = { 'idempotency-key': randomUUID() }
    const first = call(operation, { headers })
    await begun
    const second = await call(operation, { headers })
    await first
    return second
  },
  'idempotency-key-reused': async ({ operation }) => {
    const headers = { 'idempotency-key': randomUUID() }
    const [fault] = (operation.examples?.() ?? []).filter(({ response }) => response.fault !== undefined)
    backend.script = answer(500, String(fault?.sent?.body), fault?.sent?.headers['content-type'])
    await call(operation, { headers })
    const { body } = sampleCall(operation, 'all')
    const other = JSON.stringify(body).replace('845.00', '846.00')
    return call(operation, { headers, body: other })
  },
  'idempotency-outcome-unknown': async ({ operation }) => {
    const headers = { 'idempotency-key': randomUUID() }
    backend.script = (response) => response.destroy()
    await call(operation, { headers })
    return call(operation, { headers })
  },
}

/** Milliseconds for hundreds of calls on a machine that has others to serve. */
const SLOW = 120_000

describe('each example of an error is what the service sends', () => {
  it(
    'where this service says it',
    async () => {
      const seen = new Set<string>()
      const others: object[] = []
      for (const example of errors()) {
        const code = String(example.value.code)
        const provoke = PROVOCATIONS[code]
        if (!provoke) continue
        seen.add(code)
        const { status, value } = await provoke(example)
        expect(comparable(value), `${example.operation.operationId} ${code}`).toEqual(
          comparable(example.value),
        )
        expect(status).toBe(example.value.status)
      }
      for (const { value } of errors()) {
        const code = String(value.code)
        if (code in PROBLEM_TYPES && !seen.has(code)) others.push({ code })
      }
      expect(new Set(others.map((other) => JSON.stringify(other)))).toEqual(
        new Set(['{"code":"internal"}', '{"code":"backend-unavailable"}']),
      )
    },
    SLOW,
  )

  it(
    'where a backend refuses',
    async () => {
      let compared = 0
      for (const example of errors()) {
        if (!String(example.value.type).includes('#')) continue
        const { operation, value } = example
        const found = operation.examples?.().find(({ response }) => response.fault === value.code)
        if (found?.sent) backend.script = answer(500, found.sent.body, found.sent.headers['content-type'])
        const sent = await call(operation)
        expect(comparable(sent.value), operation.operationId).toEqual(comparable(value))
        compared += 1
      }
      expect(compared).toBeGreaterThan(60)
    },
    SLOW,
  )

  it('where a backend is left alone, and where the service itself fails', async () => {
    const nervous = await loadAdapter({
      contract: contract({ breaker: { minimumCalls: 1, failurePercent: 1 } }),
      baseDir: root,
    })
    const failing = 'getCustomer'
    const getCustomer = nervous.operations.get(failing)
    if (getCustomer) {
      getCustomer.invoke = () => Promise.reject(new TypeError('not foreseen'))
    }
    const other = await serve(nervous)
    try {
      await backend.stop()
      const compare = async (code: string, operation: RestOperation): Promise<void> => {
        const { value } = await call(operation, { url: other.url })
        const all = errors().filter((example) => example.value.code === code)
        expect(all.length).toBeGreaterThanOrEqual(adapter.operations.size)
        for (const example of all) expect(comparable(value)).toEqual(comparable(example.value))
      }
      const getAccount = nervous.operations.get('getAccount')
      if (!getAccount || !getCustomer) throw new Error('the contract has both')
      await call(getAccount, { url: other.url })
      await compare('backend-unavailable', getAccount)
      await compare('internal', getCustomer)
    } finally {
      await backend.start()
      await other.close()
    }
  })
})
