import express, { type Router } from 'express'
import { exchangeOf } from './exchange.js'
import { type Facade } from './facade.js'
import { OperationServer, type OperationServerOptions } from './operation-server.js'
import { publishedDocument } from './published-document.js'
import { originForm } from './request-target.js'
import { followAnswer } from './unfinished-answers.js'

export type RouterOptions = OperationServerOptions

/** An Express router that can be told to compile everything before the first request. */
export type FacadeRouter = Router & Pick<OperationServer, 'warmUp' | 'settled'>

/** Where the contract itself is served, below the base path. */
export const DOCUMENT_PATH = '/openapi.json'

/**
 * The facade and nothing else: the operations of the contract and its document at `openapi.json`, below the base
 * path. Mounted at the root it serves `/v1/…`; mounted at a path that ends with the base path it serves what
 * comes below. Every error is answered here, as a problem document; other paths go on to the next handler.
 *
 * @throws ContractError where the contract does not say who may call, or asks for what cannot be checked
 */
export function createRouter(facade: Facade, options: RouterOptions = {}): FacadeRouter {
  const operations = new OperationServer(facade, options)
  return Object.assign(routerOf(facade, operations), {
    settled: () => operations.settled(),
    warmUp: (most?: number) => operations.warmUp(most),
  })
}

/** The router in front of operations that are served elsewhere too. */
export function routerOf(facade: Facade, operations: OperationServer): Router {
  const { basePath } = facade
  const document = publishedDocument(facade.document)
  const router: Router = express.Router()
  router.use((req, res, next) => {
    const target = originForm(req.url)
    const isBelow = basePath !== '' && req.baseUrl.endsWith(basePath)
    const path = target && (isBelow ? pathOf(target) : below(basePath, target))
    if (path === undefined) next()
    else if (path === DOCUMENT_PATH) document(req, res, next)
    else {
      followAnswer(req, res)
      operations.serve(path, req, res, exchangeOf(req))
    }
  })
  return router
}

/** The raw path of an origin-form below the base path; undefined for paths that are none of ours. */
export function below(basePath: string, url: string): string | undefined {
  const path = pathOf(url)
  if (basePath === '') return path
  return path.startsWith(basePath) && path[basePath.length] === '/' ? path.slice(basePath.length) : undefined
}

function pathOf(url: string): string {
  const question = url.indexOf('?')
  return question === -1 ? url : url.slice(0, question)
}
