import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import express, { type RequestHandler, type Router } from 'express'
import helmet from 'helmet'
import { readOnly } from './read-only.js'

const ASSETS = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'])

/**
 * Swagger UI from this host alone: its files from the package, the page and its start from here, so that the
 * Content-Security-Policy needs no exception for inline scripts or styles.
 *
 * @param basePath of the published document
 */
export function docs(basePath: string): Router {
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const router: Router = express.Router({ strict: true })
  const start = startScript(`..${basePath}/openapi.json`)
  router.use(contentSecurityPolicy())
  router.all(
    '/',
    readOnly((req, res) => {
      // The page refers to its files relative to itself, so that it works behind a proxy's path too.
      if (req.originalUrl.split('?')[0]?.endsWith('/')) res.type('html').send(PAGE)
      else res.redirect(308, './docs/')
    }),
  )
  router.all(
    '/start.js',
    readOnly((_req, res) => {
      res.type('js').send(start)
    }),
  )
  router.all(
    '/:asset',
    readOnly((req, res, next) => {
      const { asset } = req.params
      if (typeof asset === 'string' && ASSETS.has(asset))
        res.sendFile(asset, { root, maxAge: '1h', acceptRanges: false })
      else next()
    }),
  )
  return router
}

function contentSecurityPolicy(): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      connectSrc: ["'self'"],
      fontSrc: ["'self'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'", 'data:'],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
    },
  })
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API</title>
<link rel="icon" type="image/png" href="favicon-32x32.png">
<link rel="stylesheet" href="swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</body>
</html>
`

function startScript(url: string): string {
  return `SwaggerUIBundle({
  url: ${JSON.stringify(url)},
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
})
`
}
