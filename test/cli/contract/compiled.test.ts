import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readCompiled, writeCompiled } from '../../../src/cli/contract/compiled.js'

let folder: string
let contract: string
let output: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compiled-'))
  for (const part of ['openapi.yaml', 'wsdl']) cpSync(part, join(folder, part), { recursive: true })
  contract = join(folder, 'openapi.yaml')
  output = join(folder, 'openapi.compiled.json')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const written = (): { soapstone: string; files: Record<string, string | null> } =>
  JSON.parse(readFileSync(output, 'utf8')) as never

function write(change: object): void {
  writeFileSync(output, JSON.stringify({ ...written(), ...change }))
}

function attempt(act: () => unknown): string {
  try {
    act()
    return 'done'
  } catch (error) {
    return String(error)
  }
}

describe('a compiled contract', () => {
  test('leads to the contract, from wherever it is read', () => {
    writeCompiled([contract], output)
    expect(readCompiled(output)).toEqual([relative('', contract)])
    const { files } = written()
    expect(Object.keys(files)).toContain('wsdl/banking/core-banking.wsdl')
    expect(Object.keys(files).length).toBeGreaterThan(5)
    expect(JSON.stringify(files)).not.toContain(folder)
  })

  test.each([
    ['the document', 'openapi.yaml'],
    ['a WSDL', 'wsdl/banking/core-banking.wsdl'],
    ['a schema that is imported', 'wsdl/banking/banking-common.xsd'],
  ])('is refused where %s has changed, or is gone', (_what, file) => {
    writeCompiled([contract], output)
    const path = join(folder, file)
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n`)
    expect(() => readCompiled(output)).toThrow(
      `${relative('', path)} has changed since ${output} was compiled. Compile it again:\n  soapstone compile --contract ${relative('', contract)} --output ${output}`,
    )
    rmSync(path)
    expect(() => readCompiled(output)).toThrow(`${relative('', path)} is gone since`)
  })

  test.each([
    ['an escape', 'types%20of%20banks.xsd', 'types of banks.xsd', 'utf8'],
    ['a backslash', 'wsdl\\types.xsd', 'wsdl/types.xsd', 'utf8'],
    ['a reference', 'a&amp;b.xsd', 'a&b.xsd', 'utf8'],
    ['UTF-16', 'types.xsd', 'types.xsd', 'utf16le'],
  ] as const)(
    'is refused where a schema has changed whose location has %s',
    (_what, location, file, encoding) => {
      const main = `<?xml version="1.0"?><schema><import schemaLocation="${location}"/></schema>`
      const mark = encoding === 'utf16le' ? '\uFEFF' : ''
      writeFileSync(join(folder, 'main.wsdl'), mark + main, encoding)
      writeFileSync(contract, 'openapi: 3.1.0\nx-soap-backends: { a: { wsdl: main.wsdl } }\n')
      writeFileSync(join(folder, file), '<schema/>')
      writeCompiled([contract], output)
      writeFileSync(join(folder, file), '<schema />')
      expect(() => readCompiled(output)).toThrow('has changed since')
    },
  )

  test('is refused where a schema has changed that lies beside what a link leads to', () => {
    const elsewhere = join(folder, 'elsewhere')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'main.wsdl'), '<import schemaLocation="types.xsd"/>')
    writeFileSync(join(elsewhere, 'types.xsd'), '<schema/>')
    symlinkSync(join('elsewhere', 'main.wsdl'), join(folder, 'main.wsdl'))
    writeFileSync(contract, 'openapi: 3.1.0\nx-soap-backends: { a: { wsdl: main.wsdl } }\n')
    writeCompiled([contract], output)
    writeFileSync(join(elsewhere, 'types.xsd'), '<schema />')
    expect(() => readCompiled(output)).toThrow('has changed since')
  })

  test('is refused where a file is there now that was missing', () => {
    writeCompiled([contract], output)
    const missing = join(folder, 'wsdl/other.xsd')
    write({ files: { ...written().files, 'wsdl/other.xsd': null } })
    expect(readCompiled(output)).toHaveLength(1)
    writeFileSync(missing, '<schema/>')
    expect(() => readCompiled(output)).toThrow('was not there since')
  })

  test.each([
    'wsdl: "${CHOICE:-main}.wsdl"',
    'wsdl: main.wsdl, service: "${CHOICE:-main}"',
    'wsdl: main.wsdl, port: "${CHOICE:-main}"',
  ])('is refused where the environment chooses another, in %s', (backend) => {
    writeFileSync(contract, `openapi: 3.1.0\nx-soap-backends: { a: { ${backend} } }\n`)
    writeCompiled([contract], output)
    expect(readCompiled(output)).toHaveLength(1)
    vi.stubEnv('CHOICE', 'main')
    expect(readCompiled(output)).toHaveLength(1)
    vi.stubEnv('CHOICE', 'secondary')
    const refusal = attempt(() => readCompiled(output))
    expect(refusal).toContain('than when')
    expect(refusal).toContain(`soapstone compile --contract ${relative('', contract)} --output ${output}`)
    expect(refusal).not.toContain('secondary')
  })

  test('is refused with a command that a shell takes, whatever the paths', () => {
    const odd = join(folder, "it's ours; or\tnot.yaml")
    cpSync(contract, odd)
    const file = join(folder, 'com piled.json')
    writeCompiled([odd], file)
    writeFileSync(odd, `${readFileSync(odd, 'utf8')}\n`)
    const [, command = ''] = attempt(() => readCompiled(file)).split('\n  ')
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`])
      .toString()
      .trimEnd()
      .split('\n')
    expect(words).toEqual(['soapstone', 'compile', '--contract', relative('', odd), '--output', file])
  })

  test('is refused by another version', () => {
    writeCompiled([contract], output)
    write({ soapstone: '0.0.9' })
    expect(() => readCompiled(output)).toThrow('was compiled by soapstone 0.0.9, and this is ')
  })

  test.each(['openapi.yaml', 'wsdl/banking/core-banking.wsdl'])('does not take the place of %s', (file) => {
    const path = join(folder, file)
    const before = readFileSync(path, 'utf8')
    expect(
      attempt(() => {
        writeCompiled([contract], path)
      }),
    ).toContain(`${path} is a file of the contract. Name another by --output.`)
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  test.each(['', '{', '[]', 'null', '{"soapstone":"0.1.0","contracts":[],"files":{}}', '{"soapstone":1}'])(
    'is not %j',
    (text) => {
      writeFileSync(output, text)
      expect(() => readCompiled(output)).toThrow('is nothing that soapstone compile writes')
    },
  )

  test('that is not there is said to be missing', () => {
    expect(() => readCompiled(output)).toThrow(
      `${output} cannot be read. To have it written:\n  soapstone compile`,
    )
  })
})
