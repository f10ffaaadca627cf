import { fileURLToPath } from 'node:url'
import express, { type RequestHandler, type Router } from 'express'
import helmet from 'helmet'
import { AdapterError } from '../../base/errors.js'
import { describeOperation } from '../description/describe-operation.js'
import type { Facade } from '../facade.js'
import { CodedText } from './coded-text.js'
import { outlineOf, titleOf } from './docs-outline.js'
import { readOnly } from './read-only.js'

/** The page's own files; where they are is the same seen from `src` and from `dist`. */
const ASSETS = fileURLToPath(new URL('../../../assets/docs/', import.meta.url))
const JSON_TYPE = 'application/json'
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
  const listed = JSON.stringify({ ...outlineOf(facade, offeredKey), ...place })
  const outline = new CodedText(JSON_TYPE, () => Promise.resolve(listed), compressFrom)
  const operation = describedOperations(facade, compressFrom)
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
    readOnly((req, res) => outline.answer(req, res)),
  )
  router.all(
    '/operations/:operationId',
    readOnly((req, res) => {
      const { operationId } = req.params
      if (typeof operationId !== 'string' || !facade.operations.has(operationId))
        throw new AdapterError('not-found', 'There is no operation of this name.')
      return operation(operationId).answer(req, res)
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

/** Descriptions that are kept: of the operations that people look at now. */
const MOST_KEPT = 64

/** An operation by its `operationId`, for the page. */
function describedOperations(facade: Facade, compressFrom: number): (operationId: string) => CodedText {
  const kept = new Map<string, CodedText>()
  return (operationId) => {
    const made = (): CodedText =>
      new CodedText(
        JSON_TYPE,
        async () => JSON.stringify(await describeOperation(facade, operationId)),
        compressFrom,
      )
    const text = kept.get(operationId) ?? made()
    // The one that was asked for last stands last.
    kept.delete(operationId)
    kept.set(operationId, text)
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    return text
  }
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
