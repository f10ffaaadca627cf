import { describe, expect, it } from 'vitest'
import type { RestResponse } from '../../../src/adapter/rest.js'
import { describe as describeFacade } from '../../../src/http/description/describe.js'
import type { OpenApiObject } from '../../../src/openapi/document.js'
import { facadeOf } from '../sample-facade.js'

const PROBLEM = 'application/problem+json'
const problem = { content: { [PROBLEM]: { schema: { $ref: '#/components/schemas/Problem' } } } }

interface Response {
  readonly $ref?: string
  readonly description?: string
  readonly content?: Record<string, { example?: { code: string }; examples?: object }>
}

/** A document whose operations have these responses, by their names. */
function documentOf(operations: Record<string, object>, more: object = {}): OpenApiObject {
  const paths = Object.entries(operations).map(([operationId, operation]) => [
    `/${operationId}`,
    { get: { operationId, responses: { 200: { description: 'ok' } }, ...operation } },
  ])
  return {
    ...{ openapi: '3.1.0', info: { title: 'A', version: '1' }, security: [] },
    paths: Object.fromEntries(paths) as object,
    ...more,
  }
}

/** @param faults what each operation refuses with */
async function described(document: OpenApiObject, faults: Record<string, string> = {}) {
  const facade = facadeOf(document)
  for (const [operationId, fault] of Object.entries(faults)) {
    const operation = facade.operations.get(operationId)
    const body = JSON.stringify({
      type: `/problems/declared-fault#${fault}`,
      title: fault,
      status: 404,
      code: fault,
    })
    const response: RestResponse = { status: 404, headers: { 'content-type': PROBLEM }, body, fault }
    if (operation) Object.assign(operation, { examples: () => [{ response }] })
  }
  const root = JSON.parse(JSON.stringify(await describeFacade(facade))) as {
    paths: Record<string, { get: { responses: Record<string, Response> } }>
    components: { responses: Record<string, Response>; schemas?: object }
  }
  return { root, responses: (id: string) => root.paths[`/${id}`]?.get.responses ?? {} }
}

describe('responses that the contract does not declare', () => {
  const schemes = {
    components: {
      securitySchemes: {
        Key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        Token: { type: 'http', scheme: 'bearer' },
        Certificate: { type: 'mutualTLS' },
      },
    },
  }
  it.each([
    ['open', [], ['200', '429', 'default'], undefined],
    [
      'a key',
      [{ Key: [] }],
      ['200', '401', '403', '429', 'default'],
      'The request has no API key: send it in the header field X-API-Key.',
    ],
    [
      'a token, if there is one',
      [{ Token: [] }, {}],
      ['200', '401', '403', '429', 'default'],
      'The request has no access token.',
    ],
    [
      'a certificate',
      [{ Certificate: [] }],
      ['200', '401', '429', 'default'],
      'The connection has no client certificate.',
    ],
  ])('%s', async (_, security, keys, detail) => {
    const { root, responses } = await described(documentOf({ a: { security } }, schemes))
    expect(Object.keys(responses('a'))).toEqual(keys)
    expect(root.components.responses.Unauthenticated?.content?.[PROBLEM]?.example).toEqual(
      detail === undefined ? undefined : expect.objectContaining({ detail, status: 401 }),
    )
    expect(root.components.schemas).toHaveProperty('Problem.required', ['type', 'title', 'status', 'code'])
  })

  it('stay as the contract has them', async () => {
    const own = { description: 'Mine.' }
    const { responses } = await described(
      documentOf({ a: { responses: { 200: own, 429: own, default: own } } }),
    )
    expect(responses('a')['429']?.description).toBe('Mine.')
    expect(responses('a')['429']?.content?.[PROBLEM]?.example?.code).toBe('rate-limited')
    expect(responses('a').default?.content?.[PROBLEM]?.example?.code).toBe('internal')
  })
})

describe('examples', () => {
  const shared = { $ref: '#/components/responses/NotFound' }
  const operation = { responses: { 200: { description: 'ok' }, 404: shared } }
  const components = { components: { responses: { NotFound: { description: 'No.', ...problem } } } }

  it('of a component that operations share stand there once', async () => {
    const { root, responses } = await described(documentOf({ a: operation, b: operation }, components), {
      a: 'NoneFault',
      b: 'NoneFault',
    })
    expect([responses('a')['404'], responses('b')['404']]).toEqual([shared, shared])
    expect(root.components.responses.NotFound?.content?.[PROBLEM]?.example?.code).toBe('NoneFault')
  })

  it('stand at the operation where it has others', async () => {
    const { root, responses } = await described(documentOf({ a: operation, b: operation }, components), {
      a: 'NoneFault',
      b: 'GoneFault',
    })
    expect(root.components.responses.NotFound?.content?.[PROBLEM]?.example?.code).toBe('NoneFault')
    expect(responses('a')['404']).toEqual(shared)
    expect(responses('b')['404']?.content?.[PROBLEM]?.example?.code).toBe('GoneFault')
  })

  it('of the contract stay, and are all that a response has', async () => {
    const example = { code: 'mine' }
    const { responses } = await described(
      documentOf({ a: { responses: { 404: { description: 'No.', content: { [PROBLEM]: { example } } } } } }),
      { a: 'NoneFault' },
    )
    expect(responses('a')['404']?.content?.[PROBLEM]).toEqual({ example })
  })

  it('of a range and of the default are of a status that no other is about', async () => {
    const { responses } = await described(
      documentOf({
        a: {
          responses: {
            404: { description: 'No.' },
            '4XX': { description: 'No.' },
            default: { description: 'No.' },
          },
        },
      }),
      { a: 'NoneFault' },
    )
    expect(responses('a')['404']?.content?.[PROBLEM]?.example?.code).toBe('NoneFault')
    expect(responses('a')['4XX']?.content?.[PROBLEM]?.example?.code).toBe('request-invalid')
    expect(responses('a').default?.content?.[PROBLEM]?.example?.code).toBe('internal')
  })

  it('that a double would change are not given', async () => {
    const facade = facadeOf(documentOf({ a: {} }))
    const response: RestResponse = {
      ...{ status: 200, headers: { 'content-type': 'application/json' } },
      body: '{"id":9007199254740993}',
    }
    Object.assign(facade.operations.get('a') ?? {}, { examples: () => [{ response }] })
    expect(JSON.stringify(await describeFacade(facade))).not.toContain('90071992547409')
  })
})
