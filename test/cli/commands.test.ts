import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { loadAdapter, type RestOperation } from '../../src/index.js'
import { type Run, Soapstone } from './soapstone.js'

// A command loads a contract, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

const root = fileURLToPath(new URL('../../', import.meta.url))
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

describe('help', () => {
  it.each(['serve', 'check', 'import', 'sample', 'encode', 'decode', 'simulate', 'demo'])(
    '%s --help explains with an example',
    async (command) => {
      const { code, stdout, stderr } = await run([command, '--help'])
      expect(stderr).toBe('')
      expect(code).toBe(0)
      expect(stdout).toMatch(new RegExp(`^Usage: soapstone ${command} `))
      expect(stdout).toMatch(/Examples?:\n {2}\$ /)
    },
  )

  it('lists every command and the exit codes', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/serve[^]*check[^]*import[^]*sample[^]*encode[^]*decode[^]*simulate[^]*demo/)
    expect(stdout).toMatch(/Exit codes:\n {2}0 /)
  })

  it('--version tells that of the package', async () => {
    const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: `${manifest.version}\n` })
  })
})

describe('what is wrong', () => {
  it.each<[string, readonly string[], number, RegExp, string?]>([
    ['an unknown command', ['serv'], 2, /unknown command 'serv'/],
    ['no command', [], 2, /Usage: soapstone/],
    ['an unknown option', ['check', '--nope'], 2, /unknown option '--nope'/],
    ['a missing argument', ['encode'], 2, /missing required argument 'operation'/],
    ['a port that is none', ['serve', '--port', 'x'], 2, /whole number from 0 to 65535/],
    ['a status that is none', ['decode', 'getAccount', '--status', '42'], 2, /from 100 to 599/],
    ['a fault that is not OP=FAULT', ['simulate', 'a.wsdl', '--fault', 'x'], 2, /OPERATION=FAULT/],
    [
      'an unknown operation',
      ['sample', 'getKustomer'],
      2,
      /no operation getKustomer\. It has:\n {2}getCustomer\n/,
    ],
    ['an operation in other letters', ['sample', 'getcustomer'], 2, /Did you mean getCustomer\?/],
    ['a missing contract', ['sample', 'x', '-c', 'nope.yaml'], 1, /nope\.yaml/],
    ['a missing WSDL', ['simulate', 'nope.wsdl'], 1, /nope\.wsdl:1: error file-unreadable/],
    [
      'a request that is not JSON',
      ['encode', 'getAccount'],
      1,
      /not JSON: line 2, column 11: /,
      '{\n  "path": nope}',
    ],
    ['a request with an unknown member', ['encode', 'getAccount'], 1, /has the member pth/, '{"pth": {}}'],
    ['a request that is no object', ['encode', 'getAccount'], 1, /must be a JSON object/, '[]'],
    [
      'a parameter that is no text',
      ['encode', 'getAccount'],
      1,
      /path\/accountId must be a text/,
      '{"path": {"accountId": {}}}',
    ],
    [
      'a request that does not fit',
      ['encode', 'createPayment'],
      1,
      /request-unencodable: .*\n {2}\/\w+: /,
      '{"body": {}}',
    ],
    ['an answer that is not SOAP', ['decode', 'getAccount'], 1, /backend-not-soap/, '<html/>'],
    ['an answer that is cut short', ['decode', 'getAccount'], 1, /backend-malformed/, '<a'],
  ])('%s', async (_what, args, code, message, stdin) => {
    const found = await run(args, stdin)
    expect(found.stderr).toMatch(message)
    expect(found.stderr).not.toMatch(/^ +at /m)
    expect(found.stdout).toBe('')
    expect(found.code).toBe(code)
  })

  it('a setting that cannot be used stops serve', async () => {
    const env = { PORT: 'many', LOG_LEVEL: 'loud' }
    const { code, stderr } = await soapstone.run(['serve'], { env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/PORT must be/)
    expect(stderr).toMatch(/LOG_LEVEL must be/)
  })
})

async function loadOperation(id: string): Promise<RestOperation> {
  const operation = (await loadAdapter({ contract: `${root}openapi.yaml` })).operations.get(id)
  if (!operation) throw new Error(`no operation ${id}`)
  return operation
}

describe('sample, encode and decode in pipes', () => {
  it.each(['createLoanApplication', 'withdrawLoanApplication'])(
    '%s gives what the library gives',
    async (id) => {
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
    },
  )

  it('loses no digit of a number', async () => {
    const { stdout } = await run(['sample', 'createPayment', '--optionals', 'none'])
    const request = JSON.parse(stdout) as { body: { amount: { value: string } } }
    request.body.amount.value = '12345678901234.10'
    const encoded = await run(['encode', 'createPayment'], JSON.stringify(request))
    expect(encoded.stdout).toContain('>12345678901234.10<')
    const number = await run(
      ['encode', 'listTransactions'],
      '{"path":{"accountId":"AC-00000101"},"query":{"limit":007}}',
    )
    expect(number.stderr).toMatch(/not JSON/)
    const limit = '{"path":{"accountId":"AC-00000101"},"query":{"limit":20}}'
    expect((await run(['encode', 'listTransactions'], limit)).stdout).toContain('>20<')
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

    const json = await run(['check', '--contract', contract, '--json'])
    expect(json.code).toBe(1)
    const { diagnostics } = JSON.parse(json.stdout) as { diagnostics: { severity: string }[] }
    expect(diagnostics.filter((found) => found.severity === 'error')).toHaveLength(reported.length)

    const served = await run(['serve', '--contract', contract])
    expect(served.code).toBe(1)
    expect(served.stderr.match(/: error /g)).toHaveLength(reported.length)
  })

  it('colours on a terminal alone, and not with NO_COLOR', async ({ skip }) => {
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
    expect((await run(['check', '-c', bad])).stdout).not.toContain('\u001b[')
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

  it('writes the same document as YAML and as JSON, every time', async () => {
    const yaml = await run(['import', wsdl, '--base-path', '/lending'])
    const json = await run(['import', wsdl, '--base-path', '/lending', '--json'])
    expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout))
    expect(yaml.stdout).toMatch(/^openapi: 3\.1\.0\n[^]*url: \/lending\n/)
    expect((await run(['import', wsdl, '--base-path', '/lending'])).stdout).toBe(yaml.stdout)
  })

  it('imports only what is asked for', async () => {
    const { stdout, stderr } = await run(['import', wsdl, '--operations', 'Get*', '--style', 'rpc', '--json'])
    expect(stderr).toMatch(/POST \S+ +Get/)
    const { paths } = JSON.parse(stdout) as { paths: Record<string, object> }
    expect(Object.values(paths).map((path) => Object.keys(path))).toEqual(
      Object.keys(paths).map(() => ['post']),
    )
  })

  it.each([
    ['no WSDL', ['wsdl/banking/banking-common.xsd'], /not wsdl:definitions/],
    ['a port that it does not have', [wsdl, '--port', 'Nope'], /LendingService\/LendingPort/],
  ])('%s: says why', async (_what, args, message) => {
    const { code, stdout, stderr } = await run(['import', ...args])
    expect(stderr).toMatch(message)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})

describe('README.md', () => {
  it('has an example of the library that runs', async () => {
    const simulator = soapstone.start(['simulate', 'wsdl/banking/core-banking.wsdl', '--port', '0'])
    const [url = ''] = await simulator.printed(/^http\S+/)
    const readme = readFileSync(`${root}README.md`, 'utf8')
    const example = /```js\n([^]*?)```/.exec(readme)?.[1] ?? ''
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

describe('serve', () => {
  it('serves until SIGTERM', async () => {
    const serving = soapstone.start(['serve', '--port', '0'])
    const [, url = ''] = await serving.printed(/"url":"([^"]+)"/)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await serving.stop()).toBe(0)
    for (const line of serving.stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level')
    await expect(fetch(`${url}/readyz`)).rejects.toThrow()
  })

  it('a port that is taken is no crash', async () => {
    const other = createServer().listen(0)
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, stderr } = await run(['serve', '--port', String(port)])
    expect(stderr).toMatch(/The TCP port is taken/)
    expect(code).toBe(1)
    other.close()
  })
})
