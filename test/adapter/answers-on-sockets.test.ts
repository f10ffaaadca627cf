import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Adapter, compileContract } from '../../src/adapter/adapter.js'
import { bytesOf } from '../../src/base/bytes/source.js'
import { AdapterError } from '../../src/base/errors.js'
import { openapi, operationOf, request, wsdl } from './contract.js'

let server: Server
let adapter: Adapter
/** Written to whoever sends a request. */
let pieces: Buffer[]
const sockets = new Set<Socket>()

beforeAll(async () => {
  server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      if (!chunk.includes('Envelope>')) return
      const writeNext = (index: number): void => {
        const piece = pieces[index]
        if (piece) socket.write(piece, () => setImmediate(writeNext, index + 1))
      }
      writeNext(0)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const directory = mkdtempSync(join(tmpdir(), 'sockets-'))
  try {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/w`
    writeFileSync(join(directory, 'w.wsdl'), wsdl)
    writeFileSync(
      join(directory, 'openapi.yaml'),
      openapi.replace(
        'wsdl: w.wsdl',
        `wsdl: w.wsdl, endpoint: '${endpoint}', breaker: { minimumCalls: 100000 }`,
      ),
    )
    adapter = compileContract({ contract: join(directory, 'openapi.yaml'), env: {} })
  } finally {
    rmSync(directory, { recursive: true })
  }
})

afterAll(async () => {
  await adapter.close()
  for (const socket of sockets) socket.destroy()
  server.close()
  await once(server, 'close')
})

/** The response of the operation `store`, or the code of the error and of its cause. */
async function store(): Promise<{ status: number; body: unknown } | string> {
  const operation = operationOf(adapter, 'store')
  try {
    const { status, body } = await operation.invoke(
      request({ path: { id: '1' }, headers: {}, body: { where: { aisle: 'A' } } }),
    )
    return { status, body: JSON.parse(bytesOf(body).toString('utf8')) as unknown }
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
    expect(error.message).not.toMatch(/secret/i)
    return error.cause instanceof AdapterError ? `${error.code}: ${error.cause.message}` : error.code
  }
}

function http(contentType: string | undefined, body: Buffer, status = 200): Buffer {
  const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status} X\r\n${type}Content-Length: ${body.length}\r\n\r\n`),
    body,
  ])
}

const soap12 = 'http://www.w3.org/2003/05/soap-envelope'
const envelope = (content: string, namespace = soap12): string =>
  `<e:Envelope xmlns:e="${namespace}"><e:Body>${content}</e:Body></e:Envelope>`

const document = (name: string, declaration = ''): string =>
  declaration +
  envelope(
    `<StoreResponse xmlns="urn:w"><Result><Key>k</Key><Total>1</Total><Item><Name>${name}</Name></Item></Result></StoreResponse>`,
  )
const declaring = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>`

const utf8 = (text: string) => Buffer.from(text)
const latin1 = (text: string) => Buffer.from(text, 'latin1')
const utf16le = (text: string) => Buffer.from(text, 'utf16le')
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
/** U+20AC, the only character here that windows-1252 has elsewhere than ISO-8859-1. */
const windows1252 = (text: string) => Buffer.from(text.replaceAll('€', '\x80'), 'latin1')
const BOM = '\uFEFF'

const wide = 'Zoë €'
const narrow = 'Zoë'

/** RFC 7303, section 3: a byte order mark, then charset, then the declaration, then UTF-8. */
const encodings: [string, string | undefined, Buffer, string][] = [
  ['UTF-8 by default', 'application/soap+xml', utf8(document(wide)), wide],
  ['UTF-8 without a media type', undefined, utf8(document(wide)), wide],
  ['UTF-8 as text/xml, which is no longer US-ASCII by default', 'text/xml', utf8(document(wide)), wide],
  ['UTF-8 by charset', 'application/soap+xml; charset=utf-8', utf8(document(wide)), wide],
  ['UTF-8 by charset in quotes', 'text/xml;charset="UTF-8"; action="urn:x"', utf8(document(wide)), wide],
  ['UTF-8 by declaration', 'text/xml', utf8(document(wide, declaring('utf-8'))), wide],
  ['UTF-8 by its mark', 'text/xml', utf8(BOM + document(wide)), wide],
  ['UTF-8 by its mark, against charset', 'text/xml; charset=iso-8859-1', utf8(BOM + document(wide)), wide],
  [
    'UTF-8 by charset, against the declaration',
    'text/xml; charset=utf-8',
    utf8(document(wide, declaring('ISO-8859-1'))),
    wide,
  ],
  ['ISO-8859-1 by charset', 'text/xml; charset=ISO-8859-1', latin1(document(narrow)), narrow],
  ['ISO-8859-1 by declaration', 'text/xml', latin1(document(narrow, declaring('iso-8859-1'))), narrow],
  [
    'ISO-8859-1 by charset, against the declaration',
    'text/xml; charset=iso-8859-1',
    latin1(document(narrow, declaring('UTF-8'))),
    narrow,
  ],
  ['windows-1252 by charset', 'text/xml; charset=windows-1252', windows1252(document(wide)), wide],
  ['windows-1252 by declaration', 'text/xml', windows1252(document(wide, declaring('Windows-1252'))), wide],
  ['US-ASCII with references', 'text/xml; charset=us-ascii', latin1(document('Zo&#xEB; &#8364;')), wide],
  ['US-ASCII by declaration', 'text/xml', latin1(document('Zo&#xEB;', declaring('US-ASCII'))), narrow],
  ['UTF-16 LE by its mark', 'text/xml', utf16le(BOM + document(wide)), wide],
  ['UTF-16 BE by its mark', 'text/xml', utf16be(BOM + document(wide)), wide],
  ['UTF-16 LE by charset and mark', 'text/xml; charset=utf-16', utf16le(BOM + document(wide)), wide],
  ['UTF-16 BE by charset and mark', 'text/xml; charset=utf-16', utf16be(BOM + document(wide)), wide],
  ['UTF-16 LE by charset', 'text/xml; charset=utf-16le', utf16le(document(wide)), wide],
  ['UTF-16 BE by charset', 'text/xml; charset=UTF-16BE', utf16be(document(wide)), wide],
  ['UTF-16 LE by declaration', 'text/xml', utf16le(document(wide, declaring('utf-16'))), wide],
  ['UTF-16 BE by declaration', 'text/xml', utf16be(document(wide, declaring('utf-16'))), wide],
  ['UTF-16 LE by its mark, against charset', 'text/xml; charset=utf-8', utf16le(BOM + document(wide)), wide],
]

describe('a response in', () => {
  test.each(encodings)('%s', async (_, contentType, body, name) => {
    pieces = [http(contentType, body)]
    expect(await store()).toEqual({ status: 200, body: { name } })
  })

  test.each(encodings.filter(([name]) => /by its mark$|by default|windows-1252 by charset/.test(name)))(
    '%s, in chunks of odd lengths',
    async (_, contentType, body, name) => {
      const head = `HTTP/1.1 200 X\r\nContent-Type: ${contentType ?? ''}\r\nTransfer-Encoding: chunked\r\n\r\n`
      pieces = [Buffer.from(head)]
      for (let at = 0; at < body.length; at += 33) {
        const piece = body.subarray(at, at + 33)
        pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'))
      }
      pieces.push(Buffer.from('0\r\n\r\n'))
      expect(await store()).toEqual({ status: 200, body: { name } })
    },
  )

  test.each<[string, string, Buffer]>([
    ['ISO-8859-1 that is called UTF-8', 'text/xml; charset=utf-8', latin1(document(narrow))],
    ['ISO-8859-1 that nobody names', 'text/xml', latin1(document(narrow))],
    ['UTF-8 that is called US-ASCII', 'text/xml; charset=us-ascii', utf8(document(wide))],
    ['UTF-16 of an odd length', 'text/xml', utf16le(BOM + document(wide)).subarray(0, -1)],
    ['UTF-16 that declares UTF-8', 'text/xml', utf16le(BOM + document(wide, declaring('utf-8')))],
    ['an encoding that is not known', 'text/xml; charset=ebcdic-cp-us', utf8(document(wide))],
  ])('%s is backend-malformed, nothing is guessed', async (_, contentType, body) => {
    pieces = [http(contentType, body)]
    expect(await store()).toBe('backend-malformed')
  })
})

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/'
const full = '<FullFault xmlns="urn:w"><Free>3</Free></FullFault>'
const reason =
  '<e:Reason><e:Text xml:lang="en">Secret</e:Text><e:Text xml:lang="de">Secret</e:Text></e:Reason>'
const fault12 = (code: string, detail = '', more = reason): string =>
  envelope(`<e:Fault><e:Code>${code}</e:Code>${more}${detail}</e:Fault>`)
const fault11 = (code: string, detail = ''): string =>
  envelope(
    `<e:Fault><faultcode>${code}</faultcode><faultstring>Secret</faultstring>${detail}</e:Fault>`,
    soap11,
  )
const value = (name: string, inner = ''): string => `<e:Value>${name}</e:Value>${inner}`
const subcode = (name: string, inner = ''): string => `<e:Subcode>${value(name, inner)}</e:Subcode>`

const declared = { status: 409, code: 'FullFault', fault: { free: 3 } }
const faults: [string, string, typeof declared | string | RegExp][] = [
  ['declared', fault12(value('e:Sender'), `<e:Detail>${full}</e:Detail>`), declared],
  ['declared, in the envelope of SOAP 1.1', fault11('e:Server', `<detail>${full}</detail>`), declared],
  [
    'subcodes, outermost first',
    fault12(value('e:Sender', subcode('m:Outer', subcode('m:Inner')))),
    /SOAP fault code Sender \/ other\(length 5, [0-9a-f]{8}\) \/ other\(length 5, [0-9a-f]{8}\)/,
  ],
  ['no Reason at all', fault12(value('e:Receiver'), '', ''), 'Receiver'],
  [
    'a dotted code',
    fault11('e:Server.Database.Locked'),
    /SOAP fault code Server\.other\(length 8, [0-9a-f]{8}\)\.other\(length 6, [0-9a-f]{8}\)/,
  ],
  ['a code of the backend', fault11('x:ORA-00942'), /SOAP fault code other\(length 9, [0-9a-f]{8}\)/],
  [
    'a code that is not a name',
    fault11('Secret thing failed'),
    /SOAP fault code other\(length 19, [0-9a-f]{8}\)/,
  ],
  ['no code', fault11(''), 'none'],
  ['an empty detail', fault11('e:Server', '<detail/>'), 'Server'],
  ['text for a detail', fault11('e:Server', '<detail>Secret at Account.java:12</detail>'), 'Server'],
  [
    'another detail',
    fault11(
      'e:Server',
      '<detail><ns1:hostname xmlns:ns1="http://xml.apache.org/axis/">Secret</ns1:hostname></detail>',
    ),
    'Server',
  ],
]

describe.each([
  [200, 'application/soap+xml; charset=utf-8'],
  [400, 'text/xml'],
  [500, 'text/html; charset=utf-8'],
  [500, undefined],
])('a fault with status %i and media type %s', (status, contentType) => {
  test.each(faults)('%s', async (_, body, expected) => {
    pieces = [http(contentType, utf8(body), status)]
    const outcome = await store()
    if (expected instanceof RegExp) expect(outcome).toMatch(expected)
    else if (typeof expected === 'string')
      expect(outcome).toMatch(`backend-fault: SOAP fault code ${expected}`)
    else expect(outcome).toMatchObject({ status: 409, body: expected })
  })
})

test('an output whose media type is text/html is read, an HTML page is not', async () => {
  pieces = [http('text/html', utf8(document(wide)))]
  expect(await store()).toEqual({ status: 200, body: { name: wide } })
  pieces = [http('text/html', utf8('<!DOCTYPE html><html>Secret</html>'))]
  expect(await store()).toBe('backend-not-soap')
})
