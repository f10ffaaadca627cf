import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runInProcess } from '../in-process.js'

vi.setConfig({ testTimeout: 60_000 })

const root = fileURLToPath(new URL('../../../', import.meta.url))
const bank = `${root}wsdl/banking/core-banking.wsdl`
const contract = `${root}openapi.yaml`
let folder: string
let next: string

/** The bank's next version: an account loses a member, an enumeration gets a value, a request wants more. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'diff-'))
  cpSync(`${root}wsdl`, folder, { recursive: true })
  next = join(folder, 'banking/core-banking.wsdl')
  const schema = join(folder, 'banking/core-banking.xsd')
  const text = readFileSync(schema, 'utf8')
    .replace(/(<xs:complexType name="Account">[^]*?)<xs:element name="ClosedOn"[^]*?<\/xs:element>/, '$1')
    .replace(/(<xs:simpleType name="AccountStatus">[^]*?)(<xs:enumeration)/, '$1<xs:enumeration value="LOST"/>$2')
    .replace(/(<xs:element name="GetAccount">[^]*?)(<\/xs:sequence>)/, '$1<xs:element name="Channel" type="xs:string"/>$2') // prettier-ignore
  writeFileSync(schema, text)
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('diff', () => {
  it('says that nothing changed, with 0', async () => {
    const { code, stdout } = await runInProcess('diff', bank, bank)
    expect(stdout).toMatch(/18 operations, nothing changed\n$/)
    expect(code).toBe(0)
  })

  it('says what breaks for SOAP operations, with 1', async () => {
    const { code, stdout } = await runInProcess('diff', bank, next)
    expect(stdout).toMatch(/^Breaks \(3\)\n\nrequest GetAccount\/Channel: it is new and required\n/)
    expect(stdout).toMatch(/response .*\/Account\/ClosedOn: it is removed\n[^]*in ListAccounts, GetAccount, OpenAccount\n/)
    expect(stdout).toMatch(/old .*core-banking\.xsd:\d+:\d+, new .*core-banking\.xsd:\d+:\d+/)
    expect(stdout).toMatch(/18 operations, 3 break\n$/)
    expect(code).toBe(1)
  }) // prettier-ignore

  it('says what breaks for REST operations, and where the contract disagrees', async () => {
    const { code, stdout } = await runInProcess('diff', '-c', contract, '--backend', 'core-banking', next)
    expect(stdout).toMatch(/in GET \/accounts\/\{accountId\} \(getAccount\)\n/)
    expect(stdout).toMatch(/\nopenapi\.yaml:\d+:\d+: error member-missing: .*Channel/)
    expect(stdout).toMatch(/\nopenapi\.yaml:\d+:\d+: error member-unknown: .*closedOn/)
    expect(code).toBe(1)
  })

  it('writes JSON', async () => {
    const { code, stdout } = await runInProcess('diff', '--json', bank, next)
    const report = JSON.parse(stdout) as { breaks: boolean; changes: { verdict: string; places: object[] }[] }
    expect(report.breaks).toBe(true)
    expect(report.changes.map(({ verdict }) => verdict)).toEqual([
      'breaking',
      'breaking',
      'breaking',
      'compatible',
    ])
    expect(code).toBe(1)
  })

  it.each<[string, readonly string[], RegExp, number]>([
    ['one WSDL', ['a.wsdl'], /two WSDLs/, 2],
    ['three', ['a.wsdl', 'b.wsdl', 'c.wsdl'], /two WSDLs/, 2],
    ['a contract and two WSDLs', ['-c', contract, 'a.wsdl', 'b.wsdl'], /takes one WSDL/, 2],
    ['two contracts', ['a.yaml', 'b.yaml'], /redocly diff/, 2],
    ['a backend without a contract', ['--backend', 'x', 'a.wsdl', 'b.wsdl'], /--contract/, 2],
    ['one of several backends', ['-c', contract, 'a.wsdl'], /core-banking, lending, patient-registry/, 2],
    ['a WSDL that is not there', [bank, 'nope.wsdl'], /nope\.wsdl:1: error file-unreadable/, 1],
  ])('refuses %s', async (_what, args, message, expected) => {
    const { code, stdout, stderr } = await runInProcess('diff', ...args)
    expect(stderr).toMatch(message)
    expect(stdout).toBe('')
    expect(code).toBe(expected)
  })
})
