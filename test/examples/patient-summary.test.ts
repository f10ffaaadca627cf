import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Example, SLOW } from './example.js'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.log('skipped: the keys of the example need the openssl command')

describe.skipIf(!hasOpenssl)('patient-summary', () => {
  let example: Example
  let authorization = ''
  beforeAll(async () => {
    example = await Example.start('patient-summary')
    const [, file = ''] = /-H @(\S+)/.exec(example.printed) ?? []
    authorization = readFileSync(file, 'utf8').replace('Authorization: ', '').trim()
  }, SLOW)
  afterAll(() => example.stop())

  const read = (path: string): Promise<{ status: number; body: unknown }> =>
    example.json(path, { headers: { authorization } })

  it('gives summary and documents of a patient of the doctor', async () => {
    expect(await read('/v1/patients/P-1001/summary')).toMatchObject({
      status: 200,
      body: { name: 'Maren Holt', born: '1958-03-14', allergies: ['Penicillin'] },
    })
    expect(await read('/v1/patients/P-1001/documents')).toMatchObject({
      status: 200,
      body: { items: [{ documentId: 'D-17', title: 'Discharge letter' }, { documentId: 'D-21' }] },
    })
  })

  it('gives a document as the PDF that came by MTOM', async () => {
    const response = await fetch(`${example.url}/v1/documents/D-17`, { headers: { authorization } })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf'])
    const pdf = Buffer.from(await response.arrayBuffer()).toString('latin1')
    expect(pdf).toMatch(/^%PDF-1\.4\n.*Discharge letter.*\n%%EOF\n$/s)
    const start = Number(/startxref\n(\d+)/.exec(pdf)?.[1])
    expect(pdf.slice(start, start + 4)).toBe('xref')
  })

  it('answers one query over both registries', async () => {
    const [, query = ''] = /-d '(\{"query".*\})' /.exec(example.printed) ?? []
    const { body } = await example.post('/graphql', JSON.parse(query), { authorization })
    const file = { mediaType: 'application/pdf', base64: expect.stringMatching(/^JVBERi0/) as unknown }
    expect(body).toEqual({
      data: {
        patientSummary: {
          name: 'Maren Holt',
          allergies: ['Penicillin'],
          documents: {
            items: [
              { title: 'Discharge letter', file },
              { title: 'Laboratory report', file },
            ],
          },
        },
      },
    })
  })

  it.each(['/v1/patients/P-1002/summary', '/v1/patients/P-9/documents', '/v1/documents/D-30'])(
    'refuses %s as the registries do',
    async (path) => {
      expect(await read(path)).toMatchObject({ status: 403, body: { code: 'AccessDenied' } })
    },
  )

  it('asks for a token', async () => {
    expect((await example.json('/v1/patients/P-1001/summary')).status).toBe(401)
  })

  it('tells in the audit log who read what, and of no patient', async () => {
    const [, file = ''] = /cat (\S+)/.exec(example.printed) ?? []
    const requestId = 'f6b1a1de-30c4-4f0a-9b0e-5d3f8f1f2f11'
    await fetch(`${example.url}/v1/patients/P-1002/summary`, {
      headers: { authorization, 'x-request-id': requestId },
    })
    const lineOf = (): string =>
      readFileSync(file, 'utf8')
        .split('\n')
        .find((line) => line.includes(requestId)) ?? '{}'
    await expect
      .poll(() => JSON.parse(lineOf()) as unknown, { timeout: 30_000 })
      .toMatchObject({
        subject: 'okafor',
        client: 'ward',
        operationId: 'getPatientSummary',
        outcome: 'denied',
      })
    expect(readFileSync(file, 'utf8')).not.toMatch(/P-100|Holt|Breuer/)
  })

  it('has a registry that refuses what is not signed by those whom it knows', async () => {
    const [, registry = ''] = /<\/e:Envelope>' (\S+)/.exec(example.printed) ?? []
    const ask = async (header: string): Promise<string> => {
      const content = `<e:Header>${header}</e:Header><e:Body><GetSummary xmlns="urn:example:registry"><PatientId>P-1001</PatientId></GetSummary></e:Body>`
      const body = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">${content}</e:Envelope>`
      const response = await fetch(registry, { method: 'POST', body })
      expect(response.status).toBe(500)
      return response.text()
    }
    const { saml } = decodeJwt<{ saml: string }>(authorization.replace('Bearer ', ''))
    expect(await ask('')).toContain('one SAML assertion')
    expect(await ask(saml)).toContain('One signature is needed')
    expect(await ask(saml.replace('okafor', 'lindqvist'))).toContain('signature does not fit')
  })
})
