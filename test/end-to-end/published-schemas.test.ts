import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SchemaViolation, startPrism, type ValidatingProxy, violationsOf } from '../oracle/prism.js'
import { deploy, type Deployment } from './deployment.js'
import { provocations } from './provocations.js'
import { walkthrough } from './walkthrough.js'

/** Milliseconds for what Prism takes part in; its start alone takes some seconds. */
const SLOW = 120_000

const directory = mkdtempSync(join(tmpdir(), 'prism-'))
let deployment: Deployment
let server: Server
let prism: ValidatingProxy

beforeAll(async () => {
  deployment = await deploy()
  server = createServer(deployment.app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const path = join(directory, 'openapi.json')
  writeFileSync(path, await (await fetch(`${upstream}/openapi.json`)).text())
  prism = await startPrism(path, upstream)
}, SLOW)

afterAll(async () => {
  await prism.close()
  server.close()
  server.closeAllConnections()
  await deployment.close()
  rmSync(directory, { recursive: true })
})

/** Prism cuts recursive schemas short: of the second `CodedValue` in another it knows no member. */
function isCutShort({ location, code }: SchemaViolation): boolean {
  return location.includes('translations') && code === 'additionalProperties'
}

async function send(method: string, path: string, body: object | undefined) {
  const response = await fetch(`${prism.url}${path}`, {
    method,
    headers: { 'x-api-key': 'any', ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  await response.text()
  return { response, violations: violationsOf(response.headers).filter((one) => !isCutShort(one)) }
}

describe('Prism, which knows the published document and nothing else, finds nothing wrong with', () => {
  it(
    'every operation, when it succeeds',
    async () => {
      expect(new Set(walkthrough.map(({ operationId }) => operationId))).toEqual(
        new Set(deployment.adapter.operations.keys()),
      )
      const found: object[] = []
      let location = ''
      for (const { operationId, method, path, body, status } of walkthrough) {
        const { response, violations } = await send(method, path.replace('*', location), body)
        location = response.headers.get('location')?.replace(/^\/v1/, '') ?? location
        if (response.status !== status || violations.length > 0) {
          found.push({ operationId, path, expected: status, status: response.status, violations })
        }
      }
      expect(found).toEqual([])
    },
    SLOW,
  )

  it(
    'every declared fault',
    async () => {
      const found: object[] = []
      for (const [operationId, fault, method, path, body] of provocations) {
        const { response, violations } = await send(method.toUpperCase(), path, body)
        if (response.status < 400 || violations.length > 0) {
          found.push({ operationId, fault, status: response.status, violations })
        }
      }
      expect(found).toEqual([])
    },
    SLOW,
  )

  it('problems of our own', async () => {
    const undeclared = await send('GET', '/accounts/AC-00000500', undefined)
    expect([undeclared.response.status, undeclared.violations]).toEqual([502, []])
    const missing = await send('GET', '/accounts/AC-00000101/transactions/1', undefined)
    expect([missing.response.status, missing.violations]).toEqual([404, []])
    const invalid = await send('GET', '/accounts/AC-1', undefined)
    expect(invalid.response.status).toBe(400)
    expect(invalid.violations.map(({ location }) => location[0])).toEqual(['request'])
  })
})
