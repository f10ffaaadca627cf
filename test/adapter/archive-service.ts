import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createRouter, type RouterOptions } from '../../src/http/router.js'
import { archive, type ArchiveOptions } from './archive-contract.js'

export interface ReceivedMessage {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface PreparedAnswer {
  readonly status?: number
  readonly contentType?: string
  readonly body: string | Uint8Array
}

/** The facade over the archive's contract, between a client and a backend that answers what it is told. */
export interface ArchiveService {
  /** Of the facade, with its base path. */
  readonly url: string
  /** What the backend got, oldest first. */
  readonly received: ReceivedMessage[]
  answer: PreparedAnswer | ((message: ReceivedMessage) => PreparedAnswer)
  close(): Promise<void>
}

export async function startArchive(
  options: Omit<ArchiveOptions, 'endpoint'> = {},
  router: RouterOptions = {},
): Promise<ArchiveService> {
  const received: ReceivedMessage[] = []
  const backend = await listen((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const message = { headers: req.headers, body: Buffer.concat(chunks) }
      received.push(message)
      const { answer } = service
      const {
        status = 200,
        contentType = 'text/xml',
        body,
      } = typeof answer === 'function' ? answer(message) : answer
      res.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) })
      res.end(body)
    })
  })
  const adapter = archive({ ...options, endpoint: urlOf(backend) })
  const front = await listen(express().use(createRouter(adapter, router)))
  const service: ArchiveService = {
    url: `${urlOf(front)}/v1`,
    received,
    answer: { body: '' },
    close: async () => {
      front.close()
      await adapter.close()
      backend.close()
    },
  }
  return service
}

async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/'
export const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope'

export function envelope(content: string, namespace = SOAP_11): string {
  return `<e:Envelope xmlns:e="${namespace}"><e:Body>${content}</e:Body></e:Envelope>`
}

export const stored = envelope('<StoreResponse xmlns="urn:a"><Id>D-1</Id></StoreResponse>')

/** @param members of the document, as XML */
export function fetched(members: string, namespace = SOAP_11): string {
  return envelope(`<FetchResponse xmlns="urn:a"><Document>${members}</Document></FetchResponse>`, namespace)
}

export function include(contentId: string): string {
  return `<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:${contentId}"/>`
}

/** Octets of every value, the same for the same length. */
export function octets(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8)) & 0xff
  return bytes
}

export interface WrittenPart {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** A multipart/related message, written by hand: as it should be, or not. */
export function multipart(
  parts: readonly WrittenPart[],
  parameters = '; type="application/xop+xml"; start="<root>"; start-info="text/xml"',
): PreparedAnswer {
  const chunks = parts.flatMap(({ headers, body }) => [
    Buffer.from(
      `\r\n--b-1\r\n${Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
    ),
    Buffer.from(body),
  ])
  return {
    contentType: `multipart/related; boundary=b-1${parameters}`,
    body: Buffer.concat([...chunks, Buffer.from('\r\n--b-1--\r\n')]),
  }
}

/** The same with an envelope first. */
export function mtom(root: string, ...parts: readonly WrittenPart[]): PreparedAnswer {
  const headers = {
    'Content-Type': 'application/xop+xml; charset=UTF-8; type="text/xml"',
    'Content-Transfer-Encoding': 'binary',
    'Content-ID': '<root>',
  }
  return multipart([{ headers, body: root }, ...parts])
}

export function part(
  contentId: string,
  body: Uint8Array | string,
  mediaType = 'application/octet-stream',
): WrittenPart {
  return {
    headers: {
      'Content-Type': mediaType,
      'Content-Transfer-Encoding': 'binary',
      'Content-ID': `<${contentId}>`,
    },
    body,
  }
}
