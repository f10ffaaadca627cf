import express, { type Router } from 'express'
import { withPublicUrl } from '../openapi/published/document.js'
import { followAnswer } from './answer/unfinished-answers.js'
import { describe } from './description/describe.js'
import { exchangeOf } from './exchange.js'
import type { Facade } from './facade.js'
import { OperationServer, type OperationServerOptions } from './operations/server.js'
import { publishedDocument } from './pages/document-page.js'
import { originForm } from './request/target.js'
import { below, pathOf } from './routing/base-path.js'

/**
 * @example
 * ```ts
 * const options: RouterOptions = { authentication: 'off', streamFrom: 4_194_304 }
 * app.use(adapter.router(options))
 * ```
 */
export type RouterOptions = OperationServerOptions & DocumentOptions

export interface DocumentOptions {
  /** What clients call the service, `https://api.bank.example`: the published document then has absolute URLs. */
  readonly publicUrl?: string
}

/** An Express router that can be told to judge the contract, or to compile everything, before the first request. */
export type FacadeRouter = Router & Pick<OperationServer, 'judge' | 'warmUp' | 'settled'>

/**
 * The facade and nothing else: the operations of the contract and its document at `openapi.json`, below the base
 * path, with `openapi.yaml`, `openapi-3.0.json` and `openapi-3.0.yaml` beside it. Mounted at the root it serves `/v1/…`; mounted at a path that ends with the base path it serves what
 * comes below. Every error is answered here, as a problem document; other paths go on to the next handler.
 *
 * @throws ContractError where the contract does not say who may call, or asks for what cannot be checked
 */
export function createRouter(facade: Facade, options: RouterOptions = {}): FacadeRouter {
  const operations = new OperationServer(facade, options)
  return Object.assign(routerOf(facade, operations, options), {
    settled: () => operations.settled(),
    judge: () => operations.judge(),
    warmUp: () => operations.warmUp(),
  })
}

/** The router in front of operations that are served elsewhere too. */
export function routerOf(
  facade: Facade,
  operations: OperationServer,
  { publicUrl = '', compressFrom = 0 }: DocumentOptions & Pick<OperationServerOptions, 'compressFrom'> = {},
): Router {
  const { basePath } = facade
  const pageAt = publishedDocument(compressFrom, async () => {
    const document = await describe(facade)
    return publicUrl === '' ? document : withPublicUrl(document, publicUrl)
  })
  const router: Router = express.Router()
  router.use(async (req, res, next) => {
    const target = originForm(req.url)
    const isBelow = basePath !== '' && req.baseUrl.endsWith(basePath)
    const path = target && (isBelow ? pathOf(target) : below(basePath, target))
    const page = path === undefined ? undefined : pageAt(path)
    if (path === undefined) next()
    else if (page) await page(req, res, next)
    else {
      followAnswer(req, res)
      void operations.serve(path, req, res, exchangeOf(req))
    }
  })
  return router
}
