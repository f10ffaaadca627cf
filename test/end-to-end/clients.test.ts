import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../oracle/contracts.js'
import { deploy, type Deployment } from './deployment.js'
import { walkthrough } from './walkthrough.js'

const run = promisify(execFile)
/** Milliseconds for generators and compilers on a machine that has others to serve. */
const SLOW = 300_000

const directory = mkdtempSync(join(tmpdir(), 'clients-'))
let deployment: Deployment
let server: Server
let url: string

beforeAll(async () => {
  deployment = await deploy()
  server = createServer(deployment.app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  writeFileSync(join(directory, 'openapi.json'), await (await fetch(`${url}/openapi.json`)).text())
}, SLOW)

afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await deployment.close()
  rmSync(directory, { recursive: true })
})

const program = (name: string, ...args: readonly string[]) =>
  run(join(root, 'node_modules/.bin', name), args, { cwd: directory, maxBuffer: 100_000_000 })

/** Compiles a client to JavaScript, as strictly as TypeScript can. @returns the folder */
async function compiled(folder: string, entry: string, ...more: readonly string[]): Promise<string> {
  const options = [
    ...['--strict', '--noUncheckedIndexedAccess', '--target', 'es2022', '--lib', 'es2023,dom,dom.iterable'],
    ...['--module', 'esnext', '--moduleResolution', 'bundler', '--types', 'node', '--skipLibCheck', 'false'],
  ]
  try {
    await program('tsc', ...options, ...more, '--outDir', `${folder}-js`, entry)
  } catch (error) {
    throw new Error(String((error as { stdout?: string }).stdout), { cause: error })
  }
  return join(directory, `${folder}-js`)
}

interface Answered {
  readonly operationId: string
  readonly status: number
  readonly location: string | null
}

/** A call as all clients get it: by operation, with its parameters by where they stand. */
interface Asked {
  readonly operationId: string
  readonly template: string
  readonly method: string
  readonly path: Record<string, string>
  readonly query: Record<string, string | string[]>
  readonly body?: object
}

/** The calls of the walkthrough; those that follow a Location get it from the response before. */
function askedOf(step: (typeof walkthrough)[number], location: string): Asked {
  const [path = '', search = ''] = step.path.replace('*', location).split('?')
  const operation = deployment.adapter.operations.get(step.operationId)
  const template = operation?.path ?? ''
  const pattern = new RegExp(`^${template.replace(/\{([^}]+)\}/g, '(?<$1>[^/]+)')}$`)
  const query: Record<string, string | string[]> = {}
  for (const [name, value] of new URLSearchParams(search)) {
    const before = query[name]
    query[name] = before === undefined ? value : [before, value].flat()
  }
  return {
    ...{ operationId: step.operationId, template, method: step.method, query },
    path: { ...pattern.exec(path)?.groups },
    ...(step.body && { body: step.body }),
  }
}

/** Has a client call every operation, in the order in which they succeed on fresh backends. */
async function walk(call: (asked: Asked) => Promise<Response>): Promise<Answered[]> {
  const answers: Answered[] = []
  let location = ''
  for (const step of walkthrough) {
    const response = await call(askedOf(step, location))
    location = response.headers.get('location')?.replace(/^\/v1/, '') ?? location
    answers.push({ operationId: step.operationId, status: response.status, location })
  }
  return answers
}

const expected = () => walkthrough.map(({ operationId, status }) => [operationId, status])

/** Fresh backends for each client: a walkthrough changes them. */
async function fresh(): Promise<{ readonly base: string; close(): Promise<void> }> {
  const own = await deploy()
  const listening = createServer(own.app).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  return {
    base: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/v1`,
    close: async () => {
      listening.close()
      listening.closeAllConnections()
      await own.close()
    },
  }
}

async function judged(call: (base: string) => (asked: Asked) => Promise<Response>): Promise<void> {
  const backend = await fresh()
  try {
    const answers = await walk(call(backend.base))
    expect(answers.map(({ operationId, status }) => [operationId, status])).toEqual(expected())
    expect(new Set(answers.map(({ operationId }) => operationId)).size).toBe(
      deployment.adapter.operations.size,
    )
  } finally {
    await backend.close()
  }
}

describe('clients that are generated from the served document, strictly compiled, call every operation', () => {
  it(
    'openapi-typescript and openapi-fetch',
    async () => {
      await program('openapi-typescript', `${url}/openapi.json`, '-o', 'fetch/api.ts')
      writeFileSync(
        join(directory, 'fetch/client.ts'),
        `import createClient from 'openapi-fetch'
import type { paths } from './api.js'
export const clientOf = (baseUrl: string) => createClient<paths>({ baseUrl })
export async function typed(baseUrl: string): Promise<string | undefined> {
  const { data, error } = await clientOf(baseUrl).GET('/accounts/{accountId}', { params: { path: { accountId: 'AC-00000101' } } })
  if (error) return error.code
  const closed: string | null = data.closedOn
  return closed ?? data.iban
}
`,
      )
      const folder = await compiled('fetch', 'fetch/client.ts', '--exactOptionalPropertyTypes')
      const { clientOf, typed } = (await import(join(folder, 'client.js'))) as {
        clientOf: (
          base: string,
        ) => Record<string, (path: string, init: object) => Promise<{ response: Response }>>
        typed: (base: string) => Promise<string>
      }
      expect(await typed(url)).toMatch(/^IE/)
      await judged((base) => async ({ method, template, path, query, body }) => {
        const send = clientOf(base)[method]
        if (!send) throw new Error(`no ${method}`)
        const { response } = await send(template, { params: { path, query }, ...(body && { body }) })
        return response
      })
    },
    SLOW,
  )

  it(
    '@hey-api/openapi-ts',
    async () => {
      await program(
        'openapi-ts',
        '-i',
        `${url}/openapi.json`,
        '-o',
        'hey',
        '-c',
        '@hey-api/client-fetch',
        '--silent',
      )
      const folder = await compiled('hey', 'hey/index.ts', 'hey/client.gen.ts')
      const operations = (await import(join(folder, 'index.js'))) as Record<
        string,
        (options: object) => Promise<{ response: Response }>
      >
      await judged((base) => async ({ operationId, path, query, body }) => {
        const call = operations[operationId]
        if (!call) throw new Error(`no ${operationId}`)
        const { response } = await call({ baseUrl: base, path, query, ...(body && { body }) })
        return response
      })
    },
    SLOW,
  )

  it(
    'swagger-typescript-api',
    async () => {
      await program(
        'swagger-typescript-api',
        'generate',
        '-p',
        'openapi.json',
        '-o',
        'sta',
        '-n',
        'api.ts',
        '--single-http-client',
        '--silent',
      )
      const folder = await compiled('sta', 'sta/api.ts')
      interface HttpClient {
        request(options: object): Promise<Response>
      }
      const { HttpClient: Client } = (await import(join(folder, 'api.js'))) as {
        HttpClient: new (options: { baseUrl: string }) => HttpClient
      }
      await judged((base) => ({ method, template, path, query, body }) => {
        const target = template.replace(/\{([^}]+)\}/g, (_, name: string) => path[name] ?? '')
        return new Client({ baseUrl: base })
          .request({ path: target, method, query, ...(body && { body, type: 'application/json' }) })
          .catch((error: unknown) => error as Response)
      })
    },
    SLOW,
  )
})
