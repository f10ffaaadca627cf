import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chunksOf } from '../../../src/base/bytes/source.js'
import { type DecodedForm, readForm } from '../../../src/http/request/form-data.js'
import type { Binary } from '../../../src/json/value.js'
import { type ArchiveService, octets, startArchive, stored } from '../../adapter/archive-service.js'

const MAX = 20_000
let service: ArchiveService

beforeAll(async () => {
  service = await startArchive({}, { limits: { maxBodyBytes: MAX } })
})

afterAll(() => service.close())

beforeEach(() => {
  service.received.length = 0
  service.answer = { body: stored }
})

interface ProblemBody {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
}

const post = (body: BodyInit | FormData, contentType?: string): Promise<Response> =>
  fetch(`${service.url}/forms`, {
    method: 'POST',
    body,
    ...(contentType !== undefined && { headers: { 'content-type': contentType } }),
  })

type BodyInit = string | Uint8Array

const file = (bytes: Uint8Array, type = 'application/pdf') => new Blob([bytes], { type })

function form(entries: readonly (readonly [string, string | Blob])[]): FormData {
  const data = new FormData()
  for (const [name, value] of entries) data.append(name, value)
  return data
}

/** The message that the backend got, without prefixes. */
function sent(): string {
  return (service.received[0]?.body.toString('latin1') ?? '').replace(/(<\/?)n\d+:/g, '$1')
}

const raw = (text: string) => text.replaceAll('|', '\r\n')
const RAW = 'multipart/form-data; boundary=b'
const field = (name: string, value: string, more = '') =>
  `--b|Content-Disposition: form-data; name="${name}"${more}||${value}|`

describe('a form', () => {
  it('gives each part its place: octets, numbers, texts, several of one name', async () => {
    const response = await post(
      form([
        ['extra', file(octets(3))],
        ['name', 'J\u00fcrg & <Co>'],
        ['pages', '12'],
        ['file', file(octets(100_000))],
        ['finger', 'CAFE'],
        ['extra', file(octets(4))],
      ]),
    )
    expect(await response.json()).toEqual({ id: 'D-1' })
    const text = sent()
    expect(text).toContain(Buffer.from('<Name>J\u00fcrg &amp; &lt;Co&gt;</Name>').toString('latin1'))
    expect(text).toContain(`<Pages>12</Pages><Content>${octets(100_000).toString('base64')}</Content>`)
    expect(text).toContain('<Finger>CAFE</Finger>')
    expect(text).toContain(
      `<Extra>${octets(3).toString('base64')}</Extra><Extra>${octets(4).toString('base64')}</Extra>`,
    )
  })

  it('holds a part once that begins in the midst of a chunk', async () => {
    const field = { kind: 'bytes', isArray: false, maxBytes: undefined, mediaType: undefined } as const
    let read: Promise<DecodedForm> | undefined
    const server = createServer((req, res) => {
      read = readForm(req, new Map([['file', field]]), 1_000_000, {})
      read.finally(() => res.end()).catch(() => undefined)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const content = octets(300_000)
    const body = Buffer.concat([
      Buffer.from(raw('--b|Content-Disposition: form-data; name="file"; filename="f"||')),
      content,
      Buffer.from(raw('|--b--|')),
    ])
    await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body, headers: { 'content-type': RAW } })
    const { file } = (await read)?.value as { readonly file: Binary }
    server.close()
    const pieces = [...chunksOf(file.content)]
    expect(content.equals(Buffer.concat(pieces))).toBe(true)
    // The chunks themselves: the whole would be as long, and copies of what is left of chunks would fill their memory.
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces[0]?.buffer.byteLength).toBeGreaterThan(pieces[0]?.byteLength ?? 0)
  })

  it('may have parts in JSON, and texts of one name', async () => {
    const store = (document: string) =>
      fetch(`${service.url}/parts`, {
        method: 'POST',
        body: form([
          ['document', new Blob([document], { type: 'application/json' })],
          ['extra', 'YQ=='],
          ['extra', 'Yg=='],
        ]),
      })
    expect((await store('{"content":"YWJj","pages":7}')).status).toBe(200)
    expect(sent()).toContain(
      '<Document><Pages>7</Pages><Content>YWJj</Content></Document><Extra>YQ==</Extra><Extra>Yg==</Extra>',
    )
    const wrong = (await (await store('{"pages":"x"}')).json()) as ProblemBody
    expect(wrong.errors?.map(({ pointer }) => pointer)).toEqual(['/document/content', '/document/pages'])
    expect(await (await store('{"content":')).json()).toMatchObject({
      status: 400,
      code: 'request-malformed',
    })
  })

  it('may have several files of several sizes, each its own', async () => {
    const body = form([
      ['file', file(octets(70_001))],
      ...[1000, 0, 2000].map((size) => ['extra', file(octets(size))] as const),
    ])
    expect((await post(body)).status).toBe(200)
    for (const size of [70_001, 1000, 0, 2000])
      expect(sent()).toContain(`>${octets(size).toString('base64')}<`)
  })

  it.each([
    ['without a file', [['name', 'x']], '/file'],
    [
      'with a number that is none',
      [
        ['file', file(octets(1))],
        ['pages', '0x1'],
      ],
      '/pages',
    ],
    [
      'with a number that is too small',
      [
        ['file', file(octets(1))],
        ['pages', '0'],
      ],
      '/pages',
    ],
    [
      'with a text that is too long',
      [
        ['file', file(octets(1))],
        ['name', 'x'.repeat(21)],
      ],
      '/name',
    ],
    [
      'with a text that does not match',
      [
        ['file', file(octets(1))],
        ['finger', 'xyz'],
      ],
      '/finger',
    ],
    [
      'with one part too many',
      [
        ['file', file(octets(1))],
        ['file', file(octets(1))],
      ],
      '/file',
    ],
    [
      'with too many of an array',
      [['file', file(octets(1))], ...Array.from({ length: 4 }, () => ['extra', file(octets(1))])],
      '/extra',
    ],
    [
      'with a part that the contract does not have',
      [
        ['file', file(octets(1))],
        ['__proto__', 'x'],
      ],
      '',
    ],
  ] as const)('400 %s', async (_, entries, pointer) => {
    const response = await post(form(entries as readonly (readonly [string, string | Blob])[]))
    const problem = (await response.json()) as ProblemBody
    expect(problem).toMatchObject({ status: 400, code: 'request-invalid' })
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer)
    expect(service.received).toHaveLength(0)
  })

  it.each([
    ['no Content-Disposition', 'Content-Type: text/plain'],
    ['another disposition', 'Content-Disposition: attachment; name="name"'],
    ['no name', 'Content-Disposition: form-data'],
    ['an empty name', 'Content-Disposition: form-data; name=""'],
    ['no header field that counts', 'X: y'],
  ])('400 with a part of %s', async (_, head) => {
    const response = await post(raw(`${field('file', 'x')}--b|${head}||x|--b--|`), RAW)
    const problem = (await response.json()) as ProblemBody
    expect(problem).toMatchObject({ status: 400, code: 'request-invalid' })
    expect(problem.errors).toEqual([{ pointer: '', detail: 'has a part that the contract does not have' }])
    expect(service.received).toHaveLength(0)
  })

  it.each([
    ['no boundary', 'multipart/form-data', 'x', 400, 'request-malformed'],
    ['no form', RAW, 'hello', 400, 'request-malformed'],
    ['no end', RAW, raw(field('file', 'x')), 400, 'request-malformed'],
    ['a cut header', RAW, raw('--b|Content-Disposition: form-data; na'), 400, 'request-malformed'],
    [
      'a text that is not UTF-8',
      RAW,
      Buffer.from(`${raw(field('file', 'x') + field('name', '\xff'))}--b--\r\n`, 'latin1'),
      400,
      'request-malformed',
    ],
    ['too many parts', RAW, raw(`${field('extra', '').repeat(250)}--b--|`), 400, 'request-malformed'],
    [
      'a transfer encoding',
      RAW,
      raw(`--b|Content-Disposition: form-data; name="file"|Content-Transfer-Encoding: base64||YQ==|--b--|`),
      400,
      'request-invalid',
    ],
    [
      'a nested form',
      RAW,
      raw(
        `--b|Content-Disposition: form-data; name="name"|Content-Type: multipart/mixed; boundary=c||--c||x|--c--|--b--|`,
      ),
      400,
      'request-invalid',
    ],
    [
      'a part of any media type',
      RAW,
      raw(`${field('file', 'x', '|Content-Type: application/*')}--b--|`),
      400,
      'request-invalid',
    ],
    ['any media type', '*/*', 'x', 400, 'request-malformed'],
    ['any form', 'multipart/*; boundary=b', raw(`${field('file', 'x')}--b--|`), 400, 'request-malformed'],
    ['half of a media type', 'application/*+json', '{}', 400, 'request-malformed'],
    ['another media type', 'application/x-www-form-urlencoded', 'file=x', 415, 'media-type-unsupported'],
  ])('%s', async (_, contentType, body, status, code) => {
    const response = await post(body, contentType)
    expect(await response.json()).toMatchObject({ status, code })
    expect(service.received).toHaveLength(0)
  })

  it('413 where all of it is larger than a body and its bytes may be', async () => {
    const response = await fetch(`${service.url}/photos/P-1`, {
      method: 'POST',
      body: form([['photo', file(octets(3_000_000 + MAX), 'image/png')]]),
    })
    expect(await response.json()).toMatchObject({ status: 413, code: 'request-too-large' })
  })

  it('400 where one part is larger than its maxLength', async () => {
    const response = await fetch(`${service.url}/photos/P-1`, {
      method: 'POST',
      body: form([['photo', file(octets(3_000_001), 'image/png')]]),
    })
    expect(await response.json()).toMatchObject({
      status: 400,
      errors: [{ pointer: '/photo', detail: 'must have at most 3000000 bytes' }],
    })
  })

  it('400 where a part is of another media type than its contentMediaType', async () => {
    const response = await fetch(`${service.url}/photos/P-1`, {
      method: 'POST',
      body: form([
        ['photo', file(octets(3), 'image/png')],
        ['thumb', file(octets(3), 'image/png')],
      ]),
    })
    expect(await response.json()).toMatchObject({
      status: 400,
      errors: [{ pointer: '/thumb', detail: 'must be of the media type image/gif' }],
    })
  })
})
