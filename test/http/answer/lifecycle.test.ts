import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { ContractError } from '../../../src/base/errors.js'
import type { OpenApiObject } from '../../../src/openapi/document.js'
import { sampleApp } from '../sample-app.js'

const responses = { 200: { description: 'ok' } }

function documentOf(ofAll: unknown, own?: unknown): OpenApiObject {
  const lifecycle = (value: unknown) => (value === undefined ? {} : { 'x-lifecycle': value })
  return {
    ...{ openapi: '3.1.0', info: { title: 'A', version: '1' }, servers: [{ url: '/v1' }], security: [] },
    paths: {
      '/a': { get: { operationId: 'a', responses } },
      '/b': { get: { operationId: 'b', responses, ...lifecycle(own) } },
    },
    ...lifecycle(ofAll),
  }
}

const fieldsOf = async (document: OpenApiObject, path: string) => {
  const { headers } = await request(sampleApp({}, { document }).app).get(path)
  return [headers.deprecation, headers.sunset, headers.link]
}

describe('the end of an operation', () => {
  const policy = 'https://bank.example/v1-ends'
  const ofAll = { deprecated: '2026-11-29', sunset: '2027-06-30T10:00:00+02:00', policy, successor: '/v2/' }

  it('is told in all of its responses, refusals too', async () => {
    const told = [
      '@1795910400',
      'Wed, 30 Jun 2027 08:00:00 GMT',
      `<${policy}>; rel="deprecation", <${policy}>; rel="sunset", </v2/>; rel="successor-version"`,
    ]
    const document = documentOf(ofAll)
    expect(await fieldsOf(document, '/v1/a')).toEqual(told)
    expect(await fieldsOf(document, '/v1/a?unknown=1')).toEqual(told)
    expect(await fieldsOf(document, '/v1/none')).toEqual([undefined, undefined, undefined])
  })

  it('is what the operation itself says, before what the document says', async () => {
    const document = documentOf(ofAll, { sunset: '2028-01-01' })
    const own = [undefined, 'Sat, 01 Jan 2028 00:00:00 GMT', undefined]
    expect(await fieldsOf(document, '/v1/b')).toEqual(own)
    expect(await fieldsOf(documentOf(undefined, { sunset: '2028-01-01' }), '/v1/a')).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it.each([
    ['soon', 'must be a map'],
    [{ deprecated: 'soon' }, 'deprecated must be a day'],
    [{ deprecated: '2026-02-30x' }, 'deprecated must be a day'],
    [{ sunset: '2027-06-30T10:00:00' }, 'offset'],
    [{ deprecated: '2027-01-01', sunset: '2026-01-01' }, 'must not be before'],
    [{ policy: 'javascript:alert(1)' }, 'policy must be a URL'],
    [{ policy: 'https://a.example/> ; rel=x' }, 'policy must be a URL'],
    [{ successors: '/v2' }, 'has no successors'],
  ])('is refused at start where it is %j', (written, message) => {
    const messages = (): string[] => {
      try {
        sampleApp({}, { document: documentOf(undefined, written) })
        return []
      } catch (error) {
        if (error instanceof ContractError)
          return error.diagnostics.map(({ code, message: said }) => `${code}: ${said}`)
        throw error
      }
    }
    expect(messages()).toEqual([expect.stringContaining(message)])
    expect(messages()[0]).toMatch(/^lifecycle-invalid/)
  })
})
