import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import {
  execute,
  type ExecutionResult,
  getNamedType,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isUnionType,
  NoUnusedVariablesRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import type { RestResponse } from '../../src/adapter/rest.js'
import { AdapterError } from '../../src/base/errors.js'
import { CallContext } from '../../src/graphql/call-context.js'
import { Execution } from '../../src/graphql/execution.js'
import { buildSchema } from '../../src/graphql/schema.js'
import type { OperationCalls, Origin } from '../../src/http/operations/calls.js'
import { sampleApp } from '../http/sample-app.js'
import fc from '../oracle/property.js'
import { contractOf, returns, takes } from './graphql-app.js'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const list = (items: object) => ({ type: 'array', items })
const kind = (name: string, required: string[], properties: object) => ({
  ...{ type: 'object', required: ['kind', ...required] },
  properties: { kind: { type: 'string', enum: [name] }, ...properties },
})
const document = contractOf(
  {
    '/nodes/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      get: { operationId: 'getNode', responses: returns(ref('Node')) },
    },
    '/nodes': { get: { operationId: 'listNodes', responses: returns(list(ref('Node'))) } },
    '/change': {
      post: { operationId: 'change', requestBody: takes({}), responses: returns(ref('Node')) },
    },
    '/close': { post: { operationId: 'close', responses: { 204: { description: '' } } } },
  },
  {
    Node: {
      type: 'object',
      required: ['id', 'shape', 'tags'],
      properties: {
        id: { type: 'string' },
        shape: ref('Shape'),
        tags: list({ type: 'string' }),
        rows: list(list({ type: 'integer', format: 'int32' })),
        child: ref('Node'),
        note: { type: ['string', 'null'] },
        open: { type: 'boolean' },
        ratio: { type: 'number', format: 'double' },
        amount: { type: 'number' },
        count: { type: 'integer' },
        colour: { type: 'string', enum: ['RED', 'light-blue'] },
        any: {},
        constructor: { type: 'string' },
      },
    },
    Shape: {
      oneOf: [ref('Circle'), ref('Square')],
      discriminator: { propertyName: 'kind' },
    },
    Circle: kind('Circle', ['radius'], {
      radius: { type: 'integer', format: 'int32' },
      name: { type: 'string' },
    }),
    Square: kind('Square', ['side'], {
      side: { type: 'integer' },
      name: { type: 'string' },
      node: ref('Node'),
    }),
  },
)

/** Every query has the same variables, whether it has a use for them or not. */
const rules = specifiedRules.filter((rule) => rule !== NoUnusedVariablesRule)

type Generate = fc.GeneratorValue

const evenly = (max: number) => fc.noBias(fc.nat({ max }))

function oneOf<T>(g: Generate, ...values: T[]): T {
  return values[g(evenly, values.length - 1)] as T
}

/** A value for a type: nearly always one that fits it. */
function valueOf(g: Generate, type: string, depth = 0): unknown {
  const chance = (percent: number): boolean => g(evenly, 99) < percent
  const number = (max: number): number => g(evenly, max)
  if (chance(1)) return oneOf<unknown>(g, null, 7.5, 'text', {}, [])
  switch (type) {
    case 'text':
      return oneOf<unknown>(g, 'a', '', '"\\\u2028', 'é')
    case 'int':
      return chance(2) ? 2 ** 40 : number(9)
    case 'colour':
      return chance(2) ? 'green' : oneOf<unknown>(g, 'RED', 'light-blue')
    case 'shape': {
      const name = oneOf<unknown>(g, 'Circle', 'Square', ...(chance(3) ? ['Heart'] : []))
      return {
        kind: name,
        ...(name === 'Circle' ? { radius: valueOf(g, 'int') } : { side: number(9) }),
        ...(chance(50) && { name: valueOf(g, 'text') }),
        ...(depth < 2 && chance(30) && { node: valueOf(g, 'node', depth + 1) }),
      }
    }
    default: {
      const several = <T>(make: () => T): T[] => Array.from({ length: number(2) }, make)
      const members: Record<string, () => unknown> = {
        tags: () => several(() => valueOf(g, 'text')),
        rows: () => several(() => several(() => valueOf(g, 'int'))),
        child: () => (depth < 2 ? valueOf(g, 'node', depth + 1) : null),
        note: () => oneOf<unknown>(g, null, 'note'),
        open: () => chance(50),
        ratio: () => number(9) / 4,
        amount: () => number(9) / 8,
        count: () => 2 ** 50 + number(9),
        colour: () => valueOf(g, 'colour'),
        any: () => oneOf<unknown>(g, 1, 'x', { y: [1, null] }, [{}]),
        constructor: () => 'built',
      }
      const optional = Object.entries(members).filter(([name]) => (name === 'tags' ? !chance(1) : chance(50)))
      return {
        ...{ id: valueOf(g, 'text'), shape: valueOf(g, 'shape', depth) },
        ...Object.fromEntries(optional.map(([name, make]) => [name, make()])),
      }
    }
  }
}

/** A query that may be wrong, of fields, aliases, fragments and directives. */
class Query {
  readonly #g: Generate
  readonly #schema: GraphQLSchema
  readonly #fragments: string[] = []

  constructor(g: Generate, schema: GraphQLSchema) {
    this.#g = g
    this.#schema = schema
  }

  text(): string {
    if (this.#chance(15)) {
      const change = `change(input: $any) ${this.#selection('Node', 0)}`
      const more = this.#chance(50) ? ' close' : ''
      return `mutation ($any: JSON, $yes: Boolean = true) { ${change}${more} } ${this.#fragments.join(' ')}`
    }
    const roots = [
      () => `node(id: "1") ${this.#selection('Node', 0)}`,
      () => `nodes ${this.#selection('Node', 0)}`,
      () => `again: node(id: $id) ${this.#selection('Node', 0)}`,
      () => 'alias: __typename',
    ].filter((_, index) => this.#chance(index < 3 ? 45 : 10))
    const fields = roots.length > 0 ? roots.map((root) => root()).join(' ') : '__typename'
    return `query ($id: String!, $yes: Boolean = true) { ${fields} } ${this.#fragments.join(' ')}`
  }

  #chance(percent: number): boolean {
    return this.#g(evenly, 99) < percent
  }

  #selection(typeName: string, depth: number): string {
    const type = this.#schema.getType(typeName)
    const names = isUnionType(type) ? type.getTypes().map(({ name }) => name) : []
    const some = (make: () => string, percent: number): string[] => (this.#chance(percent) ? [make()] : [])
    const fields = type instanceof GraphQLObjectType ? Object.values(type.getFields()) : []
    const parts = [
      ...some(() => '__typename', 20),
      ...some(() => 'same: __typename', 10),
      ...fields.flatMap(({ name, type: of }) => some(() => this.#field(name, of, depth), 40)),
      ...fields.flatMap(({ name, type: of }) => some(() => this.#field(name, of, depth), 5)),
      ...names.flatMap((name) => some(() => `... on ${name} ${this.#selection(name, depth + 1)}`, 60)),
      ...some(() => `... ${this.#selection(typeName, depth + 1)}`, depth < 2 ? 10 : 0),
      ...some(() => this.#fragment(typeName, depth), depth < 2 ? 15 : 0),
    ]
    return `{ ${parts.length > 0 ? parts.join(' ') : '__typename'} }`
  }

  #field(name: string, type: GraphQLOutputType, depth: number): string {
    const own = `${this.#chance(10) ? `the_${name}: ` : ''}${name}`
    const asked = this.#chance(1) ? `${own} ${oneOf(this.#g, '@skip', '@include')}(if: $yes)` : own
    const named = getNamedType(type)
    if (!(named instanceof GraphQLObjectType) && !isUnionType(named)) return asked
    return depth < 3 ? `${asked} ${this.#selection(named.name, depth + 1)}` : '__typename'
  }

  #fragment(typeName: string, depth: number): string {
    const name = `f${this.#fragments.length}`
    const index = this.#fragments.push('') - 1
    this.#fragments[index] = `fragment ${name} on ${typeName} ${this.#selection(typeName, depth + 1)}`
    return this.#chance(20) ? `...${name} ...${name}` : `...${name}`
  }
}

/** A result as JSON; the order of errors is that in which fields happened to fail. */
function textOf({ errors, ...others }: ExecutionResult): string {
  return JSON.stringify([others, errors?.map((error) => JSON.stringify(error)).sort()])
}

/** Answers of one operation: content, or a failure. */
function answerOf(g: Generate, content: unknown): () => RestResponse {
  const json = (body: unknown, status: number) => () => ({ status, headers: {}, body: JSON.stringify(body) })
  switch (g(evenly, 29)) {
    case 0:
      return () => {
        throw new AdapterError('backend-timeout', 'No answer in time.')
      }
    case 1:
      return json({ title: 'Gone', code: 'Gone' }, 404)
    default:
      return json(content, 200)
  }
}

function openCalls() {
  const made: { calls?: OperationCalls } = {}
  const own = sampleApp(
    {},
    {
      document,
      authentication: 'off',
      faces: [
        (calls) => {
          made.calls = calls
          return { paths: ['/none'], serve: () => Promise.resolve() }
        },
      ],
    },
  )
  const { calls } = made
  if (!calls) throw new Error('the app has opened no face')
  const { schema } = buildSchema(calls.document, calls.contracts)
  const nothing = () => undefined
  const origin: Origin = {
    face: 'graphql',
    req: new IncomingMessage(new Socket()),
    head: { destroyed: false, setHeader: nothing, once: nothing, off: nothing },
    exchange: { requestId: 'R', startedAt: 0 },
  }
  const context = () => ({ calls: new CallContext(calls, origin, { maxCalls: 100 }) })
  return { facade: own.facade, schema, context }
}

describe('execution', () => {
  const { facade, schema, context } = openCalls()
  const execution = new Execution(schema)
  /** What was compiled has made objects of its own. */
  const isCompiled = ({ data }: ExecutionResult) => !!data && Object.getPrototypeOf(data) !== null

  it('answers as graphql does, and calls as often', async () => {
    let [compiled, failed] = [0, 0]
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const text = new Query(g, schema).text()
        const query = parse(text)
        fc.pre(validate(schema, query, rules).length === 0)
        const nodes = Array.from({ length: g(evenly, 3) }, () => valueOf(g, 'node'))
        facade.answers.set('getNode', answerOf(g, valueOf(g, 'node')))
        facade.answers.set('listNodes', answerOf(g, nodes))
        facade.answers.set('change', answerOf(g, valueOf(g, 'node')))
        facade.answers.set('close', () => ({ status: 204, headers: {}, body: '' }))
        const variableValues = { id: g(evenly, 19) === 0 ? 7 : '2', any: { x: 1 } }
        const results = []
        const called = []
        for (const run of [(args: Parameters<typeof execute>[0]) => execution.execute(args), execute]) {
          facade.calls.length = 0
          results.push(await run({ schema, document: query, variableValues, contextValue: context() }))
          called.push(facade.calls.map(({ operationId, request }) => [operationId, request]))
        }
        const [own, reference] = results.map(textOf)
        expect(own).toBe(reference)
        expect(called[0]).toEqual(called[1])
        if (results[0] && isCompiled(results[0])) compiled++
        if (results[0]?.errors) failed++
      }),
      // What is found is shrunk for minutes.
      { numRuns: 300, endOnFailure: true },
    )
    // Both ways were taken often.
    expect(compiled).toBeGreaterThan(50)
    expect(failed).toBeGreaterThan(20)
  }, 60_000)

  it.each<[string, string, boolean]>([
    ['a plain query', '{ node(id: "1") { id tags } }', true],
    ['several at once', '{ node(id: "1") { id } nodes { id } }', true],
    ['one that changes something', 'mutation { close }', true],
    ['several that change something', 'mutation { close b: close }', false],
    ['a directive', '{ node(id: "1") { id @include(if: true) } }', false],
    ['a name that no member can have', '{ node(id: "1") { __proto__: id } }', false],
    ['the schema', '{ __schema { description } }', false],
    [
      'what branches without end',
      `{ node(id: "1") { ...f0 } } ${Array.from({ length: 20 }, (_, n) => `fragment f${n} on Node { child { ...f${n + 1} } shape { ... on Square { node { ...f${n + 1} } } } }`).join(' ')} fragment f20 on Node { id }`,
      false,
    ],
  ])('%s is compiled where it can be', async (_, text, isPlain) => {
    const node = { id: '1', tags: [], shape: { kind: 'Circle', radius: 1 } }
    facade.answers.set('getNode', () => ({ status: 200, headers: {}, body: JSON.stringify(node) }))
    facade.answers.set('listNodes', () => ({ status: 200, headers: {}, body: JSON.stringify([node]) }))
    facade.answers.set('close', () => ({ status: 204, headers: {}, body: '' }))
    const result = await execution.execute({ schema, document: parse(text), contextValue: context() })
    expect([result.errors, isCompiled(result)]).toEqual([undefined, isPlain])
  })

  it('calls nothing again that changed something, where its answer does not fit', async () => {
    facade.answers.set('change', () => ({ status: 200, headers: {}, body: '{"id":"1"}' }))
    facade.calls.length = 0
    const query = parse('mutation { change(input: 1) { id tags } }')
    const { errors } = await execution.execute({ schema, document: query, contextValue: context() })
    expect(errors).toMatchObject([{ path: ['change', 'tags'] }])
    expect(facade.calls).toHaveLength(1)
  })
})
