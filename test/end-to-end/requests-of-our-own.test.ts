import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RestOperation, SoapResponse } from '../../src/adapter/rest.js'
import type { MountableAdapter } from '../../src/index.js'
import { type Front, openFront, shippedAdapter } from './front.js'
import { ScriptedBackend } from './peers/scripted-backend.js'
import { writeRequest } from './request-faults.js'
import { type RestCall, sampleCall } from './rest-call.js'

const backend = new ScriptedBackend()
/** Whom nobody may call; every value points at it. */
const elsewhere = new ScriptedBackend()
let adapter: MountableAdapter
let front: Front
let answer: SoapResponse

beforeAll(async () => {
  await backend.start()
  await elsewhere.start()
  backend.script = (response) => {
    response.writeHead(answer.status, { ...answer.headers })
    response.end(answer.body)
  }
  adapter = await shippedAdapter(backend.url)
  front = await openFront(adapter)
})

afterAll(async () => {
  await front.close()
  await Promise.all([backend.stop(), elsewhere.stop()])
})

beforeEach(() => {
  expect(elsewhere.calls).toBe(0)
})

async function send(operation: RestOperation, call: RestCall): Promise<number> {
  const { method, target, headers, body } = writeRequest(operation, call)
  const init = { method, headers: { ...headers }, ...(body !== undefined && { body }) }
  const response = await fetch(`${front.url}/v1${target}`, init)
  await response.text()
  return response.status
}

/** The value with each of its texts replaced, one at a time. */
function* withText(value: unknown, text: string): Generator {
  if (typeof value === 'string') yield text
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      for (const changed of withText(member, text)) {
        yield Array.isArray(value) ? value.with(Number(name), changed) : { ...value, [name]: changed }
      }
    }
  }
}

describe('nobody but the backend is called', () => {
  it('for a value of a request that is a URL, wherever it is', async () => {
    for (const operation of adapter.operations.values()) {
      answer = operation.sampleResponse({ optionals: 'none' })
      for (const call of withText(sampleCall(operation), elsewhere.url))
        await send(operation, call as RestCall)
    }
    expect(backend.calls).toBeGreaterThan(20)
    expect(elsewhere.calls).toBe(0)
  })

  it('for a URL in a text of a response, in xsi:schemaLocation, an instruction or a redirect', async () => {
    for (const operation of adapter.operations.values()) {
      const sample = operation.sampleResponse({ optionals: 'all' })
      const text = String(sample.body)
      const { url } = elsewhere
      const bodies = [
        text.replaceAll(/>[^<>]+</g, `>${url}<`),
        text.replace(
          /<(\S+:Envelope)/,
          `<$1 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:a ${url}"`,
        ),
        text.replace(/<(\S+:Envelope)/, `<?xml-stylesheet href="${url}"?><$1`),
        `<!DOCTYPE a SYSTEM "${url}">${text}`,
        `<!DOCTYPE a [<!ENTITY % e SYSTEM "${url}"> %e;]>${text}`,
      ]
      const answers = [
        ...bodies.map((body) => ({ ...sample, body })),
        ...[201, 301, 302, 303, 307, 308].map((status) => ({
          ...sample,
          status,
          headers: {
            ...sample.headers,
            location: url,
            refresh: `0; url=${url}`,
            link: `<${url}>; rel=preload`,
          },
        })),
      ]
      for (const one of answers) {
        answer = one
        await send(operation, sampleCall(operation, 'none'))
      }
    }
    expect(elsewhere.calls).toBe(0)
  })

  it.each([
    ['an absolute target', (url: string) => `GET ${url} HTTP/1.1\r\nHost: x\r\n`, 404],
    [
      'an absolute target with a path of ours',
      (url: string) => `GET ${new URL(url).origin}/v1/accounts/AC-00000101 HTTP/1.1\r\nHost: x\r\n`,
      200,
    ],
    ['a target with a name', (url: string) => `GET http://u:p@${url.slice(7)} HTTP/1.1\r\nHost: x\r\n`, 400],
    [
      'a target of another scheme',
      (url: string) =>
        `GET ftp${new URL(url).origin.slice(4)}/v1/accounts/AC-00000101 HTTP/1.1\r\nHost: x\r\n`,
      400,
    ],
    ['the authority form', (url: string) => `CONNECT ${new URL(url).host} HTTP/1.1\r\nHost: x\r\n`, 0],
    ['Host', (url: string) => `GET /v1/accounts/AC-00000101 HTTP/1.1\r\nHost: ${new URL(url).host}\r\n`, 200],
    ...[
      'Forwarded: host=',
      'X-Forwarded-Host: ',
      'X-Forwarded-Server: ',
      'X-Original-URL: ',
      'X-Rewrite-URL: ',
      'Referer: ',
      'Origin: ',
      'Via: 1.1 ',
    ].map(
      (header) =>
        [
          header,
          (url: string) => `GET /v1/accounts/AC-00000101 HTTP/1.1\r\nHost: x\r\n${header}${url}\r\n`,
          200,
        ] as const,
    ),
  ] as const)('for %s', async (_what, head, status) => {
    answer = adapter.operations.get('getAccount')?.sampleResponse({ optionals: 'none' }) ?? answer
    const socket = connect(front.port, '127.0.0.1')
    socket.on('error', () => undefined)
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.write(`${head(elsewhere.url)}X-API-Key: any\r\nConnection: close\r\n\r\n`)
    await once(socket, 'close')
    const text = Buffer.concat(chunks).toString()
    expect(text).toMatch(status === 0 ? /^(?:HTTP\/1\.1 4\d\d |$)/ : new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(text).not.toContain(new URL(elsewhere.url).host)
    expect(elsewhere.calls).toBe(0)
  })
})
