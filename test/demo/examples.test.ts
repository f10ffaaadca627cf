import request from 'supertest'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isObject, type OpenApiObject } from '../../src/openapi/document.js'
import { deploy } from '../end-to-end/deployment.js'

interface Media {
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
  readonly schema?: object
}
interface Parameter extends Media {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly $ref?: string
}
interface Described {
  readonly operationId: string
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly body: unknown
}

/** Everything else comes before what takes it away, and what names a version before what makes the next. */
const ORDER: readonly Described['method'][] = ['get', 'post', 'put', 'patch', 'delete']

afterEach(() => {
  vi.useRealTimers()
})

function operationsOf(document: OpenApiObject): Described[] {
  const resolve = (value: object): Record<string, unknown> =>
    ('$ref' in value
      ? String(value.$ref)
          .slice(2)
          .split('/')
          .reduce<unknown>((found, step) => (isObject(found) ? found[step] : undefined), document)
      : value) as Record<string, unknown>
  /** As the page at `/docs` fills its form. */
  const exampleOf = ({ example, examples = {}, schema = {} }: Media): unknown => {
    const { example: one, examples: several } = resolve(schema)
    const [named] = Object.values(examples)
    return example ?? named?.value ?? one ?? (Array.isArray(several) ? (several as unknown[])[0] : undefined)
  }
  const filled = (given: unknown): Parameter[] =>
    ((given ?? []) as object[])
      .map((one) => resolve(one) as unknown as Parameter)
      .map((one) => (one.required === true ? { ...one, example: exampleOf(one) } : one))
  const items = document.paths as Record<string, Record<string, Record<string, unknown>>>
  return Object.entries(items)
    .flatMap(([path, item]) =>
      ORDER.flatMap((method): Described[] => {
        const operation = item[method]
        if (!operation) return []
        const own = filled(operation.parameters)
        const shared = filled(item.parameters).filter(
          ({ name }) => !own.some((parameter) => parameter.name === name),
        )
        const body = isObject(operation.requestBody) ? resolve(operation.requestBody) : {}
        const [media] = Object.values((body.content ?? {}) as Record<string, Media>)
        return [
          {
            ...{ operationId: String(operation.operationId), method, path },
            ...{ parameters: [...shared, ...own], body: media && exampleOf(media) },
          },
        ]
      }),
    )
    .sort((a, b) => ORDER.indexOf(a.method) - ORDER.indexOf(b.method))
}

describe('each operation of the demo, with the examples of its document', () => {
  it.each([0, 1, 10])(
    'succeeds on a fresh start in %d years',
    async (years) => {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date().setFullYear(new Date().getFullYear() + years) })
      const deployment = await deploy()
      const { app } = deployment
      try {
        const document = (await request(app).get('/v1/openapi.json').expect(200)).body as OpenApiObject
        const refused: string[] = []
        const operations = operationsOf(document)
        for (const { operationId, method, path, parameters, body } of operations) {
          const given = parameters.filter(({ example }) => example !== undefined)
          const target = given
            .filter((parameter) => parameter.in === 'path')
            .reduce(
              (left, { name, example }) => left.replace(`{${name}}`, encodeURIComponent(String(example))),
              path,
            )
          const query = given.filter((parameter) => parameter.in === 'query')
          const sent = request(app)
            [method](`/v1${target}`)
            .query(Object.fromEntries(query.map(({ name, example }) => [name, example])))
          for (const one of given.filter((parameter) => parameter.in === 'header'))
            void sent.set(one.name, String(one.example))
          const { status, text } = await (body === undefined ? sent : sent.send(body as object))
          if (status >= 300) refused.push(`${operationId} ${target}: ${status} ${text}`)
        }
        expect(operations.length).toBeGreaterThan(30)
        expect(refused).toEqual([])
      } finally {
        await deployment.close()
      }
    },
    120_000,
  )
})
