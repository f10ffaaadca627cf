import { fileURLToPath } from 'node:url'
import express, { type RequestHandler, type Response, type Router } from 'express'
import helmet from 'helmet'
import { AdapterError } from '../../base/errors.js'
import { codingFor, compress } from '../answer/compression.js'
import { describeOperation } from '../description/describe-operation.js'
import type { Facade } from '../facade.js'
import { outlineOf, titleOf } from './docs-outline.js'
import { readOnly } from './read-only.js'

/** The page's own files; where they are is the same seen from `src` and from `dist`. */
const ASSETS = fileURLToPath(new URL('../../../assets/docs/', import.meta.url))
const FILES = new Set(['page.js', 'page.css', 'icon.svg'])

/**
 * A page of an API for people: its operations, what they take and give, and a form to try each. All of it comes from this
 * host. It begins with an outline and asks for one operation at a time, so that it opens as quickly with thousands.
 *
 * @param offeredKey an API key that everybody may use: that of the demo
 * @param place by default that of the only contract
 */
export function docs(
  facade: Facade,
  {
    offeredKey,
    compressFrom = 0,
    place: { folder, ...place } = ALONE,
  }: {
    readonly offeredKey?: string | undefined
    readonly compressFrom?: number
    readonly place?: PagePlace
  } = {},
): Router {
  const router: Router = express.Router({ strict: true })
  const page = pageOf(titleOf(facade.document))
  const outline = JSON.stringify({ ...outlineOf(facade, offeredKey), ...place })
  router.use(contentSecurityPolicy())
  router.all(
    '/',
    readOnly((req, res) => {
      // The page refers to its files relative to itself, so that it works behind a proxy's path too.
      if (req.originalUrl.split('?')[0]?.endsWith('/')) res.type('html').send(page)
      else res.redirect(308, `./${folder}/`)
    }),
  )
  router.all(
    '/outline.json',
    readOnly(async (_req, res) => {
      await sendJson(res, outline, compressFrom)
    }),
  )
  router.all(
    '/operations/:operationId',
    readOnly(async (req, res) => {
      const { operationId } = req.params
      const described =
        typeof operationId === 'string' ? await describeOperation(facade, operationId) : undefined
      if (!described) throw new AdapterError('not-found', 'There is no operation of this name.')
      await sendJson(res, JSON.stringify(described), compressFrom)
    }),
  )
  router.all(
    '/:asset',
    readOnly((req, res, next) => {
      const { asset } = req.params
      if (typeof asset === 'string' && FILES.has(asset))
        res.sendFile(asset, { root: ASSETS, maxAge: '1h', acceptRanges: false })
      else next()
    }),
  )
  return router
}

/** What the contract says and nothing of the request, so that it may be compressed for everybody. */
async function sendJson(res: Response, text: string, compressFrom: number): Promise<void> {
  const body = Buffer.from(text)
  const mayCode = compressFrom > 0 && body.byteLength >= compressFrom
  if (mayCode) res.vary('Accept-Encoding')
  const coding = mayCode ? codingFor(res.req.headers['accept-encoding']) : undefined
  if (coding) res.setHeader('content-encoding', coding)
  res.type('json').send(coding ? await compress(body, coding) : body)
}

/** Where the page of a contract is among those of others. */
export interface PagePlace {
  /** Its last folder. */
  readonly folder: string
  /** From the page to the root of the server. */
  readonly root: string
  /** Contracts that are served beside each other, with their pages. */
  readonly versions?: readonly {
    readonly name: string
    readonly version: string
    readonly page: string
    readonly current: boolean
  }[]
}

const ALONE: PagePlace = { folder: 'docs', root: '..' }

function contentSecurityPolicy(): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      connectSrc: ["'self'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
    },
  })
}

function pageOf(title: string): string {
  const name = title.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}</title>
<link rel="icon" type="image/svg+xml" href="icon.svg">
<link rel="stylesheet" href="page.css">
</head>
<body>
<header><h1>${name}</h1></header>
<main><noscript>This page needs JavaScript. The document is at the base path of the API, at openapi.yaml.</noscript></main>
<script src="page.js" type="module"></script>
</body>
</html>
`
}
