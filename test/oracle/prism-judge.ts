import { createRequire } from 'node:module'

/** What Prism finds wrong in one place. */
export interface Finding {
  /** Which part, and where in it: `body`, `items`, `0`. */
  readonly path?: readonly string[]
  readonly code?: string | number
  readonly message: string
}

/** A request as it went over the wire, below the server's base path. */
export interface JudgedRequest {
  readonly method: string
  /** With its query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface JudgedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export interface Verdict {
  readonly request: readonly Finding[]
  readonly answer: readonly Finding[]
}

type Either<T> =
  { readonly _tag: 'Left'; readonly left: Error } | { readonly _tag: 'Right'; readonly right: T }
type Task<T> = () => Promise<Either<T>>

interface PrismAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

interface PrismResult {
  readonly validations: { readonly input: readonly Finding[]; readonly output: readonly Finding[] }
}

/** As much of @stoplight/prism-http as is used here. */
interface PrismHttp {
  getHttpOperationsFromSpec(document: object): Promise<object>
  createInstance(
    config: object,
    components: object,
  ): { request(input: object, operations: object): Task<PrismResult> }
}

const log = () => undefined
const logger = { info: log, warn: log, error: log, debug: log, trace: log, success: log, child: () => logger }

/** The pipeline of `prism proxy document upstream`: routing, request, security, answer. */
const proxy = {
  isProxy: true,
  upstream: new URL('http://upstream.invalid'),
  checkSecurity: true,
  validateRequest: true,
  validateResponse: true,
  errors: false,
  mock: { dynamic: false },
}

/**
 * Prism as a validating proxy, without its sockets: what it would forward is told to it, with the response. It knows an
 * OpenAPI document and nothing of ours.
 */
export class PrismJudge {
  private constructor(
    private readonly prism: PrismHttp,
    private readonly operations: object,
  ) {}

  static async of(document: object): Promise<PrismJudge> {
    const require = createRequire(createRequire(import.meta.url).resolve('@stoplight/prism-cli/package.json'))
    const prism = require('@stoplight/prism-http') as PrismHttp
    // It writes into what it is given.
    return new PrismJudge(prism, await prism.getHttpOperationsFromSpec(structuredClone(document)))
  }

  async judge(request: JudgedRequest, answer: JudgedAnswer): Promise<Verdict> {
    const answered: PrismAnswer = {
      statusCode: answer.status,
      headers: answer.headers,
      body: bodyOf(answer.headers, answer.text),
    }
    const forwarded: Task<PrismAnswer> = () => Promise.resolve({ _tag: 'Right', right: answered })
    const instance = this.prism.createInstance(proxy, { logger, forward: () => () => forwarded })
    const { pathname, searchParams } = new URL(request.target, 'http://upstream.invalid')
    const query = Object.fromEntries(
      [...new Set(searchParams.keys())].map((name) => {
        const all = searchParams.getAll(name)
        return [name, all.length === 1 ? all[0] : all]
      }),
    )
    const headers = {
      ...request.headers,
      ...(request.body !== undefined && { 'content-length': String(Buffer.byteLength(request.body)) }),
    }
    const input = {
      method: request.method.toLowerCase(),
      url: { path: pathname, query },
      headers,
      body: request.body === undefined ? null : bodyOf(headers, request.body),
    }
    const result = await instance.request(input, this.operations)()
    if (result._tag === 'Left') throw result.left
    return { request: result.right.validations.input, answer: result.right.validations.output }
  }
}

/** A body as Prism reads it: JSON parsed, everything else as text. */
function bodyOf(headers: Readonly<Record<string, string>>, text: string): unknown {
  if (text === '') return undefined
  return /^application\/(?:[^;]+\+)?json\b/.test(headers['content-type'] ?? '') ? JSON.parse(text) : text
}
