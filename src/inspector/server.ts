import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express, type RequestHandler } from 'express'
import type { RestRequest } from '../adapter/rest.js'
import { AdapterError } from '../base/errors.js'
import { answerError, nothingHere } from '../http/answer/error-handlers.js'
import type { FailedAttempts } from '../http/authentication/failed-attempts.js'
import { operatorsOnly } from '../http/pages/admin-token.js'
import { readOnly } from '../http/pages/read-only.js'
import type { Inspector } from './inspector.js'
import { isLoopback, sameOriginOnly } from './origin.js'

export interface InspectorServerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** What whoever looks must send; empty: nothing, on this machine alone. */
  readonly token: string
  readonly failedAttempts?: FailedAttempts
  /** Reads a request as a person has written it. @throws Error with a message for that person */
  readonly parseRequest: (text: string) => RestRequest
  /** Writes one for a person. */
  readonly requestText: (request: RestRequest) => string
}

export interface InspectorServer {
  readonly url: string
  close(): Promise<void>
}

/** Where a page of another machine could look, or of another site, there must be a token. */
export const TOKEN_NEEDED =
  'The inspector shows what calls hold: on an address that other machines reach it needs ADMIN_TOKEN. Set it, or leave out --inspect-host.'

/** @throws Error where it would be open to other machines */
export async function startInspectorServer(
  inspector: Inspector,
  options: InspectorServerOptions,
): Promise<InspectorServer> {
  if (options.token === '' && !isLoopback(options.host)) throw new Error(TOKEN_NEEDED)
  const server = createServer()
  server.on('request', createInspectorApp(inspector, options))
  server.listen(options.port, options.host)
  await once(server, 'listening')
  return { url: urlOf(server, options.host), close: () => closed(server) }
}

async function closed(server: Server): Promise<void> {
  const isClosed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await isClosed
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}/`
}

const LONGEST_REQUEST = 4 * 1024 * 1024

function createInspectorApp(inspector: Inspector, options: InspectorServerOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use(protect)
  app.use(sameOriginOnly(options.host))
  for (const [path, asset] of assets()) {
    app.all(
      path,
      readOnly((_req, res) => {
        res.setHeader('content-type', asset.type)
        res.send(asset.content)
      }),
    )
  }
  app.use('/api', operatorsOnly(options.token, options.failedAttempts))
  app.get('/api/calls', (_req, res) => {
    res.json({ calls: inspector.calls, values: inspector.shows.values })
  })
  app.delete('/api/calls', (_req, res) => {
    inspector.clear()
    res.status(204).end()
  })
  app.get('/api/calls/:id', (req, res) => {
    const text = inspector.call(Number(req.params.id))
    if (text === undefined) throw gone('This call is not kept any more.')
    res.type('json').send(text)
  })
  app.get('/api/contract', (_req, res) => {
    res.json(inspector.contract)
  })
  app.get('/api/operations/:id/rules', (req, res) => {
    res.json(found(inspector.rules(req.params.id)))
  })
  app.get('/api/operations/:id/sample', (req, res) => {
    const optionals = req.query.optionals === 'none' ? 'none' : 'all'
    const sample = found(inspector.sample(req.params.id, optionals))
    res.json({ text: options.requestText(sample) })
  })
  app.post(
    '/api/operations/:id/preview',
    jsonOnly,
    express.text({ type: 'application/json', limit: LONGEST_REQUEST }),
    (req, res) => {
      const { id } = req.params
      const text: unknown = req.body
      let request: RestRequest
      try {
        request = options.parseRequest(typeof text === 'string' ? text : '')
      } catch (error) {
        throw new AdapterError('request-malformed', error instanceof Error ? error.message : String(error))
      }
      res.json(found(inspector.preview(typeof id === 'string' ? id : '', request)))
    },
  )
  app.use(nothingHere)
  app.use(answerError)
  return app
}

function gone(message: string): AdapterError {
  return new AdapterError('not-found', message)
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw gone('The contract has no such operation.')
  return value
}

/** A page of another site can send forms and texts without being asked; JSON it cannot. */
const jsonOnly: RequestHandler = (req, _res, next) => {
  if (req.is('application/json') === false) {
    throw new AdapterError('media-type-unsupported', 'The request must be application/json.')
  }
  next()
}

const FIELDS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const protect: RequestHandler = (_req, res, next) => {
  for (const [name, value] of Object.entries(FIELDS)) res.setHeader(name, value)
  next()
}

interface Asset {
  readonly type: string
  readonly content: Buffer
}

const ASSETS: readonly (readonly [path: string, file: string, type: string])[] = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/inspector.css', 'inspector.css', 'text/css; charset=utf-8'],
  ['/inspector.js', 'inspector.js', 'text/javascript; charset=utf-8'],
  ['/message-view.js', 'message-view.js', 'text/javascript; charset=utf-8'],
  ['/icon.svg', 'icon.svg', 'image/svg+xml'],
]

function assets(): readonly (readonly [path: string, asset: Asset])[] {
  return ASSETS.map(([path, file, type]) => [
    path,
    { type, content: readFileSync(new URL(`assets/${file}`, import.meta.url)) },
  ])
}
