import { createHash } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { OpenApiObject } from '../../openapi/document.js'
import { toOpenApi30 } from '../../openapi/three-zero/document.js'
import { yamlText } from '../../openapi/yaml-style.js'
import { type Coding, codingFor, compress } from '../answer/compression.js'
import { readOnly } from './read-only.js'

interface Form {
  readonly mediaType: string
  readonly text: (document: OpenApiObject) => string
}

const json: Form = { mediaType: 'application/json', text: (document) => JSON.stringify(document) }
/** RFC 9512. */
const yaml: Form = { mediaType: 'application/yaml', text: yamlText }

function in30({ mediaType, text }: Form): Form {
  return { mediaType, text: (document) => text(toOpenApi30(document).document) }
}

/** Where the document is served, below the base path, and how it is written there. */
const FORMS: ReadonlyMap<string, Form> = new Map([
  ['/openapi.json', json],
  ['/openapi.yaml', yaml],
  ['/openapi-3.0.json', in30(json)],
  ['/openapi-3.0.yaml', in30(yaml)],
])

/** Is the document served at a path below the base path? */
export function isDocumentPath(path: string): boolean {
  return FORMS.has(path)
}

/**
 * Serves the OpenAPI document, in each of its forms, by the path below the base path.
 *
 * @param compressFrom bytes from which on it is compressed for clients that take that; 0 for never
 * @param describe asked once, when the document is first asked for
 */
export function publishedDocument(
  compressFrom: number,
  describe: () => Promise<OpenApiObject>,
): (path: string) => RequestHandler | undefined {
  let described: Promise<OpenApiObject> | undefined
  const document = (): Promise<OpenApiObject> => (described ??= describe())
  const pages = new Map([...FORMS].map(([path, form]) => [path, page(document, form, compressFrom)]))
  return (path) => pages.get(path)
}

interface Tagged {
  readonly body: Buffer
  readonly etag: string
}

/**
 * From a buffer for each coding, which is made when it is first asked for, with a strong ETag (RFC 9110, section 8.8.3).
 * Everybody gets the same, and nothing of a request is in it: it may be compressed for all.
 */
function page(
  document: () => Promise<OpenApiObject>,
  { mediaType, text }: Form,
  compressFrom: number,
): RequestHandler {
  let made: Promise<Buffer> | undefined
  const forms = new Map<Coding | undefined, Promise<Tagged>>()
  const formOf = (coding: Coding | undefined): Promise<Tagged> => {
    made ??= document().then((value) => Buffer.from(text(value)))
    const form =
      forms.get(coding) ??
      made.then((body) => (coding ? compress(body, coding) : body)).then((body) => tagged(body))
    forms.set(coding, form)
    return form
  }
  return readOnly(async (req, res) => {
    const plain = compressFrom > 0 ? await formOf(undefined) : undefined
    const mayCode = plain !== undefined && plain.body.byteLength >= compressFrom
    const coding = mayCode ? codingFor(req.headers['accept-encoding']) : undefined
    const { body, etag } = await formOf(coding)
    if (mayCode) res.vary('Accept-Encoding')
    res.setHeader('etag', etag)
    res.setHeader('cache-control', 'no-cache')
    if (req.headers['if-none-match']?.includes(etag)) {
      res.writeHead(304).end()
      return
    }
    if (coding) res.setHeader('content-encoding', coding)
    res.writeHead(200, { 'content-type': mediaType, 'content-length': body.byteLength })
    res.end(req.method === 'HEAD' ? undefined : body)
  })
}

function tagged(body: Buffer): Tagged {
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` }
}
