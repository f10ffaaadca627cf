import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type Fetched, fetchWsdls } from '../../../src/tools/fetch/fetch.js'
import { keepFiles } from '../../../src/tools/fetch/folder.js'
import type { FetchOptions } from '../../../src/tools/fetch/options.js'
import { importWsdl } from '../../../src/tools/import/import.js'
import { type Page, redirectTo, schemaText, things, WebServer, wsdlText } from './web-server.js'

const servers: WebServer[] = []
const folders: string[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function serve(pages: Record<string, Page>): Promise<WebServer> {
  const server = await WebServer.start(pages)
  servers.push(server)
  return server
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fetched-'))
  folders.push(folder)
  return folder
}

const names = ({ files }: Fetched): string[] => files.map(({ name }) => name)
const textOf = ({ files }: Fetched, name: string): string | undefined =>
  files.find((file) => file.name === name)?.text
const findings = ({ diagnostics }: Fetched): string[] =>
  diagnostics.map(({ severity, message }) => `${severity}: ${message}`)

/** The fetched files make a contract that can be imported. */
async function expectUsable(fetched: Fetched): Promise<void> {
  const folder = newFolder()
  keepFiles(folder, fetched.files, { force: false })
  const { document, diagnostics } = await importWsdl(join(folder, fetched.wsdls[0] ?? ''))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(Object.keys(document.paths as object)).toEqual(['/things/{id}'])
}

describe('what is fetched', () => {
  test('relative, absolute and circular locations lead to local files', async () => {
    const server = await serve({})
    Object.assign(server.pages, {
      '/svc/Things.svc?wsdl': wsdlText(['Things.svc?xsd=xsd0']),
      '/svc/Things.svc?xsd=xsd0': schemaText(
        `<xs:include schemaLocation="${server.url('/common/base.xsd').href}"/>`,
      ),
      '/common/base.xsd': schemaText(
        `<xs:include schemaLocation="../svc/Things.svc?xsd=xsd0"/><xs:include schemaLocation="./base.xsd"/>${things}`,
      ),
    })
    const fetched = await fetchWsdls([server.url('/svc/Things.svc?wsdl')])
    expect(findings(fetched)).toEqual([])
    expect(names(fetched)).toEqual(['Things.wsdl', 'Things-xsd0.xsd', 'base.xsd'])
    expect(textOf(fetched, 'Things.wsdl')).toBe(wsdlText(['Things-xsd0.xsd']))
    expect(textOf(fetched, 'Things-xsd0.xsd')).toContain('schemaLocation="base.xsd"')
    expect(textOf(fetched, 'base.xsd')).toContain('schemaLocation="Things-xsd0.xsd"')
    expect(server.asked).toHaveLength(3)
    await expectUsable(fetched)
  })

  test('a WSDL that imports a WSDL, and schemas in both', async () => {
    const server = await serve({
      '/a?wsdl': wsdlText([], '', '<wsdl:import namespace="urn:b" location="b?wsdl&amp;part=2"/>'),
      '/b?wsdl&part=2': `<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:b"><wsdl:types>${schemaText(things)}</wsdl:types></wsdl:definitions>`,
    })
    const fetched = await fetchWsdls([server.url('/a?wsdl')])
    expect(names(fetched)).toEqual(['a.wsdl', 'b-2.wsdl'])
    expect(textOf(fetched, 'a.wsdl')).toContain('location="b-2.wsdl"')
    await expectUsable(fetched)
  })

  test('locations after a redirect are relative to where it led', async () => {
    const server = await serve({
      '/things?wsdl': redirectTo('/v2/things.wsdl'),
      '/v2/things.wsdl': wsdlText(['types.xsd']),
      '/v2/types.xsd': schemaText(things),
    })
    const fetched = await fetchWsdls([server.url('/things?wsdl')])
    expect(findings(fetched)).toEqual([])
    expect(names(fetched)).toEqual(['things.wsdl', 'types.xsd'])
    await expectUsable(fetched)
  })

  test('two URLs that would have one name have two, the same at each call', async () => {
    const server = await serve({
      '/things?wsdl': wsdlText(['/a/types.xsd', '/b/TYPES.xsd']),
      '/a/types.xsd': schemaText(things),
      '/b/TYPES.xsd': schemaText(''),
    })
    const first = names(await fetchWsdls([server.url('/things?wsdl')]))
    expect(first).toEqual(['things.wsdl', 'types.xsd', expect.stringMatching(/^TYPES-[0-9a-f]{8}\.xsd$/)])
    expect(names(await fetchWsdls([server.url('/things?wsdl')]))).toEqual(first)
  })

  test('a file in another encoding becomes UTF-8 and says so', async () => {
    const text = wsdlText(
      [],
      schemaText(`${things}<xs:annotation><xs:documentation>é</xs:documentation></xs:annotation>`),
    )
    const server = await serve({
      '/w': (_, res) => res.end(Buffer.from(text.replace('UTF-8', 'ISO-8859-1'), 'latin1')),
    })
    expect(textOf(await fetchWsdls([server.url('/w')]), 'w.wsdl')).toBe(text)
  })

  test('credentials go to the origin of the WSDL and nowhere else', async () => {
    const seen: string[] = []
    const page =
      (text: string): Page =>
      (req, res) => {
        seen.push(`${req.url ?? ''} ${req.headers.authorization ?? 'none'}`)
        res.end(text)
      }
    const other = await serve({ '/types.xsd': page(schemaText(things)) })
    const server = await serve({ '/w': page(wsdlText([other.url('/types.xsd').href])) })
    await fetchWsdls([server.url('/w')], {
      credentials: { username: 'Aladdin', password: 'open sesame' },
      allowedHosts: [other.host],
    })
    expect(seen).toEqual(['/w Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==', '/types.xsd none'])
  })
})

describe('content decides', () => {
  const as =
    (contentType: string, encoding: BufferEncoding, declared = ''): Page =>
    (_, res) => {
      const text = `${declared}${wsdlText([])
        .replace(/^<\?xml.*?\?>\s*/, '')
        .replace('</', '<!--é--></')}`
      res.writeHead(200, { 'content-type': contentType }).end(Buffer.from(text, encoding))
    }
  const declares = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>`

  test.each<[string, Page, string | undefined]>([
    ['text/html', as('text/html', 'utf8'), undefined],
    ['text/html with the same charset', as('text/html; charset=utf-8', 'utf8', declares('utf-8')), undefined],
    ['text/plain', as('text/plain', 'latin1', declares('ISO-8859-1')), undefined],
    ['a charset where nothing is declared', as('text/xml; charset=iso-8859-1', 'latin1'), undefined],
    [
      'a charset that is not declared',
      as('text/xml; charset=ISO-8859-1', 'utf8', declares('utf-8')),
      'it is read by its declaration',
    ],
    [
      'a charset that the bytes are not in',
      as('text/xml; charset=utf-8', 'latin1', declares('ISO-8859-1')),
      'only the latter can be',
    ],
    [
      'a declaration that the bytes are not in',
      as('text/xml; charset=ISO-8859-1', 'latin1', declares('utf-8')),
      'only the former can be',
    ],
    ['a charset that nobody knows', as('text/xml; charset=none', 'utf8'), 'only the latter can be'],
  ])('%s', async (_, page, doubt) => {
    const server = await serve({ '/w': page })
    const fetched = await fetchWsdls([server.url('/w')])
    expect(fetched.files[0]?.text).toContain('é')
    expect(findings(fetched)).toEqual(
      doubt === undefined ? [] : [expect.stringMatching(new RegExp(`^warning: .*${doubt}.* save the file`))],
    )
  })

  test('neither charset can be: says so, and how to go on', async () => {
    const server = await serve({ '/w': as('text/xml; charset=us-ascii', 'latin1', declares('utf-8')) })
    const fetched = await fetchWsdls([server.url('/w')])
    expect(findings(fetched)).toEqual([expect.stringMatching(/us-ascii.*utf-8.*save the file in UTF-8/)])
  })
})

describe('what is refused', () => {
  const endless: Page = (_, res) => {
    const more = () => {
      while (res.write('<!-- and so on -->'.repeat(1000)));
    }
    res.on('drain', more).writeHead(200)
    more()
  }
  const silent: Page = (_, res) => res.writeHead(200).write('<a>')
  const html: Page = (_, res) =>
    res.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><title>Sign in</title>')

  test.each<[string, Page, string, Partial<FetchOptions['limits']>?]>([
    ['not there', (_, res) => res.writeHead(404).end(), 'it answers 404'],
    ['behind a login', (_, res) => res.writeHead(401).end(), 'it answers 401; set FETCH_USERNAME'],
    ['a login page', html, 'the response is a web page (text/html), a login page perhaps'],
    ['a page that says it is XML', '<html><body/></html>', 'the response is a web page'],
    ['no XML', 'not found', 'the response is not XML (text/xml)'],
    ['cut off', wsdlText([]).slice(0, -30), 'the response is not XML'],
    ['other XML', '<a/>', 'neither definitions of WSDL 1.1 nor a schema'],
    ['larger than allowed', endless, 'it is larger than 5000 bytes', { fileBytes: 5000 }],
    ['slow', silent, 'it took longer than 200 ms', { fileMs: 200 }],
    ['slow in all', silent, 'all took longer than 200 ms', { totalMs: 200 }],
    ['a circle of redirects', redirectTo('/w'), 'it redirects more than 3 times', { redirects: 3 }],
    ['a redirect to a file', redirectTo('file:///etc/passwd'), 'only http: and https: are fetched'],
    [
      'a redirect to another host',
      redirectTo('http://169.254.169.254/x'),
      'add --allow-host 169.254.169.254',
    ],
  ])('a WSDL that is %s', async (_, page, reason, limits = {}) => {
    const server = await serve({ '/w': page })
    const fetched = await fetchWsdls([server.url('/w')], { limits })
    expect(findings(fetched)).toEqual([expect.stringContaining(reason)])
    expect(findings(fetched)[0]).toMatch(/^error: /)
    expect(fetched.files).toEqual([])
  })

  test('an imported file that cannot be had is told of, and its location stays', async () => {
    const server = await serve({
      '/w': wsdlText(['missing.xsd', 'file:///etc/passwd', 'http://other.example/x.xsd', 'types.xsd']),
      '/types.xsd': schemaText(things),
    })
    const fetched = await fetchWsdls([server.url('/w')])
    expect(findings(fetched)).toEqual([
      expect.stringMatching(/^warning: .*missing\.xsd cannot be fetched: it answers 404\./),
      expect.stringContaining('only http: and https: are fetched'),
      expect.stringContaining('add --allow-host other.example if it is to be trusted'),
    ])
    expect(fetched.diagnostics[0]?.at).toMatchObject({ file: server.url('/w').href, line: 5 })
    expect(textOf(fetched, 'w.wsdl')).toBe(
      wsdlText(['missing.xsd', 'file:///etc/passwd', 'http://other.example/x.xsd', 'types.xsd']),
    )
    await expectUsable(fetched)
  })

  test('more files than allowed, whether they are there or not', async () => {
    const server = await serve({ '/w': wsdlText(['1.xsd', '2.xsd', '3.xsd', '4.xsd']) })
    const fetched = await fetchWsdls([server.url('/w')], { limits: { files: 3 } })
    expect(findings(fetched)).toContainEqual(expect.stringMatching(/^error: .*more than 3 files/))
    expect(server.asked).toHaveLength(3)
  })

  test('more bytes in all than allowed', async () => {
    const server = await serve({ '/w': wsdlText(['a.xsd']), '/a.xsd': schemaText(things) })
    const fetched = await fetchWsdls([server.url('/w')], {
      limits: { totalBytes: wsdlText(['a.xsd']).length + 5 },
    })
    expect(findings(fetched)).toEqual([expect.stringMatching(/^error: .*a\.xsd cannot.*all is larger than/)])
  })

  test('nothing is asked for what comes with soapstone', async () => {
    const server = await serve({
      '/w': wsdlText(
        ['t.xsd'],
        '<xs:schema targetNamespace="urn:x"><xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="http://www.w3.org/2001/xml.xsd"/></xs:schema>',
      ),
      '/t.xsd': schemaText(things),
    })
    expect(findings(await fetchWsdls([server.url('/w')]))).toEqual([])
  })
})

describe('the folder', () => {
  const file = (text: string) => ({ name: 'a.xsd', url: 'http://soap.example/a.xsd', text })

  test('is made, and written once', () => {
    const folder = join(newFolder(), 'new/one')
    expect(keepFiles(folder, [file('1')], { force: false })).toEqual({ written: ['a.xsd'], edited: [] })
    expect(keepFiles(folder, [file('1')], { force: false })).toEqual({ written: [], edited: [] })
    expect(readdirSync(folder).sort()).toEqual(['a.xsd', 'fetched.json'])
  })

  test('follows the server while nobody has edited a file', () => {
    const folder = newFolder()
    keepFiles(folder, [file('1')], { force: false })
    expect(keepFiles(folder, [file('2')], { force: false }).written).toEqual(['a.xsd'])
    writeFileSync(join(folder, 'a.xsd'), 'mine')
    expect(keepFiles(folder, [file('3')], { force: false })).toEqual({ written: [], edited: ['a.xsd'] })
    expect(readFileSync(join(folder, 'a.xsd'), 'utf8')).toBe('mine')
    expect(keepFiles(folder, [file('3')], { force: true }).written).toEqual(['a.xsd'])
  })

  test.each(['', '[]', 'null', 'no JSON'])('does not replace files when its record says %j', (record) => {
    const folder = newFolder()
    writeFileSync(join(folder, 'a.xsd'), 'mine')
    writeFileSync(join(folder, 'fetched.json'), record)
    expect(keepFiles(folder, [file('1')], { force: false }).edited).toEqual(['a.xsd', 'fetched.json'])
    expect(readFileSync(join(folder, 'fetched.json'), 'utf8')).toBe(record)
  })

  test.each(['{"mine": 1}', '[]', 'no JSON'])(
    'does not replace %j, which is not a record of ours',
    (record) => {
      const folder = newFolder()
      writeFileSync(join(folder, 'fetched.json'), record)
      expect(keepFiles(folder, [file('1')], { force: false })).toEqual({
        written: [],
        edited: ['fetched.json'],
      })
      expect(keepFiles(folder, [file('1')], { force: true }).written).toEqual(['a.xsd'])
    },
  )
})
