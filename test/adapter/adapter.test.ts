import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkContract, compileContract } from '../../src/adapter/adapter.js'
import { ContractError } from '../../src/base/errors.js'
import type { OpenApiObject } from '../../src/openapi/document.js'
import { readContract, root } from '../oracle/contracts.js'
import { openapi, operationOf, request, wsdl } from './contract.js'

const directory = mkdtempSync(join(tmpdir(), 'adapter-'))
afterAll(() => {
  rmSync(directory, { recursive: true })
})

/** Both contracts in a directory of their own. */
function place(document: string, name = 'api.yaml'): string {
  const home = mkdtempSync(join(directory, 'c-'))
  mkdirSync(join(home, 'soap'))
  writeFileSync(join(home, 'w.wsdl'), wsdl)
  writeFileSync(join(home, 'soap/w.wsdl'), wsdl)
  writeFileSync(join(home, name), document)
  return join(home, name)
}

function errorOf(act: () => unknown): ContractError {
  try {
    act()
  } catch (error) {
    if (error instanceof ContractError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a contract', () => {
  test('compiles to operations, a base path, backends and the document that clients see', () => {
    const adapter = compileContract({ contract: place(openapi), env: {} })
    expect([...adapter.operations.values()].map((o) => [o.operationId, o.method, o.path, o.backend])).toEqual(
      [
        ['store', 'put', '/things/{id}', 'warehouse'],
        ['total', 'get', '/totals/{id}', 'warehouse'],
        ['poke', 'post', '/pokes/{id}', 'warehouse'],
      ],
    )
    expect(adapter.basePath).toBe('/v1')
    expect(adapter.backends()).toMatchObject([{ name: 'warehouse', breaker: 'closed', inFlight: 0 }])
    expect(JSON.stringify(adapter.document)).not.toContain('x-soap')
    expect(adapter.diagnostics).toEqual([])
    expect(() => {
      adapter.warmUp()
    }).not.toThrow()
  })

  test('is the same where it is given as an object', () => {
    const path = place(openapi)
    const adapter = compileContract({
      contract: parse(openapi) as OpenApiObject,
      baseDir: join(path, '..'),
      env: {},
    })
    expect([...adapter.operations.keys()]).toEqual(['store', 'total', 'poke'])
  })

  test('finds WSDLs below another directory where it is told so', () => {
    const path = place(openapi)
    const adapter = compileContract({ contract: path, baseDir: join(path, '../soap'), env: {} })
    expect(adapter.operations.size).toBe(3)
  })

  test('as an object is a copy of its own: neither it nor what is published changes with the other', () => {
    const contract = readContract()
    const adapter = compileContract({ contract, baseDir: root, env: {} })
    const [given, published] = [contract, adapter.document].map((document) => JSON.stringify(document))
    const { info } = adapter.document as { readonly info: { title: string } }
    info.title = 'Another title'
    expect(JSON.stringify(contract)).toBe(given)
    info.title = (contract as unknown as { readonly info: { title: string } }).info.title
    for (const member of Object.keys(contract)) Object.assign(contract, { [member]: 'another' })
    expect(JSON.stringify(adapter.document)).toBe(published)
  })

  test('is told without what is not published of it', () => {
    const { contract } = compileContract({ contract: place(openapi), env: {} })
    expect(JSON.stringify(contract)).not.toContain('x-soap')
  })

  test('as an object is not changed', () => {
    const contract = readContract()
    const before = JSON.stringify(contract)
    compileContract({ contract, baseDir: root, env: {} })
    expect(JSON.stringify(contract)).toBe(before)
  })

  test('takes endpoints from the environment', () => {
    const document = openapi.replace('{ wsdl: w.wsdl }', '{ wsdl: w.wsdl, endpoint: "${W_URL}" }')
    const adapter = compileContract({ contract: place(document), env: { W_URL: 'https://w.example/soap' } })
    expect(operationOf(adapter, 'poke').encode(request({ path: { id: '1' } })).url).toBe(
      'https://w.example/soap',
    )
  })
})

describe('a contract that cannot be honoured', () => {
  const broken = openapi
    .replace('FullFault: 409', 'EmptyFault: 409')
    .replace('Place/Shelf', 'Place/Rack')
    .replace('type: integer } }\n        - { name: weight', 'type: boolean } }\n        - { name: weight')

  test('is refused with everything that is wrong with it, and where', () => {
    const error = errorOf(() => compileContract({ contract: place(broken), env: {} }))
    expect(new Set(error.diagnostics.map(({ code }) => code))).toEqual(
      new Set(['fault-unknown', 'member-unknown', 'schema-mismatch']),
    )
    for (const { at } of error.diagnostics) expect(at).toMatchObject({ file: 'api.yaml' })
    expect(error.message).toMatch(/^api\.yaml:\d+:\d+: error [a-z-]+: /m)
  })

  test('is checked without a throw', () => {
    const { diagnostics, document } = checkContract({ contract: place(broken), env: {} })
    expect(document).toBeDefined()
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toHaveLength(3)
  })

  test.each([
    ['a file that is not there', '/nowhere/api.yaml'],
    ['a directory', directory],
  ])('%s', (_, contract) => {
    expect(checkContract({ contract, env: {} }).diagnostics.map(({ code }) => code)).toEqual([
      'contract-unreadable',
    ])
    expect(errorOf(() => compileContract({ contract, env: {} })).diagnostics).toHaveLength(1)
  })

  test('a WSDL outside the directory of the contract is not read', () => {
    const document = openapi.replace('wsdl: w.wsdl', 'wsdl: ../../../../../../etc/passwd')
    const error = errorOf(() => compileContract({ contract: place(document), env: {} }))
    expect(error.message).not.toContain('root:')
  })
})
