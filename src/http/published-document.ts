import { createHash } from 'node:crypto'
import { type RequestHandler } from 'express'
import { type OpenApiObject } from '../openapi/document.js'
import { readOnly } from './read-only.js'

/** Serves the OpenAPI document from a buffer, with a strong ETag (RFC 9110, section 8.8.3). */
export function publishedDocument(document: OpenApiObject): RequestHandler {
  const body = Buffer.from(JSON.stringify(document))
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
  return readOnly((req, res) => {
    res.setHeader('etag', etag)
    res.setHeader('cache-control', 'no-cache')
    if (req.headers['if-none-match']?.includes(etag)) {
      res.writeHead(304).end()
      return
    }
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': body.byteLength })
    res.end(req.method === 'HEAD' ? undefined : body)
  })
}
