import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError, type GraphQLSchema } from 'graphql'
import { createHandler, type Handler, type RequestParams, type Response } from 'graphql-http'
import { AdapterError } from '../base/errors.js'
import type { Exchange } from '../http/exchange.js'
import type { FaceServer, OpenFace } from '../http/face-server.js'
import type { OperationCalls } from '../http/operations/calls.js'
import { decodeBody, readBody } from '../http/request/body.js'
import { parseMediaType } from '../http/request/media-type.js'
import type { RequestLimits } from '../http/request/reader.js'
import { ExactNumber } from '../json/value.js'
import { CallContext, type Context } from './call-context.js'
import type { QueryLimits } from './cost.js'
import { Documents, trustedQuery } from './documents.js'
import { Execution } from './execution.js'
import { type GraphiqlPage, sendPage } from './graphiql.js'
import { buildSchema, type LeftOut } from './schema.js'

export interface GraphqlOptions {
  readonly limits: RequestLimits
  readonly query: QueryLimits
  /** Whether clients may ask for the schema. */
  readonly introspection: boolean
  /** Queries by their SHA-256: no others are taken. */
  readonly trusted?: ReadonlyMap<string, string>
  /** A page for people; none by default. */
  readonly page?: GraphiqlPage
  /** Told of each operation that GraphQL cannot call. */
  readonly onLeftOut?: (leftOut: LeftOut) => void
}

const PATH = '/graphql'

/** Opens GraphQL at `/graphql` (GraphQL over HTTP), for the operations of a contract. */
export function openGraphql(options: GraphqlOptions): OpenFace {
  return (calls) => {
    const { schema, leftOut } = buildSchema(
      calls.document,
      calls.contracts,
      (operationId) => calls.operations.get(operationId)?.takesBytes === true,
    )
    for (const each of leftOut) options.onLeftOut?.(each)
    return new GraphqlServer(calls, schema, options)
  }
}

interface Received {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly exchange: Exchange
}

class GraphqlServer implements FaceServer {
  readonly paths: readonly string[]
  readonly #calls: OperationCalls
  readonly #schema: GraphQLSchema
  readonly #options: GraphqlOptions
  readonly #documents: Documents
  readonly #handle: Handler<Received>

  constructor(calls: OperationCalls, schema: GraphQLSchema, options: GraphqlOptions) {
    this.#calls = calls
    this.#schema = schema
    this.#options = options
    const { introspection, query, page } = options
    this.paths = [PATH, ...(page?.keys() ?? [])]
    this.#documents = new Documents(schema, { introspection, ...query })
    const execution = new Execution(schema)
    this.#handle = createHandler<Received, unknown, Context>({
      schema,
      execute: (args) => execution.execute(args),
      onSubscribe: ({ raw }, params) => this.#prepare(raw, params),
      formatError: (error) =>
        isForClient(error) ? error : new GraphQLError('The service failed.', INTERNAL),
      // Of a result without errors nothing has to be looked at: it is written in one go.
      onOperation: ({ raw }, _, result) =>
        'errors' in result || !('data' in result) ? undefined : written(raw.req, result),
    })
  }

  async serve(req: IncomingMessage, res: ServerResponse, exchange: Exchange): Promise<void> {
    const path = /^[^?]*/.exec(req.url ?? '')?.[0] ?? ''
    const file = this.#options.page?.get(path)
    if (file) {
      sendPage(req, res, file)
      return
    }
    // Each call that the request leads to listens for the end of the connection.
    res.setMaxListeners(0)
    const { method = '', url = '' } = req
    const raw = { req, res, exchange }
    const body = method === 'POST' ? await this.#body(req) : null
    const query = this.#options.trusted && method === 'GET' ? this.#trustedUrl(url) : url
    const [text, { status, statusText, headers = {} }] = await this.#handle({
      ...{ method, url: query, body, raw, context: undefined },
      headers: { get: (name: string) => headerOf(req, name) },
    })
    if (res.destroyed) return
    res.writeHead(status, statusText, {
      ...headers,
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(text ?? ''),
    })
    res.end(req.method === 'HEAD' ? undefined : text)
  }

  /** @throws AdapterError `request-too-large`, `request-malformed` */
  async #body(req: IncomingMessage): Promise<Record<string, unknown> | string | null> {
    const { maxBodyBytes, maxJsonDepth: maxDepth, maxJsonValues: maxValues } = this.#options.limits
    const bytes = await readBody(req, maxBodyBytes)
    const isJson = parseMediaType(req.headers['content-type'] ?? '')?.essence === 'application/json'
    // What else it is, is told by its media type alone.
    if (!isJson || bytes.byteLength === 0) return ''
    const { value, exact } = decodeBody(bytes, 'json', { maxDepth, maxValues })
    for (const { container, key, source } of exact) {
      // Fractions have their own scalar, which is written as a string.
      if (/^-?\d+$/.test(source)) Object.assign(container, { [key]: new ExactNumber(source) })
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value)
    return this.#options.trusted ? this.#trustedBody({ ...value }) : { ...value }
  }

  #trustedBody(body: Record<string, unknown>): Record<string, unknown> {
    return { ...body, query: this.#trusted(body.documentId ?? hashOf(body.extensions)) }
  }

  #trustedUrl(url: string): string {
    const { searchParams, pathname } = new URL(url, 'http://localhost')
    let extensions: unknown
    try {
      extensions = JSON.parse(searchParams.get('extensions') ?? 'null')
    } catch {
      throw new AdapterError('request-malformed', 'The parameter extensions must be JSON.')
    }
    searchParams.set('query', this.#trusted(searchParams.get('documentId') ?? hashOf(extensions)))
    return `${pathname}?${searchParams.toString()}`
  }

  /** @throws AdapterError where the document is not one that is trusted */
  #trusted(id: unknown): string {
    const query = trustedQuery(this.#options.trusted ?? new Map(), id)
    if (query !== undefined) return query
    throw new AdapterError(
      'request-invalid',
      'Only trusted documents are taken here: send the SHA-256 of one as documentId, or as extensions.persistedQuery.sha256Hash.',
    )
  }

  #prepare({ req, res, exchange }: Received, { query, operationName, variables }: RequestParams) {
    const document = this.#documents.read(query)
    if (!('kind' in document)) return document
    const origin = { face: 'graphql', req, head: res, exchange } as const
    const contextValue = {
      calls: new CallContext(this.#calls, origin, { maxCalls: this.#options.query.maxCost }),
    }
    return {
      ...{ schema: this.#schema, document, contextValue },
      ...(operationName !== undefined && { operationName }),
      ...(variables !== undefined && { variableValues: variables }),
    }
  }
}

/** @returns undefined where the client asks for a media type by more than a name */
function written({ headers: { accept = '*/*' } }: IncomingMessage, result: object): Response | undefined {
  const type = ACCEPTED[accept]
  if (type === undefined) return undefined
  const init = { status: 200, statusText: 'OK', headers: { 'content-type': `${type}; charset=utf-8` } }
  return [JSON.stringify(result), init]
}

const ACCEPTED: Readonly<Record<string, string>> = {
  '*/*': 'application/json',
  'application/json': 'application/json',
  'application/json, text/event-stream': 'application/json',
  'application/graphql-response+json': 'application/graphql-response+json',
  'application/graphql-response+json, application/json': 'application/graphql-response+json',
  'application/graphql-response+json,application/json;q=0.9': 'application/graphql-response+json',
}

const INTERNAL = { extensions: { code: 'internal', status: 500 } }

/** What a programming error says is not for clients. */
function isForClient(error: Readonly<Error>): boolean {
  if (!(error instanceof GraphQLError)) return false
  const { originalError } = error
  return originalError === undefined || originalError instanceof GraphQLError
}

function headerOf({ headers }: IncomingMessage, name: string): string | null {
  const value = headers[name.toLowerCase()]
  return typeof value === 'string' ? value : (value?.join(', ') ?? null)
}

/** As Apollo's clients send it. */
function hashOf(extensions: unknown): unknown {
  const { persistedQuery } = Object(extensions) as { readonly persistedQuery?: unknown }
  return (Object(persistedQuery) as { readonly sha256Hash?: unknown }).sha256Hash
}
