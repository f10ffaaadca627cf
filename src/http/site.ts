import type { RequestListener } from 'node:http'
import express, { type RequestHandler } from 'express'
import { answerError, nothingHere } from './answer/error-handlers.js'
import type { Contracts } from './contract/contracts.js'
import { docsPathOf, placeOf } from './contract/docs-places.js'
import type { Facade } from './facade.js'
import type { OperationServer } from './operations/server.js'
import { docs } from './pages/docs.js'
import { livenessPage, type Readiness, readinessPage } from './pages/health.js'
import { problemPages } from './pages/problem-pages.js'
import { readOnly } from './pages/read-only.js'
import { type DocumentOptions, routerOf } from './router.js'

/** A contract and what serves its operations. */
export interface ServedContract {
  readonly facade: Facade
  readonly operations: OperationServer
}

export interface SiteOptions extends DocumentOptions {
  readonly readiness: Readiness
  /** Whether /docs is served. */
  readonly docs: boolean
  /** An API key that the page at /docs offers to everybody: that of the demo. */
  readonly offeredKey?: string
  /** From how many bytes on pages are compressed; never where it is 0 or left out. */
  readonly compressFrom?: number
}

/** Everything but operations: what takes its place among the paths by the order of its handlers. */
export function siteOf(
  contracts: Contracts,
  apis: readonly ServedContract[],
  { readiness, docs: hasDocs, offeredKey, publicUrl = '', compressFrom = 0 }: SiteOptions,
): RequestListener {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.enable('strict routing')
  app.enable('case sensitive routing')

  app.all('/healthz', livenessPage())
  app.all('/readyz', readinessPage(readiness))
  app.all('/problems/:code', problemPages())
  if (hasDocs) {
    const pageOf = (facade: Facade): string => docsPathOf(contracts, facade)
    for (const facade of contracts.all) {
      app.use(pageOf(facade), docs(facade, { offeredKey, compressFrom, place: placeOf(contracts, facade) }))
    }
    if (contracts.all.length > 1) app.all(['/docs', '/docs/'], readOnly(leadTo(pageOf(contracts.newest))))
    for (const [path, facade] of entrances(contracts)) app.all(path, readOnly(leadTo(pageOf(facade))))
  }
  for (const { facade, operations } of apis)
    app.use(routerOf(facade, operations, { publicUrl, compressFrom }))
  app.use(nothingHere)
  app.use(answerError)
  return app
}

/** Paths of the server and of each API at which there is nothing else: they lead to the docs. */
function entrances({ all, newest }: Contracts): readonly (readonly [path: string, facade: Facade])[] {
  const ofApis = all.flatMap((facade) => {
    const { basePath, operations } = facade
    const hasOwn = [...operations.values()].some(({ path }) => path === '/')
    const paths = basePath === '' ? ['/'] : [basePath, `${basePath}/`]
    return paths.filter((path) => !hasOwn || path === basePath).map((path) => [path, facade] as const)
  })
  return newest.basePath === '' ? ofApis : [['/', newest], ...ofApis]
}

/** Relative, so that it works behind a proxy's path too. */
function leadTo(page: string): RequestHandler {
  return (req, res) => {
    const up = '../'.repeat(req.path.split('/').length - 2)
    res.redirect(307, `./${up}${page.slice(1)}/`)
  }
}
