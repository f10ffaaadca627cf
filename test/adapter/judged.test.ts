import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Adapter, compileContract } from '../../src/adapter/adapter.js'
import type { RestOperation } from '../../src/adapter/rest.js'

const examples = readdirSync('examples').flatMap((name) => {
  const contract = `examples/${name}/openapi.yaml`
  // Those with keys of their own need files that are made when they run.
  return existsSync(contract) && !readFileSync(contract, 'utf8').includes('_KEY}') ? [contract] : []
})
const contracts = ['openapi.yaml', 'bench/contract/openapi.yaml', ...examples]

/** The variables that a contract names, which have to be there. */
function environmentOf(contract: string): Record<string, string> {
  const names = [...readFileSync(contract, 'utf8').matchAll(/\$\{([A-Z_]+)/g)].map(([, name = '']) => name)
  return Object.fromEntries(
    names.map((name) => [name, name.endsWith('_URL') ? 'http://127.0.0.1:1/' : '0123456789abcdef']),
  )
}

const SAID = [
  ...(['operationId', 'method', 'path', 'backend', 'idempotency', 'cache'] as const),
  ...(['isIdempotent', 'mcp', 'takesBytes', 'soapOperation'] as const),
]

/** All that an operation says of itself, and what it makes of its own samples. */
function facts(operation: RestOperation): unknown {
  const both = (['all', 'none'] as const).map((optionals) => {
    const request = operation.sample({ optionals })
    const response = operation.sampleResponse({ optionals })
    return {
      request,
      response,
      envelope: attempt(() => operation.encode(request)),
      json: attempt(() => operation.decode(response)),
    }
  })
  return { said: SAID.map((name) => [name, operation[name]]), both, examples: operation.examples?.() }
}

function attempt<T>(act: () => T): T | string {
  try {
    return act()
  } catch (error) {
    return String(error)
  }
}

/** What differs from call to call. */
const settled = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each)).replace(
    /uuid:[0-9a-f-]{36}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g,
    '…',
  )

const factsOf = ({ operations, document, protocols }: Adapter) => ({
  document,
  protocols: [...protocols],
  operations: [...operations.values()].map((operation) => settled(facts(operation))),
})

describe('a contract that was judged before', () => {
  test.each(contracts)('serves what it serves without: %s', async (contract) => {
    const env = environmentOf(contract)
    const adapters = [false, true].map((isJudged) => compileContract({ contract, env, isJudged }))
    const [before, judged] = adapters.map(factsOf)
    expect(judged).toEqual(before)
    await Promise.all(adapters.map((adapter) => adapter.close()))
  })

  test('is joined when an operation is asked for, in any order', async () => {
    const adapters = [false, true].map((isJudged) => compileContract({ contract: 'openapi.yaml', isJudged }))
    const [before = [], judged = []] = adapters.map(({ operations }) => [...operations.values()])
    const backwards = [...judged].reverse().map((operation) => settled(facts(operation)))
    expect(backwards.reverse()).toEqual(before.map((operation) => settled(facts(operation))))
    await Promise.all(adapters.map((adapter) => adapter.close()))
  })

  test.each([
    ['an operation', '', ", request: { To: '${BRANCH}' }"],
    ['all operations of a backend', ", headers: { Branch: '${BRANCH}' }", ''],
  ])('is judged by what the environment gives %s', (_whose, ofBackend, ofOperation) => {
    const folder = mkdtempSync(join(tmpdir(), 'judged-'))
    const contract = join(folder, 'openapi.yaml')
    const example = (file: string): string => readFileSync(`examples/minimal/${file}`, 'utf8')
    const wsdl = example('rates.wsdl')
      .replace('"To" type="xs:string"', '"To" type="xs:int"')
      .replace('<xs:element name="GetRate">', '<xs:element name="Branch" type="xs:int"/>$&')
      .replace('<portType', '<message name="Branch"><part name="branch" element="t:Branch"/></message>$&')
      .replace('<soap:body', '<soap:header message="t:Branch" part="branch" use="literal"/>$&')
    const openapi = example('openapi.yaml')
      .replace("'${RATES_URL}'", `'http://127.0.0.1:1/'${ofBackend}`)
      .replace('operation: GetRate', `$&${ofOperation}`)
    const isTo = ofOperation === '' ? openapi.replace(/(name: to.*)string/, '$1integer') : openapi
    writeFileSync(join(folder, 'rates.wsdl'), wsdl)
    writeFileSync(
      contract,
      ofOperation === '' ? isTo : isTo.replace('/{to}', '').replace(/.*name: to.*\n/, ''),
    )
    const load = (isJudged: boolean, branch: string) => () =>
      compileContract({ contract, env: { BRANCH: branch }, isJudged })
    for (const isJudged of [false, true]) {
      expect(load(isJudged, '12')).not.toThrow()
      expect(load(isJudged, 'twelve')).toThrow('must be a valid xs:int')
    }
    rmSync(folder, { recursive: true })
  })
})
