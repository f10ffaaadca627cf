import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../../../src/tools/simulator/simulator.js'
import { writeShelf } from './shelf-wsdl.js'

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

const versions = {
  '/one': { namespace: 'http://schemas.xmlsoap.org/soap/envelope/', type: 'text/xml', must: '1' },
  '/two': {
    namespace: 'http://www.w3.org/2003/05/soap-envelope',
    type: 'application/soap+xml',
    must: 'true',
  },
} as const
type Path = keyof typeof versions
const paths = Object.keys(versions) as Path[]

async function send(path: Path, blocks: string, title = '<t:Title>Ulysses</t:Title>') {
  const { namespace, type, must } = versions[path]
  const header = blocks.replaceAll('MUST', `e:mustUnderstand="${must}"`)
  const answer = await fetch(`${simulator.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: `<e:Envelope xmlns:e="${namespace}" xmlns:t="urn:types"><e:Header>${header}</e:Header><e:Body><t:Find>${title}</t:Find></e:Body></e:Envelope>`,
  })
  return { status: answer.status, text: await answer.text() }
}

describe.each(paths)('a request to %s', (path) => {
  it('is answered with the headers that the output declares', async () => {
    const { status, text } = await send(path, '<t:Caller MUST><t:Desk>7</t:Desk></t:Caller>')
    expect(status).toBe(200)
    expect(text).toMatch(
      /<soap:Header><n\d:Quota><n\d:Left>-?\d+<\/n\d:Left><\/n\d:Quota><\/soap:Header><soap:Body>/,
    )
  })

  it('whose declared header is not as the WSDL says is refused', async () => {
    const { status, text } = await send(path, '<t:Caller><t:Desk>seven</t:Desk></t:Caller>')
    expect(status).toBe(path === '/one' ? 500 : 400)
    expect(text).toMatch(/soap:(?:Client|Sender)</)
    expect(text).toContain('/Caller/Desk')
  })

  it('with a header that nobody knows is answered, unless it must be understood', async () => {
    expect((await send(path, '<x:Own xmlns:x="urn:x"><x:a/></x:Own>')).status).toBe(200)
    const { status, text } = await send(path, '<x:Own xmlns:x="urn:x" MUST/>')
    expect(status).toBe(500)
    expect(text).toContain('soap:MustUnderstand<')
    expect(text).toContain('{urn:x}Own')
    expect(text.includes('<soap:NotUnderstood xmlns:b="urn:x" qname="b:Own"/>')).toBe(path === '/two')
  })

  it('with a header that must be understood by somebody else is answered', async () => {
    const role = path === '/one' ? 'actor' : 'role'
    expect((await send(path, `<x:Own xmlns:x="urn:x" MUST e:${role}="urn:other"/>`)).status).toBe(200)
  })

  it('that carries a password which must be understood is answered', async () => {
    const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'
    expect((await send(path, `<w:Security xmlns:w="${wsse}" MUST/>`)).status).toBe(200)
  })

  it.each(['http://www.w3.org/2005/08/addressing', 'http://schemas.xmlsoap.org/ws/2004/08/addressing'])(
    'with a MessageID of %s is answered in relation to it',
    async (namespace) => {
      const blocks = `<a:MessageID xmlns:a="${namespace}" MUST> urn:uuid:a&amp;b </a:MessageID>`
      const { text } = await send(path, blocks)
      expect(text).toContain(`<wsa:Action xmlns:wsa="${namespace}">urn:shelf:Shelf:FindResponse</wsa:Action>`)
      expect(text).toContain(`<wsa:RelatesTo xmlns:wsa="${namespace}">urn:uuid:a&amp;b</wsa:RelatesTo>`)
      expect((await send(path, '')).text).not.toContain('RelatesTo')
      const fault = await send(path, blocks, '<t:Nonsense/>')
      expect(fault.text).toContain('urn:uuid:a&amp;b</wsa:RelatesTo></soap:Header><soap:Body><soap:Fault>')
    },
  )
})
