import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { loadAdapter, type RestOperation } from '../../../src/index.js'
import { type Run, Soapstone } from '../soapstone.js'

// A command loads a contract, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

const root = fileURLToPath(new URL('../../../', import.meta.url))
let soapstone: Soapstone
let folder: string
beforeAll(() => {
  soapstone = new Soapstone('commands')
  folder = mkdtempSync(join(tmpdir(), 'soapstone-'))
})
afterAll(() => {
  soapstone.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const run = (args: readonly string[], stdin?: string): Promise<Run> =>
  soapstone.run(args, stdin === undefined ? {} : { stdin })

describe('exit codes and messages', () => {
  it.each<[string, readonly string[], number, RegExp, string?]>([
    ['no command', [], 2, /Usage: soapstone/],
    ['an unknown operation', ['sample', 'nothing'], 2, /has:\n {2}getCustomer\n/],
    ['a mistaken operation', ['sample', 'getKustomer'], 2, /Did you mean getCustomer\?/],
    ['a missing WSDL', ['simulate', 'nope.wsdl'], 1, /nope\.wsdl:1: error file-unreadable/],
    ['a request that is not JSON', ['encode', 'getAccount'], 1, /line 2, column 11: /, '{\n  "path": nope}'],
    ['a request that does not fit', ['encode', 'createPayment'], 1, /\n {2}\/\w+: /, '{"body": {}}'],
    ['a response that is not SOAP', ['decode', 'getAccount'], 1, /backend-not-soap/, '<html/>'],
  ])('%s', async (_what, args, code, message, stdin) => {
    const found = await run(args, stdin)
    expect(found.stderr).toMatch(message)
    expect(found.stderr).not.toMatch(/^ +at /m)
    expect(found.stdout).toBe('')
    expect(found.code).toBe(code)
  })

  it('help that was asked for is not an error', async () => {
    const { code, stdout, stderr } = await run(['--help'])
    expect(stdout).toMatch(/^Usage: soapstone /)
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it('a setting that cannot be used stops serve, and all are named', async () => {
    const env = { PORT: 'many', LOG_LEVEL: 'loud' }
    const { code, stderr } = await soapstone.run(['serve'], { env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/LOG_LEVEL must be[^]*PORT must be/)
  })
})

async function loadOperation(id: string): Promise<RestOperation> {
  const operation = (await loadAdapter({ contract: `${root}openapi.yaml` })).operations.get(id)
  if (!operation) throw new Error(`no operation ${id}`)
  return operation
}

describe('sample, encode and decode in pipes', () => {
  it.each(['createLoanApplication'])('%s gives what the library gives', async (id) => {
    const operation = await loadOperation(id)
    const { url, headers, body } = operation.encode(operation.sample({ optionals: 'all' }))
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    const sampled = await run(['sample', id])
    const encoded = await run(['encode', id, '--headers'], sampled.stdout)
    expect(encoded.stdout).toBe(`POST ${url}\n${lines.join('\n')}\n\n${String(body)}\n`)

    const response = (await loadOperation(id)).sampleResponse({ optionals: 'none' })
    const answer = await run(['sample', id, '--response', '--optionals', 'none'])
    expect(answer.stdout).toBe(`${String(response.body)}\n`)
    const decoded = await run(['decode', id], answer.stdout)
    const json = String(operation.decode(response).body)
    expect(decoded.stdout).toBe(json === '' ? '' : `${json}\n`)
  })

  it('a declared fault decodes to its problem document', async () => {
    const simulator = soapstone.start([
      ...['simulate', 'wsdl/banking/core-banking.wsdl', '--port', '0'],
      ...['--fault', 'GetAccount=AccountNotFoundFault'],
    ])
    const [url = ''] = await simulator.printed(/^http\S+/)
    const { stdout } = await run(['encode', 'getAccount'], '{"path": {"accountId": "AC-00000101"}}')
    const headers = { 'content-type': 'text/xml' }
    const answer = await fetch(url, { method: 'POST', headers, body: stdout })
    expect(answer.status).toBe(500)
    const decoded = await run(['decode', 'getAccount', '--status', '500', '--headers'], await answer.text())
    expect(decoded.stdout).toMatch(
      /^404\ncontent-type: application\/problem\+json\n\n\{"type":.*AccountNotFoundFault/,
    )
    expect(decoded.code).toBe(0)
    expect(await simulator.stop('SIGINT')).toBe(0)
    expect(simulator.stderr).toBe('')
  })
})

/** Each on one line of its own in the contract, and each a mistake of its own. */
const mistakes: readonly [written: string, wrong: string][] = [
  ['operation: GetCustomer', 'operation: GetKustomer'],
  ['operation: ListAccounts', 'operation: ListAccount'],
  ['faults: { PaymentNotFoundFault: 404 }', 'faults: { PaymentMissingFault: 404 }'],
  ['faults: { LoanNotFoundFault: 404 }', 'faults: { LoanNotFoundFault: 200 }'],
  ['backend: patient-registry', 'backend: patients'],
  ['timeoutMs: 8000', 'timeoutMs: soon'],
]

describe('check', () => {
  it('says that the contract is good', async () => {
    const { code, stdout } = await run(['check'])
    expect(stdout).toMatch(/openapi\.yaml: 38 operations over 3 backends, 0 errors/)
    expect(code).toBe(0)
  })

  it('reports every mistake of a broken contract, with its line', async () => {
    const directory = join(folder, 'broken')
    cpSync(`${root}wsdl`, join(directory, 'wsdl'), { recursive: true })
    let text = readFileSync(`${root}openapi.yaml`, 'utf8')
    for (const [written, wrong] of mistakes) {
      expect(text, written).toContain(`${written}\n`)
      text = text.replace(`${written}\n`, () => `${wrong}\n`)
    }
    const contract = join(directory, 'openapi.yaml')
    writeFileSync(contract, text)
    const lines = text.split('\n')

    const { code, stdout } = await run(['check', '--contract', contract])
    expect(code).toBe(1)
    const reported = [...stdout.matchAll(/^openapi\.yaml:(\d+)(?::\d+)?: error /gm)].map(([, line]) =>
      Number(line),
    )
    for (const [, wrong] of mistakes) {
      const line = lines.findIndex((each) => each.endsWith(wrong)) + 1
      // A value that is a map begins one line below its key, or on it.
      expect(
        reported.some((found) => Math.abs(found - line) <= 1),
        `${wrong} at ${line}\n${stdout}`,
      ).toBe(true)
    }
    expect(stdout).toMatch(/: [1-9]\d* errors, \d+ warnings?, \d+ notes?\n$/)

    const served = await run(['serve', '--contract', contract])
    expect(served.code).toBe(1)
    expect(served.stderr.match(/: error /g)).toHaveLength(reported.length)
  })

  it('writes for people, with colours on a terminal, or for programs', async ({ skip }) => {
    const bad = join(folder, 'bad.yaml')
    writeFileSync(
      bad,
      'openapi: 3.1.0\ninfo: {title: x, version: "1"}\nx-soap-backends: {a: {wsdl: nope.wsdl}}\npaths: {}\n',
    )
    const command = `${process.execPath} ${soapstone.main} check -c ${bad}`
    const onTerminal = (env: Record<string, string>) =>
      spawnSync('script', ['-qec', command, '/dev/null'], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, TERM: 'xterm', ...env },
      })
    const coloured = onTerminal({})
    if (coloured.error) skip('script(1) is not installed')
    expect(coloured.stdout).toContain('\u001b[31merror')
    expect(onTerminal({ NO_COLOR: '1' }).stdout).not.toContain('\u001b[')
    const json = await run(['check', '-c', bad, '--json'])
    expect(json.code).toBe(1)
    const { diagnostics } = JSON.parse(json.stdout) as { diagnostics: { code: string }[] }
    expect(diagnostics.map(({ code }) => code)).toContain('file-unreadable')
  })
})

describe('import', () => {
  const wsdl = 'wsdl/banking/lending.wsdl'

  it('writes a contract that check finds good, and tells people what it did', async () => {
    const output = join(root, 'node_modules/.cache/soapstone-test-commands/imported.yaml')
    const { code, stdout, stderr } = await run(['import', wsdl, '--output', output])
    expect(code).toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^\d+ operations\n {2}[A-Z]+ \/\S* +\w+\n/)
    const checked = await run(['check', '--contract', output])
    expect(checked.stdout).toMatch(/ 0 errors/)
    expect(checked.code).toBe(0)
  })

  it('writes the same document as YAML and as JSON', async () => {
    const options = ['--base-path', '/lending', '--operations', 'Get*', '--style', 'rpc']
    const yaml = await run(['import', wsdl, ...options])
    const json = await run(['import', wsdl, ...options, '--json'])
    const document = JSON.parse(json.stdout) as { paths: Record<string, object> }
    expect(parse(yaml.stdout)).toEqual(document)
    expect(yaml.stdout).toMatch(/^openapi: 3\.1\.0\n[^]*url: \/lending\n/)
    const methods = Object.values(document.paths).map((path) => Object.keys(path).join())
    expect(methods).toEqual(['post', 'post', 'post'])
  })

  it('says why it cannot', async () => {
    const { code, stdout, stderr } = await run(['import', wsdl, '--port', 'Nope'])
    expect(stderr).toMatch(/LendingService\/LendingPort/)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})

describe('README.md', () => {
  it('has an example of the library that runs', async () => {
    const simulator = soapstone.start(['simulate', 'wsdl/banking/core-banking.wsdl', '--port', '0'])
    const [url = ''] = await simulator.printed(/^http\S+/)
    const readme = readFileSync(`${root}README.md`, 'utf8')
    const example = /```ts\n([^]*?)```/.exec(readme)?.[1] ?? ''
    const here = example
      .replace('http://127.0.0.1:8090/core-banking/v3', url)
      .replace('listen(3000)', 'listen(0)')
    expect(here).toContain(url)
    const { code, stdout, stderr } = await soapstone.runModule(here)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/<n1:GetAccount>[^]*status: 200,[^]*status: 200,[^]*\n0 (\d+) \1\n$/)
    expect(code).toBe(0)
    await simulator.stop()
  })
})

const OPEN = { AUTHENTICATION: 'off', ADMIN_PORT: '0' }

describe('serve', () => {
  it('does not start where nobody could call', async () => {
    const { code, stderr } = await run(['serve', '--port', '0'])
    expect(code).toBe(1)
    const found = stderr.match(
      /^openapi\.yaml:\d+:\d+: error security-unconfigured: .*configure API_KEYS_FILE\.$/gm,
    )
    expect(found).toEqual([expect.stringContaining('and 37 others ask for credentials')])
  })

  it('serves until SIGTERM', async () => {
    const serving = soapstone.start(['serve', '--port', '0'], { env: OPEN })
    const [, url = ''] = await serving.printed(/"url":"([^"]+)"/)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await serving.stop()).toBe(0)
    for (const line of serving.stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level')
    await expect(fetch(`${url}/readyz`)).rejects.toThrow()
  })

  it('a port that is taken is not a crash', async () => {
    const other = createServer().listen(0)
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, stderr } = await soapstone.run(['serve', '--port', String(port)], { env: OPEN })
    expect(stderr).toMatch(/The TCP port is taken/)
    expect(code).toBe(1)
    other.close()
  })
})
