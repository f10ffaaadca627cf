import { describe, expect, it } from 'vitest'
import type { SoapResponse } from '../../src/adapter/rest.js'
import { type Diagnostic, importWsdl, loadAdapter, type RestOperation } from '../../src/index.js'
import { clarkTree } from './clark-tree.js'
import { exactJson, inFolder, textOf } from './features.js'
import { gaps } from './gaps.js'

const scope =
  'xmlns="urn:t" xmlns:t="urn:t" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

interface Found {
  readonly diagnostics: readonly Diagnostic[]
  readonly operation?: RestOperation | undefined
}

function imported(wsdl: string): Promise<Found> {
  return inFolder({ 'gap.wsdl': wsdl }, async (folder) => {
    const { document, diagnostics } = await importWsdl(`${folder}/gap.wsdl`, {
      baseDir: folder,
      style: 'rpc',
    })
    if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics }
    const adapter = await loadAdapter({ contract: document, baseDir: folder, env: {} })
    const [operation] = adapter.operations.values()
    return { diagnostics: [...diagnostics, ...adapter.diagnostics], operation }
  })
}

function responseWith(content: string): SoapResponse {
  const body = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><GetResponse ${scope}>${content}</GetResponse></soap:Body></soap:Envelope>`
  return { status: 200, headers: { 'content-type': 'text/xml' }, body }
}

describe.each(gaps)('$gap', ({ wsdl, diagnostic, written, read, refused }) => {
  it.runIf(diagnostic)('is said', async () => {
    const { diagnostics } = await imported(wsdl)
    expect(diagnostics.map(({ severity, code }) => [severity, code])).toContainEqual(diagnostic)
  })
  it.runIf(written)('is written like this', async () => {
    const { operation } = await imported(wsdl)
    const [json, xml] = written ?? ['', '']
    const request = { path: {}, query: {}, headers: {}, body: exactJson(json) }
    const body = /<soap:Body>(.*)<\/soap:Body>/.exec(textOf(operation?.encode(request).body ?? ''))?.[1] ?? ''
    const bare = body.replace(/(<\/?)\w+:/g, '$1').replace(/^<Get/, `<Get ${scope}`)
    expect(clarkTree(bare)).toBe(clarkTree(`<Get ${scope}>${xml}</Get>`))
  })
  it.runIf(read)('is read like this', async () => {
    const { operation } = await imported(wsdl)
    const [xml, json] = read ?? ['', '']
    expect(operation?.decode(responseWith(xml)).body).toBe(json)
  })
  it.runIf(refused)('is refused like this', async () => {
    const { operation } = await imported(wsdl)
    const [xml, message] = refused ?? ['', '']
    expect(() => operation?.decode(responseWith(xml))).toThrow(message)
  })
})
