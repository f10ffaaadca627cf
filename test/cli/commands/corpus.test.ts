import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { CorpusReport } from '../../../src/tools/corpus.js'
import { wsdlOf } from '../../tools/diff/wsdl-pair.js'
import { runInProcess } from '../in-process.js'

vi.setConfig({ testTimeout: 60_000 })

const root = fileURLToPath(new URL('../../../', import.meta.url))
const content = '<xs:sequence><xs:element name="A" type="xs:int"/></xs:sequence>'
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'corpus-'))
  mkdirSync(join(folder, 'good'))
  mkdirSync(join(folder, 'bad/deep'), { recursive: true })
  writeFileSync(join(folder, 'good/a.wsdl'), wsdlOf({ content }))
  writeFileSync(join(folder, 'good/not-a-wsdl.xml'), '<a/>')
  writeFileSync(join(folder, 'top.wsdl'), wsdlOf({ content }))
  writeFileSync(join(folder, 'bad/deep/b.wsdl'), wsdlOf({ content: content.replace('xs:int', 't:Nowhere') }))
  writeFileSync(join(folder, 'bad/c.wsdl'), wsdlOf({ content }).replace(/<service[^]*<\/service>/, ''))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

it('prints a row for each folder, with a sum', async () => {
  const { code, stdout } = await runInProcess('corpus', `${root}wsdl`)
  expect(stdout).toMatch(/^folder +WSDLs +refused +loads +operations +requests +responses\n/)
  expect(stdout).toMatch(/^total +3 +0 +3 +38 +38 +38$/m)
  expect(code).toBe(0)
})

it('tells a WSDL that is refused from one without a port, and neither is a failure', async () => {
  const { code, stdout } = await runInProcess('corpus', '--json', folder)
  const { rows, failures, refused, skipped } = JSON.parse(stdout) as CorpusReport
  const counts = { operations: 1, requests: 1, responses: 1, refused: 0, loads: 1, wsdls: 1 }
  expect(rows).toEqual([
    { folder: 'bad', wsdls: 1, refused: 1, loads: 0, operations: 0, requests: 0, responses: 0 },
    { folder: 'good', ...counts },
    { folder: '.', ...counts },
  ])
  expect(failures).toEqual([])
  expect(refused).toEqual([
    { wsdl: 'bad/deep/b.wsdl', reason: expect.stringMatching(/^Get .*Nowhere/) as string },
  ])
  expect(skipped.map(({ wsdl }) => wsdl)).toEqual(['bad/c.wsdl'])
  expect(code).toBe(0)
})

it('names the rows of several folders by both', async () => {
  const { stdout } = await runInProcess('corpus', '--json', `${folder}/good/`, folder)
  const { rows } = JSON.parse(stdout) as CorpusReport
  const names = rows.map((row) => row.folder)
  expect(names).toEqual([`${folder}/good`, `${folder}/bad`, folder])
})

it.each([
  ['a file', () => join(folder, 'top.wsdl'), /is not a folder/, 2],
  ['what is not there', () => join(folder, 'nope'), /There is no .*nope/, 1],
])('refuses %s', async (_what, path, message, expected) => {
  const { code, stderr } = await runInProcess('corpus', path())
  expect(stderr).toMatch(message)
  expect(code).toBe(expected)
})
