import express, { type Request, type Response, type Router } from 'express'
import { AdapterError } from '../base/errors.js'
import { type OpenApiOperation } from '../openapi/operations.js'
import { exchangeOf } from './exchange.js'
import { type Facade } from './facade.js'
import { type GuaranteeOptions, Guarantees } from './guarantees.js'
import { type Invoke, invoke, writeResponse } from './invoke.js'
import { sendProblem } from './problem.js'
import { publishedDocument } from './published-document.js'
import { type RateLimits } from './rate-limits.js'
import { type RequestLimits, RequestReader } from './request-reader.js'
import { Routes } from './routes.js'
import { type Authentication, compileDoors } from './security/doors.js'
import { RequestValidators } from './validate.js'

export interface RouterOptions extends GuaranteeOptions {
  readonly limits?: Partial<RequestLimits>
  /** What can be checked of callers; nothing by default. `off` lets everybody in, whatever the contract says. */
  readonly authentication?: Authentication | 'off'
  /** How much a client may ask for; by default as much as it likes. */
  readonly rateLimits?: RateLimits
}

/** An Express router that can be told to compile everything before the first request. */
export type FacadeRouter = Router & {
  readonly contracts: readonly OpenApiOperation[]
  /**
   * Judges the contract and compiles what the first request would else wait for.
   *
   * @param most operations; a contract with more is compiled as it is used
   * @throws ContractError where a schema of the contract cannot be compiled
   */
  warmUp(most?: number): Promise<void>
  /** Resolves when calls that outlive their clients are over. */
  settled(): Promise<void>
}

const DEFAULT_LIMITS: RequestLimits = { maxBodyBytes: 1_048_576, maxJsonDepth: 64, maxJsonValues: 100_000 }

/**
 * The facade and nothing else: the operations of the contract and its document at `openapi.json`, below the base
 * path. Mounted at the root it serves `/v1/…`; mounted at a path that ends with the base path it serves what
 * comes below. Every error is answered here, as a problem document; other paths go on to the next handler.
 *
 * @throws ContractError where the contract does not say who may call, or asks for what cannot be checked
 */
export function createRouter(facade: Facade, options: RouterOptions = {}): FacadeRouter {
  const validators = new RequestValidators(facade.document)
  const reader = new RequestReader(validators, { ...DEFAULT_LIMITS, ...options.limits })
  const doors = compileDoors(validators.contracts, options.authentication ?? {})
  const guarantees = new Guarantees(facade, options)
  const routes = new Routes(facade.operations.values())
  const document = publishedDocument(facade.document)
  const router: Router = express.Router()

  router.use((req, res, next) => {
    const path = belowBasePath(req, facade.basePath)
    if (path === undefined) {
      next()
      return
    }
    if (path === '/openapi.json') return document(req, res, next)
    serve(path, req, res).catch((error: unknown) => {
      sendProblem(res, error, exchangeOf(req))
    })
  })

  async function serve(path: string, req: Request, res: Response): Promise<void> {
    const exchange = exchangeOf(req)
    const route = routes.find(path)
    if (!route) throw new AdapterError('not-found', 'No path of the contract matches.')
    const operation = route.operation(req.method)
    if (!operation) {
      res.setHeader('allow', route.allow)
      if (req.method !== 'OPTIONS') {
        throw new AdapterError('method-not-allowed', `Only ${route.allow} are allowed here.`)
      }
      writeResponse(res, { status: 204, headers: {}, body: '' }, exchange)
      return
    }
    exchange.operation = operation
    const caller = await doors.get(operation.operationId)?.authenticate(req, res)
    if (caller) exchange.identity = caller.identity
    await options.rateLimits?.admit(operation.operationId, caller, req, res)
    const question = req.url.indexOf('?')
    const search = question === -1 ? '' : req.url.slice(question + 1)
    const request = await reader.read(operation, route.parameters(operation), search, req, res)
    const call: Invoke = (asked, sent, lasting) => invoke(asked, sent, res, exchange, lasting)
    const response = await guarantees.answer(operation, request, exchange, call)
    if (response.fault !== undefined) exchange.fault = response.fault
    writeResponse(res, response, exchange)
  }

  return Object.assign(router, {
    contracts: validators.contracts,
    settled: () => guarantees.settled(),
    warmUp: (most?: number) => {
      if (facade.operations.size <= (most ?? Infinity)) facade.warmUp?.()
      return validators.warmUp(most)
    },
  })
}

/** The raw path below the base path; undefined for paths that are none of ours. */
function belowBasePath(req: Request, basePath: string): string | undefined {
  const question = req.url.indexOf('?')
  const path = question === -1 ? req.url : req.url.slice(0, question)
  if (basePath === '' || req.baseUrl.endsWith(basePath)) return path
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined
}
