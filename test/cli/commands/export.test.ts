import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'graphql'
import { load } from 'js-yaml'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { root } from '../../oracle/contracts.js'
import { runInProcess } from '../in-process.js'

const CONTRACT = `openapi: 3.1.0
info: { title: A, version: '1' }
servers: [{ url: /v1 }]
x-soap-backends: { core: { wsdl: absent.wsdl } }
paths: {}
components:
  schemas:
    A:
      type: [object, 'null']
      propertyNames: { maxLength: 9 }
`

let folder: string
let contract: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'export-'))
  contract = join(folder, 'api.yaml')
  writeFileSync(contract, CONTRACT)
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})
afterEach(() => {
  vi.unstubAllEnvs()
})

it('writes the document as clients get it, in YAML, and says nothing', async () => {
  const { code, stdout, stderr } = await runInProcess('export', '--contract', contract)
  expect(code).toBe(0)
  expect(stderr).toMatch(/note export-incomplete: The contract cannot be served here/)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(load(stdout)).toEqual(load(CONTRACT.replace(/^x-soap.*\n/m, '')))
})

it('writes the GraphQL schema', async () => {
  const { code, stdout } = await runInProcess('export', '-c', contract, '--format', 'graphql')
  expect(code).toBe(0)
  expect(parse(stdout).definitions.length).toBeGreaterThan(0)
  expect(stdout).toContain('type Query {')
})

it('writes OpenAPI 3.0 in JSON to a file, and what it cannot say to stderr', async () => {
  const output = join(folder, 'out.json')
  const { code, stdout, stderr } = await runInProcess(
    ...['export', '-c', contract, '--openapi', '3.0', '--format', 'json', '--output', output],
  )
  expect([code, stdout]).toEqual([0, ''])
  expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({
    openapi: '3.0.3',
    components: { schemas: { A: { type: 'object', nullable: true } } },
  })
  expect(stderr).toMatch(
    /^api\.yaml:10:7: note openapi-inexact: \/components\/schemas\/A\/propertyNames: `propertyNames` is left out/m,
  )
  expect(stderr.trim().split('\n')).toHaveLength(2)
})

it('has what the service adds, examples of faults too, where the contract can be served', async () => {
  const { code, stdout, stderr } = await runInProcess(
    'export',
    '-c',
    `${root}openapi.yaml`,
    '--format',
    'json',
  )
  expect([code, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout)).toMatchObject({
    components: {
      responses: {
        AccountNotFound: {
          content: {
            'application/problem+json': {
              example: { status: 404, code: 'AccountNotFoundFault', fault: { accountId: 'AC-00000101' } },
            },
          },
        },
        TooManyRequests: {},
      },
    },
  })
})

it.each([
  ['the option', ['--public-url', 'https://api.bank.example'], ''],
  ['the setting', [], 'https://api.bank.example'],
])('takes the public URL from %s', async (_, args, variable) => {
  vi.stubEnv('PUBLIC_URL', variable)
  const { stdout } = await runInProcess('export', '-c', contract, ...args)
  expect((load(stdout) as { servers: unknown }).servers).toEqual([{ url: 'https://api.bank.example/v1' }])
})

it('refuses what is not a URL, no version and no contract', async () => {
  const bad = [
    ['--public-url', 'bank'],
    ['--openapi', '2.0'],
  ]
  for (const args of bad) expect((await runInProcess('export', '-c', contract, ...args)).code).toBe(2)
  const absent = await runInProcess('export', '-c', join(folder, 'absent.yaml'))
  expect([absent.code, absent.stderr]).toEqual([1, expect.stringContaining('contract-unreadable')])
})
