import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pythonIsAbsent, readByPython } from '../soap/email-package.js'
import { hasOpenssl, KeyFolder } from '../ws-security/keys.js'
import { type ArchiveOptions, checkedArchive } from './archive-contract.js'
import {
  type ArchiveService,
  envelope,
  fetched,
  include,
  mtom,
  multipart,
  octets,
  part,
  SOAP_12,
  startArchive,
  stored,
} from './archive-service.js'

const KINDS = [
  ['inline', {}],
  ['MTOM', { backend: 'attachments: mtom' }],
] as const

const pdf = octets(100_001)

let plain: ArchiveService
let optimized: ArchiveService

beforeAll(async () => {
  plain = await startArchive()
  optimized = await startArchive({ backend: 'attachments: mtom' })
})

afterAll(async () => {
  await plain.close()
  await optimized.close()
})

beforeEach(() => {
  for (const service of [plain, optimized]) {
    service.received.length = 0
    service.answer = { body: stored }
  }
})

const send = (
  service: ArchiveService,
  path: string,
  method: string,
  type: string,
  body: string | Uint8Array,
) => fetch(`${service.url}${path}`, { method, headers: { 'content-type': type }, body: body as never })

async function problem(
  response: Response,
): Promise<{ status: number; code: string; errors?: unknown; detail: string }> {
  return (await response.json()) as { status: number; code: string; errors?: unknown; detail: string }
}

/** What the backend got, as text where it is one. */
function sent(service: ArchiveService): {
  readonly contentType: string
  readonly text: string
  readonly body: Buffer
} {
  const [message] = service.received
  if (!message) throw new Error('nothing was sent')
  return {
    contentType: message.headers['content-type'] ?? '',
    text: message.body.toString('latin1'),
    body: message.body,
  }
}

describe('a binary body', () => {
  it('goes inline in base64, with a length', async () => {
    const response = await send(plain, '/documents/D-1/file', 'PUT', 'application/pdf', pdf)
    expect(await response.json()).toEqual({ id: 'D-1' })
    const { text, contentType } = sent(plain)
    expect(contentType).toBe('text/xml; charset=utf-8')
    expect(plain.received[0]?.headers['content-length']).toBe(String(text.length))
    expect(/Content>(.*)<\/\w+:Content>/s.exec(text)?.[1]).toBe(pdf.toString('base64'))
    expect(/Name>(.*)<\/\w+:Name>/s.exec(text)?.[1]).toBe('D-1')
  })

  it.each([0, 1, 2, 3, 49_151, 49_152, 49_153, 65_535, 65_536, 200_000])(
    'of %i bytes arrives whole',
    async (length) => {
      const body = octets(Math.max(2, length))
      await send(plain, '/documents/D-1/file', 'PUT', 'application/pdf', body)
      expect(
        Buffer.from(/Content>(.*)<\/\w+:Content>/s.exec(sent(plain).text)?.[1] ?? '', 'base64').equals(body),
      ).toBe(true)
    },
  )

  it('goes beside the envelope with attachments: mtom', async () => {
    const response = await send(optimized, '/documents/D-1/file', 'PUT', 'application/pdf', pdf)
    expect(response.status).toBe(200)
    const { contentType, text } = sent(optimized)
    expect(contentType).toMatch(
      /^multipart\/related; type="application\/xop\+xml"; start="<envelope@soapstone>"; start-info="text\/xml"; boundary="[^"]+"$/,
    )
    expect(optimized.received[0]?.headers.soapaction).toBe('"urn:archive#Store"')
    expect(optimized.received[0]?.headers.accept).toContain('application/xop+xml')
    expect(text).toMatch(
      /Content><xop:Include xmlns:xop="http:\/\/www.w3.org\/2004\/08\/xop\/include" href="cid:[^"]+"\/><\//,
    )
    expect(text).toContain('Content-Type: application/pdf\r\n')
  })

  it.skipIf(pythonIsAbsent)(
    `is what Python's email package reads${pythonIsAbsent ? ` (skipped: ${pythonIsAbsent})` : ''}`,
    async () => {
      await send(optimized, '/documents/D-1/file', 'PUT', 'application/pdf', pdf)
      const { contentType, body, text } = sent(optimized)
      const { type, parameters, parts, defects } = readByPython(contentType, body)
      expect({ type, defects, count: parts.length }).toEqual({
        type: 'multipart/related',
        defects: [],
        count: 2,
      })
      expect(parameters.start).toBe(parts[0]?.headers['content-id'])
      expect(parts[1]?.headers['content-id']).toBe(`<${/href="cid:([^"]+)"/.exec(text)?.[1] ?? ''}>`)
      expect(Buffer.from(parts[1]?.hex ?? '', 'hex').equals(pdf)).toBe(true)
    },
  )

  it('has the action in the media type of SOAP 1.2', async () => {
    const service = await startArchive({ backend: 'attachments: mtom', soap12: true })
    try {
      service.answer = {
        contentType: 'application/soap+xml',
        body: stored.replace(/xmlns:e="[^"]+"/, `xmlns:e="${SOAP_12}"`),
      }
      expect((await send(service, '/documents/D-1/file', 'PUT', 'application/pdf', pdf)).status).toBe(200)
      expect(sent(service).contentType).toMatch(
        /start-info="application\/soap\+xml"; boundary="[^"]+"; action="urn:archive#Store"$/,
      )
    } finally {
      await service.close()
    }
  })

  it.each([
    ['another media type', 'application/json', '{}', 415, 'media-type-unsupported'],
    ['no range of the contract', 'audio/wav', 'x', 415, 'media-type-unsupported'],
    ['too short', 'application/pdf', 'x', 400, 'request-invalid'],
    ['nothing', 'application/pdf', '', 400, 'request-invalid'],
  ])('%s → %i', async (_, type, body, status, code) => {
    const response = await send(plain, '/documents/D-1/file', 'PUT', type, body)
    expect(await problem(response)).toMatchObject({ status, code })
    expect(plain.received).toHaveLength(0)
  })

  it('is never text: what looks like JSON, or is not UTF-8, is taken as it is', async () => {
    for (const [type, body] of [
      ['image/png', '{"a":'],
      ['text/csv; charset=iso-8859-1', Buffer.from('a;\xfc', 'latin1')],
    ] as const) {
      plain.received.length = 0
      expect((await send(plain, '/documents/D-1/file', 'PUT', type, body)).status).toBe(200)
      expect(sent(plain).text).toContain(`Content>${Buffer.from(body).toString('base64')}<`)
    }
  })

  it('may be larger than other bodies where the contract says so, and no larger than that', async () => {
    const service = await startArchive({}, { limits: { maxBodyBytes: 1000 } })
    try {
      service.answer = { body: stored }
      expect(
        (await send(service, '/documents/D-1/file', 'PUT', 'application/pdf', octets(2_000_000))).status,
      ).toBe(200)
      const refused = await send(service, '/documents/D-1/file', 'PUT', 'image/png', octets(1001))
      expect(await problem(refused)).toMatchObject({ status: 413, code: 'request-too-large' })
    } finally {
      await service.close()
    }
  })
})

describe('base64 in JSON', () => {
  const store = (service: ArchiveService, body: unknown) =>
    send(service, '/documents', 'POST', 'application/json', JSON.stringify(body))

  it.each(KINDS)('arrives as the same octets: %s', async (kind) => {
    const service = kind === 'MTOM' ? optimized : plain
    await store(service, {
      document: { content: pdf.toString('base64') },
      seal: 'YWJj',
      extra: ['YQ==', pdf.toString('base64')],
    })
    const { text } = sent(service)
    expect(text).toContain('Seal>YWJj</')
    expect(text).toContain('Extra>YQ==</')
    if (kind === 'MTOM') {
      expect(text.match(/<xop:Include /g)).toHaveLength(2)
      expect(text.split(pdf.toString('latin1'))).toHaveLength(3)
    } else expect(text.split(pdf.toString('base64'))).toHaveLength(3)
  })

  it.each(KINDS)('is a text where the WSDL has no base64: %s', async (kind) => {
    const service = kind === 'MTOM' ? optimized : plain
    const [text, hex] = [pdf.toString('base64'), pdf.toString('hex').toUpperCase()]
    await store(service, { document: { content: text }, name: text, finger: hex })
    expect(sent(service).text).toContain(`Name>${text}</`)
    expect(sent(service).text).toContain(`Finger>${hex}</`)
  })

  it.each(KINDS)('is refused where it is too long for its type, however long: %s', async (kind) => {
    const service = kind === 'MTOM' ? optimized : plain
    const response = await store(service, { document: { content: '' }, seal: pdf.toString('base64') })
    expect(await problem(response)).toMatchObject({
      status: 422,
      errors: [{ pointer: '/seal', detail: 'must have at most 8 bytes' }],
    })
  })

  it('is judged before it is sent, and what is beside it is, too', async () => {
    const content = pdf.toString('base64')
    const response = await store(optimized, { document: { content, pages: 'x' }, extra: [1, content] })
    expect(await problem(response)).toMatchObject({
      status: 400,
      errors: [{ pointer: '/extra/0', detail: 'must be string' }],
    })
    expect(optimized.received).toHaveLength(0)
  })

  it.each([
    ['no base64', { document: { content: 'a*b=' } }, '/document/content', 'must be a valid xs:base64Binary'],
    ['cut off', { document: { content: 'YWJ' } }, '/document/content', 'must be a valid xs:base64Binary'],
    [
      'too long for its type',
      { document: { content: '' }, seal: 'YWJjZGVmZ2hpag==' },
      '/seal',
      'must have at most 8 bytes',
    ],
  ])('%s → 422 with its place', async (_, body, pointer, detail) => {
    expect(await problem(await store(plain, body))).toMatchObject({
      status: 422,
      code: 'request-unencodable',
      errors: [{ pointer, detail }],
    })
  })
})

describe('a response', () => {
  const get = (service: ArchiveService, path: string) => fetch(`${service.url}/documents/D-7/${path}`)
  const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer())
  const inline = (length: number) => fetched(`<Content>${octets(length).toString('base64')}</Content>`)
  const referred = (length: number) =>
    mtom(fetched(`<Content>${include('c@x')}</Content>`), part('c@x', octets(length)))

  it('is found by a name that was escaped, and its URL not once more, as Apache CXF writes them', async () => {
    const content = fetched(`<Content>${include('1@urn%3Aa')}</Content>`)
    plain.answer = mtom(content, part('1@urn%3Aa', octets(500)))
    expect(await bytes(await get(plain, 'file'))).toEqual(octets(500))
  })

  it.each([
    ['inline, small', 500, (length: number) => ({ body: inline(length) })],
    ['inline, large', 400_001, (length: number) => ({ body: inline(length) })],
    [
      'inline in lines of 76',
      400_001,
      (length: number) => ({
        body: fetched(
          `<Content>\n${octets(length)
            .toString('base64')
            .replace(/(.{76})/g, '$1\r\n')}\n</Content>`,
        ),
      }),
    ],
    ['MTOM, small', 10, referred],
    ['MTOM, empty', 0, referred],
    ['MTOM, large', 400_001, referred],
  ])('%s is the bytes of the body', async (_, length, answer) => {
    plain.answer = answer(length)
    const response = await get(plain, 'file')
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(length),
      'content-disposition': 'attachment; filename="D-7.pdf"',
    })
    expect((await bytes(response)).equals(octets(length))).toBe(true)
  })

  it.each([
    ['is absent', fetched('<Title>x</Title>')],
    ['is nil', fetched('<Content xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>')],
  ])('404 where it %s', async (_, body) => {
    plain.answer = { body }
    expect(await problem(await get(plain, 'file'))).toMatchObject({ status: 404, code: 'resource-not-found' })
  })

  it.each([
    [
      'the type that an element names',
      'any',
      `<MimeType> image/png </MimeType><Content>${include('c')}</Content>`,
      'text/html',
      'image/png',
    ],
    ['the type of the part', 'any', `<Content>${include('c')}</Content>`, 'image/webp', 'image/webp'],
    [
      'the type that an attribute names',
      'typed',
      `<Typed xmlns:m="http://www.w3.org/2005/05/xmlmime" m:contentType="font/woff">${include('c')}</Typed>`,
      'image/webp',
      'font/woff',
    ],
  ])('is of %s', async (_, path, members, partType, contentType) => {
    plain.answer = mtom(fetched(members), part('c', 'abc', partType))
    const response = await get(plain, path)
    expect(response.headers.get('content-type')).toBe(contentType)
    expect(await response.text()).toBe('abc')
  })

  it.each([
    [
      'that an element names',
      `<MimeType>text/html</MimeType><Content>${include('c')}</Content>`,
      'image/png',
    ],
    ['of the part', `<Content>${include('c')}</Content>`, 'text/html'],
    ['that is a range', `<MimeType>image/*</MimeType><Content>${include('c')}</Content>`, 'image/png'],
    ['of the part that is a range', `<Content>${include('c')}</Content>`, 'image/*'],
    ['that is none', `<MimeType>image/png\u00e9</MimeType><Content>${include('c')}</Content>`, 'image/png'],
  ])('502 for a type %s and the contract does not promise', async (_, members, partType) => {
    plain.answer = mtom(fetched(members), part('c', '<script>', partType))
    expect(await problem(await get(plain, 'any'))).toMatchObject({ status: 502, code: 'backend-mismatch' })
  })

  it('is hexBinary, or a text, where the contract says so', async () => {
    plain.answer = { body: fetched('<Raw>00fF10</Raw><Text>&lt;a&gt; "ü"\n</Text>') }
    expect((await bytes(await get(plain, 'raw'))).toString('hex')).toBe('00ff10')
    const text = await get(plain, 'text')
    expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await text.text()).toBe('<a> "ü"\n')
  })

  it.each([
    ['inline', { body: inline(300_000).replace('<Content>', '<Title>T</Title><Content>') }],
    ['MTOM', mtom(fetched(`<Title>T</Title><Content>${include('c')}</Content>`), part('c', octets(300_000)))],
  ])('is base64 in JSON: %s', async (_, answer) => {
    plain.answer = answer
    const response = await fetch(`${plain.url}/documents/D-7`)
    expect(response.headers.get('x-title')).toBe('T')
    expect(await response.json()).toEqual({ title: 'T', content: octets(300_000).toString('base64') })
  })

  it('keeps base64 that the WSDL takes for a text', async () => {
    const text = octets(300_000).toString('base64')
    plain.answer = { body: fetched(`<Title>T</Title><Text>${text}</Text>`) }
    expect(await (await fetch(`${plain.url}/documents/D-7`)).json()).toEqual({ title: 'T', text })
  })

  it('may refer to a part more than once', async () => {
    plain.answer = mtom(
      fetched(`<Title>T</Title><Content>${include('c')}</Content><Small>${include('c')}</Small>`),
      part('c', 'abc'),
    )
    expect(await (await fetch(`${plain.url}/documents/D-7`)).json()).toEqual({
      title: 'T',
      content: 'YWJj',
      small: 'YWJj',
    })
  })

  it.each([
    ['a part that is not there', fetched(`<Title>T</Title><Content>${include('other')}</Content>`)],
    [
      'a part by another URL',
      fetched(
        '<Title>T</Title><Content><i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="http://x/"/></Content>',
      ),
    ],
    [
      'a part without a URL',
      fetched(
        '<Title>T</Title><Content><i:Include xmlns:i="http://www.w3.org/2004/08/xop/include"/></Content>',
      ),
    ],
    ['a part beside a text', fetched(`<Title>T</Title><Content>YWJj${include('c')}</Content>`)],
    [
      'two parts in one element',
      fetched(`<Title>T</Title><Content>${include('c')}${include('c')}</Content>`),
    ],
    ['a part in a text', fetched(`<Title>${include('c')}</Title>`)],
    ['a part in XML that is text', fetched(`<Title>T</Title><x:y xmlns:x="urn:x">${include('c')}</x:y>`)],
    ['a part that is too long for its type', fetched(`<Title>T</Title><Small>${include('long')}</Small>`)],
    ['a swaRef that leads nowhere', fetched('<Title>T</Title><Ref>cid:other</Ref>')],
    [
      'Include where another element is due',
      fetched(`<Title>T</Title><Content><b xmlns="urn:x"/></Content>`),
    ],
  ])('502 for %s', async (_, root) => {
    plain.answer = mtom(root, part('c', 'abc'), part('long', 'abcdefghij'))
    expect(await problem(await fetch(`${plain.url}/documents/D-7`))).toMatchObject({
      status: 502,
      code: 'backend-mismatch',
    })
  })

  it('502 for an Include in a response without parts', async () => {
    plain.answer = { body: fetched(`<Title>T</Title><Content>${include('c')}</Content>`) }
    expect(await problem(await fetch(`${plain.url}/documents/D-7`))).toMatchObject({
      status: 502,
      code: 'backend-mismatch',
    })
  })

  it('names a swaRef by its URL', async () => {
    plain.answer = mtom(fetched('<Title>T</Title><Ref> cid:a%3Db@x </Ref>'), part('a=b@x', 'abc'))
    expect(await (await fetch(`${plain.url}/documents/D-7`)).json()).toEqual({ title: 'T', ref: 'YWJj' })
  })

  it('is told from its parts by start, or is the first', async () => {
    const root = {
      headers: { 'Content-Type': 'text/xml; charset=utf-8', 'Content-ID': '<root>' },
      body: fetched(`<Content>${include('c')}</Content>`),
    }
    for (const answer of [
      multipart([part('c', 'abc'), root], '; start="<root>"'),
      multipart([part('c', 'abc'), root], '; start=root'),
      multipart([root, part('c', 'abc')], ''),
    ]) {
      plain.answer = answer
      expect(await (await get(plain, 'file')).text()).toBe('abc')
    }
  })
})

describe('SOAP with Attachments', () => {
  const swa = (root: string, ...parts: Parameters<typeof multipart>[0]) =>
    multipart(
      [
        { headers: { 'Content-Type': 'text/xml; charset=utf-8', 'Content-ID': '<root>' }, body: root },
        ...parts,
      ],
      '; type="text/xml"; start="<root>"',
    )

  it('sends the part that the WSDL declares, of the type that the client names', async () => {
    plain.answer = swa(stored, part('photo=1@x', octets(5), 'image/webp'))
    const response = await send(plain, '/photos/P-1', 'PUT', 'image/png', octets(1000))
    expect(await response.json()).toEqual({ id: 'D-1', photo: octets(5).toString('base64') })
    const { contentType, text } = sent(plain)
    expect(contentType).toMatch(
      /^multipart\/related; type="text\/xml"; start="<envelope@soapstone>"; boundary="[^"]+"$/,
    )
    expect(text).toMatch(
      /\r\nContent-Type: image\/png\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <photo=[^>]+>\r\n\r\n/,
    )
    expect(text).toContain(octets(1000).toString('latin1'))
    expect(text).not.toContain('Include')
  })

  it('falls back on a type of the WSDL', async () => {
    plain.answer = swa(stored, part('photo=1@x', 'x', 'image/webp'))
    await send(plain, '/photos/P-1', 'PUT', 'image/svg+xml', 'abc')
    expect(sent(plain).text).toContain('Content-Type: image/jpeg\r\n')
  })

  it.each([
    ['by their names', [part('thumb=2@x', 'T', 'image/gif'), part('photo=1@x', 'P', 'image/png')]],
    ['by their order', [part('a', 'P', 'image/png'), part('b', 'T', 'image/gif')]],
    [
      'by their types',
      [part('a', 'no', 'application/pdf'), part('b', 'P', 'image/png'), part('c', 'T', 'image/gif')],
    ],
  ])('finds the parts of a response %s', async (_, parts) => {
    plain.answer = swa(stored, ...parts)
    const response = await send(plain, '/photos/P-1', 'PUT', 'image/png', 'abc')
    expect(await response.json()).toEqual({ id: 'D-1', photo: 'UA==', thumb: 'VA==' })
  })

  it('502 where a part that the contract requires did not come', async () => {
    plain.answer = { body: stored }
    const response = await send(plain, '/photos/P-1', 'PUT', 'image/png', 'abc')
    expect(await problem(response)).toMatchObject({ status: 502, code: 'backend-mismatch' })
  })

  it('takes and gives a part as the body itself, with others from a form', async () => {
    plain.answer = swa(stored, part('photo=1@x', octets(70_000), 'image/webp'))
    const form = new FormData()
    form.set('photo', new Blob([octets(100)], { type: 'image/png' }), 'p.png')
    form.set('thumb', new Blob(['GIF'], { type: 'image/gif' }))
    const response = await fetch(`${plain.url}/photos/P-1`, { method: 'POST', body: form })
    expect(response.headers.get('content-type')).toBe('image/webp')
    expect(Buffer.from(await response.arrayBuffer()).equals(octets(70_000))).toBe(true)
    const { text } = sent(plain)
    expect(text.match(/Content-ID: <(?:photo|thumb)=/g)).toHaveLength(2)
    expect(text).toMatch(/Id>P-1</)
  })

  it('404 where the part that is the body is absent', async () => {
    plain.answer = { body: stored }
    const form = new FormData()
    form.set('photo', new Blob(['x'], { type: 'image/png' }))
    const response = await fetch(`${plain.url}/photos/P-1`, { method: 'POST', body: form })
    expect(await problem(response)).toMatchObject({ status: 404 })
  })

  it('sends and reads swaRef', async () => {
    plain.answer = swa(
      envelope('<LinkResponse xmlns="urn:a"><File>cid:f@x</File></LinkResponse>'),
      part('f@x', octets(9)),
    )
    const response = await send(plain, '/links', 'POST', 'application/octet-stream', 'abc')
    expect(Buffer.from(await response.arrayBuffer()).equals(octets(9))).toBe(true)
    const { text } = sent(plain)
    const [, cid = 'none'] = /File>cid:([^<]+)</.exec(text) ?? []
    expect(text).toContain(`Content-ID: <${cid}>\r\n\r\nabc\r\n--`)
  })
})

describe('a contract', () => {
  const codes = (
    options: Parameters<typeof checkedArchive>[0],
    change: (text: string) => string = (text) => text,
  ) =>
    checkedArchive(options, change)
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ code }) => code)

  it('of the archive is in order, but for what it does not send', () => {
    expect(codes({})).toEqual([])
    const warnings = checkedArchive({}).diagnostics.map(({ code }) => code)
    expect(warnings).toContain('attachment-unsent')
  })

  it.each([
    [
      'octets to a text',
      'Name: $request.path.id, Document/Content: $request.body }',
      'Name: $request.body, Document/Content: YQ== }',
      'content-unmapped',
    ],
    ['octets from a text', 'response: /Document/Raw', 'response: /Document/Text', 'content-unmapped'],
    ['octets from an object', 'response: /Document/Raw', 'response: /Document', 'content-unmapped'],
    ['octets from everything', 'response: /Document/Raw', 'response: /', 'content-unmapped'],
    ['JSON beside bytes', 'text/csv: {} }', 'application/json: {} }', 'content-unmapped'],
    [
      'a media type from nowhere',
      'mediaType: /Document/MimeType',
      'mediaType: /Document/Nothing',
      'response-path',
    ],
    [
      'a file of a form to a text',
      '                name: { type: string, maxLength: 20 }',
      '                name: { type: string, format: binary }',
      'content-unmapped',
    ],
  ])('refuses %s', (_, from, to, code) => {
    expect(codes({}, (text) => text.replace(from, to))).toContain(code)
  })

  it.skipIf(!hasOpenssl)(
    `refuses to send what its signature would not cover${hasOpenssl ? '' : ' (skipped: no openssl)'}`,
    () => {
      const keys = new KeyFolder()
      try {
        const { keyPem, certificateFile } = keys.make('/CN=archive')
        const env = { KEY: keyPem }
        const signature = `security: { signature: { key: '\${KEY}', certificate: ${certificateFile} } }`
        const found = (options: ArchiveOptions, change?: (text: string) => string) =>
          checkedArchive(options, change, env).diagnostics.map(({ code }) => code)
        expect(found({ backend: `attachments: mtom\n    ${signature}` })).toContain('attachment-unsigned')
        expect(found({ backend: signature })).toContain('attachment-unsigned')
        const withoutParts = (text: string) =>
          text.replace(/ {2}\/links:[^]*(?= {2}\/forms:)/, '').replace('    Photo:', '    Unused:')
        expect(found({ backend: signature }, withoutParts)).not.toContain('attachment-unsigned')
        const encryption = (more = '') =>
          `security: { encryption: { certificate: ${certificateFile}${more} } }`
        expect(found({ backend: encryption() })).toContain('attachment-unsigned')
        expect(found({ backend: encryption() }, withoutParts)).not.toContain('attachment-unsigned')
        expect(found({ backend: encryption(', elements: [Nothing/There]') }, withoutParts)).toContain(
          'wss-policy',
        )
        expect(
          found({ backend: encryption(', elements: [Store/Document/Content]') }, withoutParts),
        ).not.toContain('wss-policy')
      } finally {
        keys.remove()
      }
    },
  )

  it('refuses other words for attachments', () => {
    expect(codes({ backend: 'attachments: dime' })).toContain('annotation-invalid')
  })
})
