import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { schemaText, things, WebServer, wsdlText } from '../../tools/fetch/web-server.js'
import { type Run, Soapstone } from '../soapstone.js'

// A command loads a contract, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

const root = fileURLToPath(new URL('../../../', import.meta.url))
let soapstone: Soapstone
let folder: string
beforeAll(() => {
  soapstone = new Soapstone('import')
  folder = mkdtempSync(join(tmpdir(), 'soapstone-import-'))
})
afterAll(() => {
  soapstone.dispose()
  rmSync(folder, { recursive: true, force: true })
})

/** A directory with a WSDL of its own, and commands that run there. */
function workspace(name: string): {
  readonly wsdl: string
  readonly at: (file: string) => string
  readonly run: (...args: readonly string[]) => Promise<Run>
} {
  const cwd = join(folder, name)
  cpSync(join(root, 'wsdl/banking'), cwd, { recursive: true })
  return {
    wsdl: join(cwd, 'lending.wsdl'),
    at: (file) => join(cwd, file),
    run: (...args) => soapstone.run(args, { cwd }),
  }
}

it('merges twice: an unchanged WSDL changes no byte, a changed one only what it changes', async () => {
  const { wsdl, at, run } = workspace('merge')
  const imported = await run('import', 'lending.wsdl', '--output', 'loans.yaml', '--base-path', '/loans')
  expect(imported.code).toBe(0)
  expect(imported.stderr).toContain('Wrote loans.yaml, and loans.import.json')
  const record = readFileSync(at('loans.import.json'), 'utf8')

  const edited = `# Ours.\n${readFileSync(at('loans.yaml'), 'utf8').replace('operationId: getLoan\n', 'operationId: readLoan # public\n')}`
  writeFileSync(at('loans.yaml'), edited)
  const unchanged = await run('import', 'lending.wsdl', '--merge', 'loans.yaml')
  expect(unchanged.stderr).toMatch(/^Nothing to merge\n/m)
  expect(unchanged.code).toBe(0)
  expect(readFileSync(at('loans.yaml'), 'utf8')).toBe(edited)
  expect(readFileSync(at('loans.import.json'), 'utf8')).toBe(record)

  writeFileSync(wsdl, readFileSync(wsdl, 'utf8').replaceAll('"WithdrawApplication"', '"RetractApplication"'))
  const changed = await run('import', 'lending.wsdl', '--merge', 'loans.yaml')
  expect(changed.stderr).toMatch(/Added\n {2}- POST \S+ for RetractApplication\n/)
  expect(changed.stderr).toMatch(/the WSDL has no WithdrawApplication any more/)
  const merged = readFileSync(at('loans.yaml'), 'utf8')
  expect(merged).toMatch(/^# Ours\.\n/)
  expect(merged).toContain('operationId: readLoan # public\n')
  expect(merged).toContain('url: /loans\n')
  const lines = merged.split('\n')
  expect(edited.split('\n').filter((line) => !lines.includes(line))).toEqual([])
})

it('makes one document of several WSDLs, which check finds good', async () => {
  const { run } = workspace('several')
  const { code, stderr } = await run('import', 'core-banking.wsdl', 'lending.wsdl', '--output', 'bank.yaml')
  // Where that takes long, its progress goes before.
  expect(stderr).toMatch(/^25 operations\n/m)
  expect(code).toBe(0)
  const checked = await run('check', '--contract', 'bank.yaml')
  expect(checked.stdout).toMatch(/25 operations over 2 backends, 0 errors/)
})

it.each<[string, readonly string[], number, RegExp]>([
  ['a document that is not there', ['--merge', 'nope.yaml'], 1, /There is no nope\.yaml to merge with/],
  ['a document that is none', ['--merge', 'broken.yaml'], 1, /broken\.yaml cannot be merged with: /],
  ['a record that is none', ['--merge', 'mine.yaml'], 1, /mine\.import\.json is not a record of an import/],
  [
    'a file that is there',
    ['--output', 'mine.yaml'],
    1,
    /--merge mine\.yaml keeps them, --force replaces it/,
  ],
  [
    'another file that is there',
    ['--merge', 'broken.yaml', '--output', 'mine.yaml'],
    1,
    /mine\.yaml already/,
  ],
  [
    'a record that is there',
    ['--output', 'free.json'],
    1,
    /There is a free\.import\.json already, the record of another document; --force replaces it/,
  ],
  [
    'a record that is there beside what is merged into',
    ['--merge', 'whole.yaml', '--output', 'free.yaml'],
    1,
    /There is a free\.import\.json already, the record of another document; --force replaces it/,
  ],
  ['another language', ['--merge', 'mine.yaml', '--json'], 2, /leave out --json/],
  [
    'operations that are not there',
    ['--operations', 'Nope'],
    1,
    /no operation is called Nope; there is ListProducts/,
  ],
])('refuses %s', async (what, args, code, message) => {
  const { at, run } = workspace(what.replaceAll(' ', '-'))
  writeFileSync(at('broken.yaml'), 'a: [1')
  writeFileSync(at('mine.yaml'), 'openapi: 3.1.0\n')
  writeFileSync(at('whole.yaml'), 'openapi: 3.1.0\n')
  for (const record of ['mine', 'free']) writeFileSync(at(`${record}.import.json`), '{}')
  const found = await run('import', 'lending.wsdl', ...args)
  expect(found.stderr).toMatch(message)
  expect(found.stderr).not.toMatch(/^ +at /m)
  expect(found.stdout).toBe('')
  expect(found.code).toBe(code)
  expect(readFileSync(at('mine.yaml'), 'utf8')).toBe('openapi: 3.1.0\n')
  expect(readFileSync(at('free.import.json'), 'utf8')).toBe('{}')
  expect([existsSync(at('free.yaml')), existsSync(at('free.json'))]).toEqual([false, false])
})

it('replaces a record when it is asked to', async () => {
  const { at, run } = workspace('forced-record')
  writeFileSync(at('free.import.json'), '{}')
  expect((await run('import', 'lending.wsdl', '--output', 'free.yaml', '--force')).code).toBe(0)
  expect(readFileSync(at('free.import.json'), 'utf8')).toContain('"document"')
})

it('fetches a WSDL with --fetch, imports it, and fetches again without touching a file', async () => {
  const { at, run } = workspace('fetch')
  const pages = { '/things?wsdl': wsdlText(['types.xsd']), '/types.xsd': schemaText(things) }
  const server = await WebServer.start(pages)
  try {
    const url = server.url('/things?wsdl').href
    const without = await run('import', url)
    expect(without).toMatchObject({ code: 2, stdout: '' })
    expect(without.stderr).toContain('is a URL; --fetch wsdl/127.0.0.1 downloads it')

    const first = await run('import', url, '--fetch', 'wsdl/things', '--output', 'things.yaml')
    expect(first.code).toBe(0)
    expect(first.stderr).toContain('Fetched into wsdl/things: 2 files written')
    expect(readFileSync(at('things.yaml'), 'utf8')).toContain('wsdl: wsdl/things/things.wsdl')
    const checked = await run('check', 'things.yaml')
    expect(checked.stdout).not.toMatch(/wsdl-|xsd-/)

    const again = await run('import', url, '--fetch', 'wsdl/things', '--merge', 'things.yaml')
    expect(again.code).toBe(0)
    expect(again.stderr).toContain('0 files written, 2 as they were')
    expect(again.stderr).toContain('Nothing to merge')

    writeFileSync(at('wsdl/things/types.xsd'), 'mine')
    const edited = await run('import', url, '--fetch', 'wsdl/things', '--merge', 'things.yaml')
    expect(edited.code).toBe(1)
    expect(edited.stderr).toContain('types.xsd in wsdl/things was edited')
    expect(readFileSync(at('wsdl/things/types.xsd'), 'utf8')).toBe('mine')
  } finally {
    await server.close()
  }
})

it.each([
  [['ftp://soap.example/x?wsdl', '--fetch', 'w'], 'Only http: and https: URLs are fetched'],
  [['http://user:secret@soap.example/x?wsdl', '--fetch', 'w'], 'FETCH_USERNAME'],
  [['lending.wsdl', '--fetch', 'w'], '--fetch is for WSDLs that are URLs'],
  [['lending.wsdl', '--allow-host', 'soap.example'], '--allow-host goes with --fetch'],
])('import %j: exit code 2', async (args, reason) => {
  const { run } = workspace('fetch-usage')
  const { code, stderr } = await run('import', ...args)
  expect(code).toBe(2)
  expect(stderr).toContain(reason)
  expect(stderr).not.toContain('secret')
})

it('asks by numbered questions where stdin is no terminal, writes import.yaml, and imports by it', async () => {
  const { at, run } = workspace('interactive')
  const core = readFileSync(at('core-banking.wsdl'), 'utf8')
  expect(core).toContain('"CancelPayment"')
  const unusable = await soapstone.run(['import', 'core-banking.wsdl', '-i', '-o', 'bank.yaml'], {
    cwd: at(''),
    stdin: 'perhaps\n',
  })
  expect([unusable.code, unusable.stderr]).toEqual([1, expect.stringContaining('nothing was written.')])
  expect(existsSync(at('import.yaml')) || existsSync(at('bank.yaml'))).toBe(false)

  const all = await soapstone.run(['import', 'core-banking.wsdl', '-i', '-o', 'bank.yaml'], {
    cwd: at(''),
    stdin: '2\n',
  })
  expect(all.code).toBe(0)
  expect(all.stdout).toBe('')
  const [, operation = '', chosen = ''] = /1\/\d+ (\w+): .*\n +1\) .*\n +2\) (.+)\n/.exec(all.stderr) ?? []
  expect(all.stderr).toContain('Wrote import.yaml: give it with --settings import.yaml')
  const [method = '', path = ''] = chosen.split(' ')
  expect(readFileSync(at('import.yaml'), 'utf8')).toContain(
    `${operation}: { method: ${method.toLowerCase()}, path: `,
  )
  expect(all.stderr).toContain(`  ${method} ${path.replace(/\{.*/, '')}`)

  const again = await run('import', 'core-banking.wsdl', '--interactive', '--merge', 'bank.yaml')
  expect(again.code).toBe(0)
  expect(again.stderr).not.toContain(`/1 ${operation}:`)
  const refused = await run('import', 'core-banking.wsdl', '--interactive', '--json')
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('leave out --interactive')])
})
