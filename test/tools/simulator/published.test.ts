import { execFile, spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { promisify } from 'node:util'
import { createClientAsync } from 'soap'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../../../src/tools/simulator/simulator.js'
import { writeShelf } from './shelf-wsdl.js'

const run = promisify(execFile)
const python = '/usr/bin/python3'
const zeepIsAbsent = spawnSync(python, ['-c', 'import zeep']).status !== 0
const phpIsAbsent = spawnSync('php', ['-r', 'exit(class_exists("SoapClient") ? 0 : 1);']).status !== 0

type FindMethod = (
  input: { readonly Title: string },
  callback: (error: Error | null, result: { readonly Place: unknown }) => void,
) => void

let simulator: Simulator
let folder: string
beforeAll(async () => {
  const shelf = writeShelf()
  folder = shelf.folder
  simulator = await startSimulator({ wsdls: [shelf.wsdl] })
})
afterAll(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true })
})

const get = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${simulator.url}${path}`, { headers })
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
}

describe('the WSDL of a simulator', () => {
  it('has its own addresses and locations, and says that it is UTF-8', async () => {
    const { url } = simulator
    const { type, text } = await get('/one?wsdl')
    expect(type).toBe('text/xml; charset=utf-8')
    expect(text).toContain('<?xml version="1.0" encoding="UTF-8"?>')
    expect(text).toContain(`<soap:address location="${url}/one"/>`)
    expect(text).toContain(`<soap12:address location='${url}/two'/>`)
    expect(text).toContain(`location="${url}/one?wsdl=1"`)
    expect((await get('/one?wsdl=1')).text).toContain(`schemaLocation="${url}/one?xsd=2"`)
    expect((await get('/one?xsd=2')).text).toContain(`schemaLocation="${url}/one?xsd=3"`)
    expect((await get('/one?xsd=3')).text).toContain('name="Caller"')
  })

  it.each(['/one?xsd=1', '/one?xsd=9', '/one?wsdl=..', '/one?xsd=../../../etc/passwd', '/one?x'])(
    'has no %s',
    async (path) => {
      expect((await get(path)).status).toBe(404)
    },
  )

  it('is the same in capitals', async () => {
    expect((await get('/two?WSDL')).text).toContain('wsdl:definitions')
  })
})

describe('clients that know the URL alone', () => {
  it.each([
    ['One', false],
    ['Two', true],
  ])('node-soap, port %s', async (port, forceSoap12Headers) => {
    const client = await createClientAsync(`${simulator.url}/one?wsdl`, { forceSoap12Headers })
    const { Shelf } = client as unknown as Record<string, Record<string, { Find: FindMethod }>>
    const find = Shelf?.[port]?.Find
    const place = await new Promise((resolve, reject) => {
      find?.({ Title: 'Ulysses' }, (error, result) => {
        if (error) reject(error)
        else resolve(result.Place)
      })
    })
    expect(place).toEqual(expect.any(Number))
  })

  it.skipIf(zeepIsAbsent).each(['One', 'Two'])('zeep, port %s, with headers', async (port) => {
    const script = `
import sys, zeep
client = zeep.Client(sys.argv[1]).bind('Shelf', sys.argv[2])
header = {'caller': {'Desk': 7}}
answer = client.Find(Title='Ulysses', _soapheaders=header)
print(answer.header.quota.Left, answer.body.Place)
`
    const { stdout } = await run(python, ['-c', script, `${simulator.url}/one?wsdl`, port])
    expect(stdout).toMatch(/^-?\d+ -?\d+\n$/)
  })

  it.skipIf(phpIsAbsent)('PHP', async () => {
    const script = `
$client = new SoapClient($argv[1], ['cache_wsdl' => WSDL_CACHE_NONE]);
echo $client->Find(['Title' => 'Ulysses'])->Place;
`
    const { stdout } = await run('php', ['-r', script, '--', `${simulator.url}/one?wsdl`])
    expect(stdout).toMatch(/^-?\d+$/)
  })
})
