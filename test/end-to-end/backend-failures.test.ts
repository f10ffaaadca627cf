import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FacadeApp } from '../../src/http/app.js'
import { loadAdapter, type MountableAdapter } from '../../src/index.js'
import type { OpenApiObject } from '../../src/openapi/document.js'
import { readContract, root } from '../oracle/contracts.js'
import { apiOf } from './api.js'
import { appOf, captureLog } from './deployment.js'
import { answer, type Script, ScriptedBackend } from './peers/scripted-backend.js'

/** Stands in everything that a backend or a client says, and must come out nowhere. */
const CANARY = 'canary-7f3a9'

const SOAP11 = 'http://schemas.xmlsoap.org/soap/envelope/'
const SOAP12 = 'http://www.w3.org/2003/05/soap-envelope'
const CORE = 'http://interchange.example/banking/core/v3'

const backend = new ScriptedBackend()
const log = captureLog()
let adapter: MountableAdapter
let app: FacadeApp
let good: string

beforeAll(async () => {
  await backend.start()
  adapter = await loadAdapter({
    contract: contractFor(backend.url, {
      breaker: { minimumCalls: 100_000 },
      maxResponseBytes: 20_000,
      timeoutMs: 400,
    }),
    baseDir: root,
    env: {},
  })
  app = appOf(adapter, log)
  await app.warmUp()
  good = String(adapter.operations.get('getAccount')?.sampleResponse({ optionals: 'all' }).body)
})

afterAll(async () => {
  await adapter.close()
  await backend.stop()
})

function contractFor(endpoint: string, policy: object): OpenApiObject {
  const contract = readContract()
  const backends = contract['x-soap-backends'] as Record<string, object>
  const banking = backends['core-banking'] ?? {}
  return {
    ...contract,
    'x-soap-backends': { ...backends, 'core-banking': { ...banking, endpoint, ...policy } },
  }
}

const envelope = (body: string, namespace = SOAP11) =>
  `<e:Envelope xmlns:e="${namespace}" xmlns:c="${CORE}" xmlns:d="http://interchange.example/banking/common/v3"><e:Body>${body}</e:Body></e:Envelope>`
const fault = (detail = '', string = CANARY) =>
  envelope(`<e:Fault><faultcode>e:Server</faultcode><faultstring>${string}</faultstring>${detail}</e:Fault>`)
const notFound = `<detail><c:AccountNotFoundFault><d:Code>AC01</d:Code><d:Text>none</d:Text><c:AccountId>AC-00000101</c:AccountId></c:AccountNotFoundFault></detail>`
const html = `<!doctype html><html><head><title>${CANARY}</title></head><body>${CANARY}<br></body></html>`

async function get(script: Script, path = '/v1/accounts/AC-00000101') {
  backend.script = script
  const response = await apiOf(app).get(path)
  expect(response.text).not.toContain(CANARY)
  expect(log.text().includes(CANARY)).toBe(false)
  return response
}

const hostile: readonly (readonly [what: string, script: Script, status: number, code: string])[] = [
  ['HTML with 200', answer(200, html, 'text/html'), 502, 'backend-not-soap'],
  ['HTML with 500', answer(500, html, 'text/html'), 502, 'backend-not-soap'],
  [
    'well-formed HTML that says it is XML',
    answer(200, `<html><body>${CANARY}</body></html>`),
    502,
    'backend-not-soap',
  ],
  ['JSON', answer(200, `{"a":"${CANARY}"}`, 'application/json'), 502, 'backend-not-soap'],
  ['nothing, with 200', answer(200, ''), 502, 'backend-not-soap'],
  ['nothing, with 500', answer(500, ''), 502, 'backend-not-soap'],
  ['nothing, with 204', (response) => response.writeHead(204).end(), 502, 'backend-not-soap'],
  [
    'a redirect',
    (response) => response.writeHead(302, { location: `http://127.0.0.1:1/${CANARY}` }).end(),
    502,
    'backend-not-soap',
  ],
  ['XML that is not a SOAP', answer(200, `<${CANARY}/>`), 502, 'backend-not-soap'],
  [
    'a DTD',
    answer(200, `<!DOCTYPE a [<!ENTITY x "${CANARY}">]>${envelope('&x;')}`),
    502,
    'backend-malformed',
  ],
  ['an entity that nobody declared', answer(200, envelope(`&${CANARY};`)), 502, 'backend-malformed'],
  [
    'bytes that are no UTF-8',
    answer(200, Buffer.concat([Buffer.from(envelope('')), Buffer.from([0xff, 0xfe])])),
    502,
    'backend-malformed',
  ],
  [
    'an envelope without a body',
    answer(200, `<e:Envelope xmlns:e="${SOAP11}"><e:Header/></e:Envelope>`),
    502,
    'backend-mismatch',
  ],
  ['an empty soap:Body', answer(200, envelope('')), 502, 'backend-mismatch'],
  ['text in soap:Body', answer(200, envelope(CANARY)), 502, 'backend-mismatch'],
  [
    'another element',
    answer(200, envelope(`<c:GetBalancesResponse>${CANARY}</c:GetBalancesResponse>`)),
    502,
    'backend-mismatch',
  ],
  [
    'the element in no namespace',
    answer(200, envelope(`<GetAccountResponse>${CANARY}</GetAccountResponse>`)),
    502,
    'backend-mismatch',
  ],
  [
    'an element more',
    answer(200, envelope(`<c:GetAccountResponse><c:${CANARY}/></c:GetAccountResponse>`)),
    502,
    'backend-mismatch',
  ],
  [
    'a fault with 500 that no contract declares',
    answer(500, fault(`<detail><x>${CANARY}</x></detail>`)),
    502,
    'backend-fault',
  ],
  [
    'a fault with 200 that no contract declares',
    answer(200, fault(`<detail><x>${CANARY}</x></detail>`)),
    502,
    'backend-fault',
  ],
  ['a fault without detail', answer(500, fault()), 502, 'backend-fault'],
  ['a fault with an empty detail', answer(500, fault('<detail/>')), 502, 'backend-fault'],
  [
    'a fault with a detail of text alone',
    answer(500, fault(`<detail>${CANARY}</detail>`)),
    502,
    'backend-fault',
  ],
  ['a fault as text/html', answer(500, fault(), 'text/html'), 502, 'backend-fault'],
  [
    'a fault of the other SOAP version',
    answer(
      500,
      envelope(
        `<e:Fault><e:Code><e:Value>e:Receiver</e:Value></e:Code><e:Reason><e:Text xml:lang="en">${CANARY}</e:Text></e:Reason></e:Fault>`,
        SOAP12,
      ),
    ),
    502,
    'backend-fault',
  ],
  [
    'a declared fault that is not as declared',
    answer(500, fault(`<detail><c:AccountNotFoundFault><c:${CANARY}/></c:AccountNotFoundFault></detail>`)),
    502,
    'backend-fault',
  ],
  ['more than it may', answer(200, envelope(`<!--${CANARY.repeat(3_000)}-->`)), 502, 'backend-too-large'],
  [
    'a length, and less',
    (response) => {
      response.writeHead(200, { 'content-type': 'text/xml', 'content-length': 9_999 })
      response.write(envelope(CANARY))
      response.destroy()
    },
    502,
    'backend-unreachable',
  ],
  [
    'a reset',
    (response) => {
      response.destroy()
    },
    502,
    'backend-unreachable',
  ],
  ['never', () => undefined, 504, 'backend-timeout'],
  [
    'half, and then never',
    (response) => {
      response.writeHead(200, { 'content-type': 'text/xml' })
      response.write('<e:Envelope')
    },
    504,
    'backend-timeout',
  ],
]

describe('a backend that answers', () => {
  it.each(hostile)('%s', async (_what, script, status, code) => {
    const response = await get(script)
    expect(response.body).toMatchObject({
      type: `/problems/${code}`,
      status,
      code,
      title: expect.stringMatching(/\S/) as string,
      detail: expect.stringMatching(/\S/) as string,
      instance: `urn:uuid:${response.headers['x-request-id'] ?? ''}`,
    })
    expect(response.status).toBe(status)
    expect(response.type).toBe('application/problem+json')
    expect(log.text().includes(`"problem":"${code}"`)).toBe(true)
  })

  it('an envelope that is cut short anywhere', async () => {
    for (let length = 1; length < good.length; length += 97) {
      const { status, body } = await get(answer(200, good.slice(0, length).replaceAll('KNOWN', CANARY)))
      expect([status, (body as { code: string }).code]).toEqual([502, 'backend-malformed'])
    }
  })

  it('text after the envelope', async () => {
    const { body } = await get(answer(200, `${good}${CANARY}`))
    expect(body).toMatchObject({ status: 502, code: 'backend-malformed' })
  })

  it('its elements in another order', async () => {
    const swapped = good.replace(/(<[^<>]*:AccountType>.*?)(<[^<>]*:Currency>[^<]*<[^<>]*>)/s, '$2$1')
    expect(swapped).not.toBe(good)
    const { body } = await get(answer(200, swapped))
    expect(body).toMatchObject({ status: 502, code: 'backend-mismatch' })
  })

  it('a text that its type does not allow', async () => {
    const broken = good.replace(/(:OpenedOn>)[^<]*/, `$1${CANARY}`)
    expect(broken).not.toBe(good)
    const { body } = await get(answer(200, broken))
    expect(body).toMatchObject({ status: 502, code: 'backend-mismatch' })
  })

  it('the envelope of the other SOAP version', async () => {
    const other = good.replaceAll(SOAP11, SOAP12)
    expect(other).not.toBe(good)
    const { status } = await get(answer(200, other, 'application/soap+xml'))
    expect(status).toBe(502)
  })

  it('what it should, in other prefixes, with a BOM, a header and comments', async () => {
    const expected = await get(answer(200, good))
    expect(expected.status).toBe(200)
    const dressed = good
      .replaceAll(/(<\/?)soap:/g, '$1zz:')
      .replaceAll('xmlns:soap=', 'xmlns:zz=')
      .replace('<zz:Body>', `<zz:Header><x>${CANARY}</x></zz:Header><!-- ${CANARY} --><zz:Body>\n`)
    const { status, body } = await get(answer(200, `\uFEFF${dressed.replace(/^<\?xml.*?\?>\s*/, '')}`))
    expect([status, body]).toEqual([200, expected.body])
  })

  it('what it should, in UTF-16 and in Latin-1', async () => {
    const document = good.replace(/^<\?xml.*?\?>\s*/, '').replace(/(:Nickname>)[^<]*/, '$1Façade')
    const utf16 = Buffer.from(`\uFEFF<?xml version="1.0" encoding="UTF-16"?>${document}`, 'utf16le')
    expect((await get(answer(200, utf16, 'text/xml'))).body).toMatchObject({ nickname: 'Façade' })
    const latin = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${document}`, 'latin1')
    expect((await get(answer(200, latin, 'text/xml'))).body).toMatchObject({ nickname: 'Façade' })
  })

  it.each([
    [200, 'text/xml'],
    [400, 'text/xml'],
    [500, 'text/xml'],
    [500, 'text/html'],
    [500, 'application/octet-stream'],
  ])('a declared fault with %i as %s', async (status, contentType) => {
    const { status: found, body } = await get(answer(status, fault(notFound), contentType))
    expect(found).toBe(404)
    expect(body).toMatchObject({ code: 'AccountNotFoundFault', fault: { accountId: 'AC-00000101' } })
  })

  it('a declared fault between details that nobody declares', async () => {
    const detail = notFound
      .replace('<detail>', `<detail><x>${CANARY}</x>`)
      .replace('</detail>', '<y/></detail>')
    const { status } = await get(answer(500, fault(detail)))
    expect(status).toBe(404)
  })

  it('nothing where nothing listens', async () => {
    await backend.stop()
    const { body } = await apiOf(app).get('/v1/accounts/AC-00000101').expect(502)
    await backend.start()
    expect(body).toMatchObject({ code: 'backend-unreachable' })
  })
})

describe('what a client sends', () => {
  it('comes out in no log line and in no problem but those that quote its own names', async () => {
    const instruction = {
      instructionId: CANARY,
      debtorAccountId: 'AC-00000101',
      creditor: { name: CANARY, iban: CANARY },
      amount: { value: CANARY, currency: CANARY },
      remittanceLines: [CANARY],
    }
    const api = apiOf(app)
    const secret = {
      authorization: `Bearer ${CANARY}`,
      cookie: `a=${CANARY}`,
      'user-agent': CANARY,
      referer: CANARY,
    }
    const answers = [
      await api.post('/v1/payments').set(secret).send(instruction),
      await api.post('/v1/payments').set(secret).set('content-type', 'application/json').send(`{"${CANARY}`),
      await api.post('/v1/payments').set(secret).set('content-type', `x/${CANARY}`).send('x'),
      await api.get(`/v1/accounts/${CANARY}`).set(secret),
      await api.get(`/v1/${CANARY}`).set(secret),
      await api.get(`/${CANARY}`).set(secret),
      await api.get(`/v1/accounts/AC-00000101/transactions?after=${CANARY}&limit=${CANARY}`).set(secret),
      await api.get('/v1/patients/P00000001').set('purpose-of-use', CANARY),
      await api.get('/v1/accounts/AC-00000101').set('x-request-id', `<${CANARY}>`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 415, 400, 404, 404, 400, 400, 404])
    for (const { text } of answers) expect(text).not.toContain(CANARY)
    expect(log.text().includes(CANARY)).toBe(false)
  })

  it('does not come out of an encoder that refuses it', async () => {
    const { text } = await apiOf(app)
      .post('/v1/payments')
      .send({
        instructionId: 'x',
        debtorAccountId: 'AC-00000101',
        creditor: { name: `${CANARY}\u0000`, iban: 'XK051212012345678906' },
        amount: { value: '1', currency: 'EUR' },
      })
      .expect(422)
    expect(JSON.parse(text)).toMatchObject({
      code: 'request-unencodable',
      errors: [{ pointer: '/creditor/name' }],
    })
    expect(text).not.toContain(CANARY)
    expect(log.text().includes(CANARY)).toBe(false)
  })
})
