import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterEach, describe, expect, it } from 'vitest'
import type { RestResponse } from '../../src/adapter/rest.js'
import { AdapterError } from '../../src/base/errors.js'
import { jsonLine } from '../../src/json/text.js'
import { ExactNumber, type JsonValue } from '../../src/json/value.js'
import { contractOf, returns, takes } from '../graphql/graphql-app.js'
import { type McpApp, mcpApp } from './mcp-app.js'

const apps: McpApp[] = []
const app = async (...args: Parameters<typeof mcpApp>) => {
  const own = await mcpApp(...args)
  apps.push(own)
  return own
}
afterEach(async () => {
  for (const own of apps.splice(0)) await own.close()
})

const json = (body: JsonValue, status = 200): RestResponse => ({ status, headers: {}, body: jsonLine(body) })
const accountId = {
  name: 'accountId',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^A' },
  description: 'The account.',
}
const document = contractOf(
  {
    '/accounts/{accountId}': {
      parameters: [accountId],
      get: {
        operationId: 'getAccount',
        summary: 'Get an account',
        description: 'Also after it was closed.',
        parameters: [{ name: 'tag', in: 'query', schema: { type: 'array', items: { type: 'string' } } }],
        responses: returns({ $ref: '#/components/schemas/Account' }),
      },
      delete: { operationId: 'closeAccount', responses: { 204: { description: 'closed' } } },
    },
    '/accounts': {
      get: {
        operationId: 'listAccounts',
        responses: returns({ type: 'array', items: { $ref: '#/components/schemas/Account' } }),
      },
    },
    '/payments': {
      post: {
        operationId: 'pay',
        parameters: [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } }],
        requestBody: takes({ $ref: '#/components/schemas/Account' }),
        responses: returns({ $ref: '#/components/schemas/Account' }),
      },
    },
    '/scan': {
      post: {
        operationId: 'scan',
        requestBody: { content: { 'image/png': {} } },
        responses: { 204: { description: '' } },
      },
    },
  },
  {
    Account: {
      type: 'object',
      required: ['accountId'],
      properties: {
        accountId: { type: 'string' },
        cents: { type: 'integer' },
        small: { type: 'integer', minimum: 0, maximum: 9 },
        rate: { type: 'number' },
        openedOn: { type: 'string', format: 'date' },
        amount: { type: 'string', format: 'decimal' },
        parent: { $ref: '#/components/schemas/Account' },
      },
      example: { accountId: 'A' },
      xml: { name: 'Acct' },
    },
  },
)

describe('tools', () => {
  it('are the operations that are GET, as the contract describes them', async () => {
    const client = await (await app(document)).connect()
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['getAccount', 'listAccounts'])
    expect(tools[0]).toMatchObject({
      title: 'Get an account',
      description: 'Get an account\n\nAlso after it was closed.',
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
      inputSchema: {
        type: 'object',
        required: ['accountId'],
        properties: {
          accountId: { pattern: '^A', description: 'The account.' },
          tag: { type: 'array' },
          resultCursor: {},
        },
      },
      outputSchema: {
        type: 'object',
        $ref: '#/$defs/Account',
        $defs: { Account: { properties: { parent: { $ref: '#/$defs/Account' } } } },
      },
    })
    expect(tools[1]?.outputSchema).toMatchObject({
      properties: { result: { type: 'array' } },
      required: ['result'],
    })
  })

  it('are others only where they are named, and say what they may do', async () => {
    const warned: object[] = []
    const operations = ['pay', 'closeAccount', 'scan', 'absent']
    const own = await app(document, { mcp: { operations, onLeftOut: (each) => warned.push(each) } })
    const { tools } = await (await own.connect()).listTools()
    const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]))
    expect(Object.keys(hints)).toEqual(['getAccount', 'closeAccount', 'listAccounts', 'pay'])
    expect(hints.pay).toMatchObject({ readOnlyHint: false, destructiveHint: false, idempotentHint: false })
    expect(hints.closeAccount).toMatchObject({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: true,
    })
    expect(warned).toEqual([
      { operationId: 'absent', reason: 'the contract has no such operation' },
      { operationId: 'scan', reason: 'its request is no JSON' },
    ])
  })

  it('are what the contract says, whatever the setting says', async () => {
    const get = (operationId: string, annotation: object) => ({
      [`/${operationId}`]: {
        get: { operationId, 'x-soap': annotation, responses: returns({}) },
        post: { operationId: `${operationId}Anew`, 'x-soap': annotation, responses: returns({}) },
      },
    })
    const unsafe = { retry: { idempotent: false } }
    const own = contractOf({
      ...get('plain', {}),
      ...get('opened', { mcp: true }),
      ...get('closed', { mcp: false }),
      ...get('counted', unsafe),
      ...get('asked', { ...unsafe, mcp: true }),
    })
    const warned: object[] = []
    const toolsWith = async (...operations: string[]) => {
      const mcp = { operations, onLeftOut: (each: object) => warned.push(each) }
      return (await (await (await app(own, { mcp })).connect()).listTools()).tools
    }
    const namesWith = async (...operations: string[]) =>
      (await toolsWith(...operations)).map(({ name }) => name)
    const always = ['plain', 'opened', 'openedAnew', 'asked', 'askedAnew']
    expect(await namesWith()).toEqual(always)
    expect(await namesWith('plainAnew', 'counted', 'closed')).toEqual(
      expect.arrayContaining([...always, 'plainAnew', 'counted']),
    )
    expect(warned).toEqual([{ operationId: 'closed', reason: 'the contract says mcp: false' }])
    expect(await namesWith('*')).not.toContain('closed')
    // A GET that changes something is no read.
    const asked = (await toolsWith()).find(({ name }) => name === 'asked')
    expect(asked?.annotations).toMatchObject({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
    })
    expect(asked?.inputSchema.properties).not.toHaveProperty('resultCursor')
  })

  it('have schemas that stand alone and take what they describe', async () => {
    const own = await app(document, { mcp: { operations: ['*'] } })
    const { tools } = await (await own.connect()).listTools()
    for (const { inputSchema, outputSchema } of tools) {
      for (const schema of [inputSchema, ...(outputSchema ? [outputSchema] : [])]) {
        const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false })
        addFormats.default(ajv)
        expect(() => ajv.compile({ ...schema } as object)).not.toThrow()
      }
    }
    expect(JSON.stringify(tools)).not.toMatch(/"xml"|"example"|"decimal"/)
  })

  it('come in pages where there are many', async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 250 }, (_, n) => [
        `/p${n}`,
        { get: { operationId: `get${n}`, responses: { 204: { description: '' } } } },
      ]),
    )
    const client = await (await app(contractOf(paths))).connect()
    const names = new Set<string>()
    let cursor: string | undefined
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor })
      for (const { name } of page.tools) names.add(name)
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(names.size).toBe(250)
  })
})

describe('a call', () => {
  it('carries what REST would', async () => {
    const own = await app(document)
    own.facade.answers.set('getAccount', () => json({ accountId: 'A1', openedOn: '2026-01-01' }))
    const client = await own.connect()
    const { structuredContent, content, isError } = await client.callTool({
      name: 'getAccount',
      arguments: { accountId: 'A1', tag: ['x', 'y'] },
    })
    expect([isError, structuredContent]).toEqual([undefined, { accountId: 'A1', openedOn: '2026-01-01' }])
    expect(content).toEqual([{ type: 'text', text: '{"accountId":"A1","openedOn":"2026-01-01"}' }])
    expect(own.facade.calls[0]?.request).toEqual({
      path: { accountId: 'A1' },
      query: { tag: ['x', 'y'] },
      headers: {},
    })
  })

  it.each<[string, string]>([
    ['a number', '{"accountId":"A","cents":9007199254740993,"rate":0.10}'],
    ['a text', '{"accountId":"A","cents":"9007199254740993","rate":"0.10"}'],
  ])('keeps every digit of %s', async (_, body) => {
    const own = await app(document, { mcp: { operations: ['pay'] } })
    own.facade.answers.set('pay', () =>
      json({ accountId: 'A', cents: new ExactNumber('9007199254740993'), small: 3 }),
    )
    const answer = await fetch(own.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","arguments":{"body":${body}}}}`,
    })
    const text = await answer.text()
    expect(jsonLine(own.facade.calls[0]?.request.body ?? null)).toBe(
      '{"accountId":"A","cents":9007199254740993,"rate":0.10}',
    )
    expect(text).toContain('"structuredContent":{"accountId":"A","cents":"9007199254740993","small":3}')
    expect(text).toContain('\\"cents\\":9007199254740993')
  })

  it('says what to change where the arguments are wrong', async () => {
    const own = await app(document)
    const client = await own.connect()
    const wrong = await client.callTool({ name: 'getAccount', arguments: { accountId: 'B' } })
    expect(wrong.isError).toBe(true)
    expect(JSON.stringify(wrong.content)).toContain('path/accountId')
    const unknown = await client.callTool({
      name: 'getAccount',
      arguments: { accountId: 'A', acountId: 'x' },
    })
    expect(JSON.stringify([unknown.isError, unknown.content])).toContain('acountId')
    await expect(client.callTool({ name: 'absent', arguments: {} })).rejects.toMatchObject({ code: -32602 })
    expect(own.facade.calls).toEqual([])
  })

  it.each<[string, AdapterError, object]>([
    [
      'timeout',
      new AdapterError('backend-timeout', 'No answer in time.', { outcome: 'unknown' }),
      { code: 'backend-timeout', status: 504, outcome: 'unknown' },
    ],
    [
      'open breaker',
      new AdapterError('backend-unavailable', 'Not called.', { retryAfter: 7 }),
      { code: 'backend-unavailable', status: 503, retryAfter: 7 },
    ],
  ])('tells a problem of the backend: %s', async (_, error, problem) => {
    const own = await app(document)
    own.facade.answers.set('getAccount', () => Promise.reject(error))
    const { isError, content } = await (
      await own.connect()
    ).callTool({ name: 'getAccount', arguments: { accountId: 'A' } })
    const [{ text = '' } = {}] = content as { text?: string }[]
    expect([isError, JSON.parse(text)]).toMatchObject([true, problem])
  })

  it('says nothing of what nobody has foreseen', async () => {
    const own = await app(document)
    own.facade.answers.set('getAccount', () => {
      throw new TypeError('secret of the service')
    })
    const result = await (await own.connect()).callTool({ name: 'getAccount', arguments: { accountId: 'A' } })
    expect(JSON.stringify([result, own.logLines])).not.toContain('secret')
    expect(JSON.stringify(result)).toContain('internal')
  })

  it('tells a declared fault by its members', async () => {
    const own = await app(document)
    own.facade.answers.set('getAccount', () => ({
      ...json({ title: 'No such account', code: 'NoAccount', fault: { id: 7 } }, 404),
      fault: 'NoAccount',
    }))
    const { isError, content } = await (
      await own.connect()
    ).callTool({ name: 'getAccount', arguments: { accountId: 'A' } })
    expect([isError, JSON.stringify(content)]).toEqual([true, expect.stringContaining('NoAccount')])
  })

  it('says that it is done where there is nothing to answer', async () => {
    const own = await app(document, { mcp: { operations: ['closeAccount'] } })
    own.facade.answers.set('closeAccount', () => ({ status: 204, headers: {}, body: '' }))
    const result = await (
      await own.connect()
    ).callTool({ name: 'closeAccount', arguments: { accountId: 'A' } })
    expect(result.content).toEqual([{ type: 'text', text: 'Done.' }])
  })

  it('is cut where it is long, and goes on', async () => {
    const own = await app(document, { mcp: { maxResultBytes: 1_200 } })
    const all = Array.from({ length: 100 }, (_, n) => ({ accountId: `A${n}` }))
    own.facade.answers.set('listAccounts', () => json(all))
    const client = await own.connect()
    const seen: unknown[] = []
    let cursor: string | undefined
    for (let page = 0; page < 20; page++) {
      const result = await client.callTool({
        name: 'listAccounts',
        arguments: cursor === undefined ? {} : { resultCursor: cursor },
      })
      const { result: items = [] } = result.structuredContent as { result?: unknown[] }
      seen.push(...items)
      const note = JSON.stringify(result.content)
      expect(note).toMatch(/These are items \d+ to \d+ of 100/)
      cursor = /"resultCursor\\": \\"(\d+)\\"/.exec(note)?.[1]
      if (cursor === undefined) break
    }
    expect(seen).toEqual(all)
  })

  it('that changed something is cut where it is long, and not to be repeated for the rest', async () => {
    const own = await app(document, { mcp: { operations: ['pay'], maxResultBytes: 1_200 } })
    const all = Array.from({ length: 100 }, (_, n) => ({ accountId: `A${n}` }))
    own.facade.answers.set('pay', () => json({ accountId: 'A', all }))
    const args = { body: { accountId: 'A' } }
    const { content } = await (await own.connect()).callTool({ name: 'pay', arguments: args })
    expect(JSON.stringify(content)).toMatch(/These are items 1 to \d+ of 100.*do not repeat/)
    expect(JSON.stringify(content)).not.toContain('resultCursor')
  })

  it('that is long and has no list is refused, not cut', async () => {
    const own = await app(document, { mcp: { maxResultBytes: 1_024 } })
    own.facade.answers.set('getAccount', () => json({ accountId: 'A'.repeat(2_000) }))
    const result = await (await own.connect()).callTool({ name: 'getAccount', arguments: { accountId: 'A' } })
    expect([result.isError, JSON.stringify(result.content)]).toEqual([
      true,
      expect.stringContaining('ask for less'),
    ])
  })

  it('is ended when the client hangs up', async () => {
    const own = await app(document)
    const leave = new AbortController()
    const ended = new Promise<boolean>((resolve) => {
      own.facade.answers.set('getAccount', ({ signal }) => {
        signal?.addEventListener('abort', () => {
          resolve(true)
        })
        leave.abort()
        return new Promise(() => undefined)
      })
    })
    const call = fetch(own.url, {
      method: 'POST',
      signal: leave.signal,
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"getAccount","arguments":{"accountId":"A"}}}',
    })
    await expect(call).rejects.toThrow()
    expect(await ended).toBe(true)
  })

  it.each(['legacy', 'auto'] as const)('is ended when the client cancels it: %s', async (mode) => {
    const own = await app(document)
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
    await client.connect(new StreamableHTTPClientTransport(new URL(own.url)))
    const cancel = new AbortController()
    const ended = new Promise<boolean>((resolve) => {
      own.facade.answers.set('getAccount', ({ signal, request: { path } }) => {
        if (path.accountId !== 'A1') return json({ accountId: 'A2' })
        signal?.addEventListener('abort', () => {
          resolve(true)
        })
        cancel.abort()
        return new Promise(() => undefined)
      })
    })
    const call = client.callTool(
      { name: 'getAccount', arguments: { accountId: 'A1' } },
      { signal: cancel.signal },
    )
    await expect(call).rejects.toThrow()
    expect(await ended).toBe(true)
    const after = await client.callTool({ name: 'getAccount', arguments: { accountId: 'A2' } })
    expect(after.structuredContent).toEqual({ accountId: 'A2' })
    await client.close()
  })

  it('is not ended by a client of another session', async () => {
    const own = await app(document)
    let answer = (): void => undefined
    const arrived = new Promise<void>((resolve) => {
      own.facade.answers.set('getAccount', () => {
        resolve()
        return new Promise((give) => {
          answer = () => {
            give(json({ accountId: 'A' }))
          }
        })
      })
    })
    const client = await own.connect()
    const call = client.callTool({ name: 'getAccount', arguments: { accountId: 'A' } })
    await arrived
    for (const session of ['', '00000000-0000-0000-0000-000000000000']) {
      for (let id = 0; id < 5; id++) {
        await fetch(own.url, {
          method: 'POST',
          headers: {
            ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
            'mcp-session-id': session,
          },
          body: `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}`,
        })
      }
    }
    answer()
    expect((await call).structuredContent).toEqual({ accountId: 'A' })
  })

  it('is logged and audited by its operation, with the protocol and the client', async () => {
    const entries: object[] = []
    const audit = { record: (entry: object) => entries.push(entry), close: () => undefined }
    const own = await app(document, { audit })
    own.facade.answers.set('getAccount', () => json({ accountId: 'A' }))
    await (await own.connect()).callTool({ name: 'getAccount', arguments: { accountId: 'A' } })
    expect(entries).toMatchObject([{ face: 'mcp', operationId: 'getAccount', method: 'GET', status: 200 }])
    expect(own.logLines).toContainEqual(expect.objectContaining({ face: 'mcp', operationId: 'getAccount' }))
  })
})

it('lets pages of configured origins call, and no others', async () => {
  const origins = ['https://app.example']
  const own = await app(document, { corsOrigins: origins, mcp: { origins } })
  own.facade.answers.set('getAccount', () => json({ accountId: 'A' }))
  const preflight = await fetch(own.url, {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
  })
  expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
    204,
    expect.stringContaining('MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id') as string,
  ])
  const post = (origin: string) =>
    fetch(own.url, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"getAccount","arguments":{"accountId":"A"}}}',
    })
  const allowed = await post('https://app.example')
  expect([allowed.status, allowed.headers.get('access-control-expose-headers')]).toEqual([
    200,
    expect.stringContaining('Mcp-Session-Id') as string,
  ])
  expect((await post('https://evil.example')).status).toBe(403)
  expect(own.facade.calls).toHaveLength(1)
})

it('serves fifty clients at once', async () => {
  const own = await app(document)
  own.facade.answers.set('getAccount', ({ request: { path } }) => json({ accountId: path.accountId ?? '' }))
  const clients = await Promise.all(Array.from({ length: 50 }, () => own.connect()))
  const answers = await Promise.all(
    clients.map((client, n) => client.callTool({ name: 'getAccount', arguments: { accountId: `A${n}` } })),
  )
  expect(answers.map(({ structuredContent }) => structuredContent)).toEqual(
    clients.map((_, n) => ({ accountId: `A${n}` })),
  )
})
