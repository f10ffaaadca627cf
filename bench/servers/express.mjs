/** The same hop with Express in front: what everybody pays who uses Express. */
import { createServer } from 'node:http'
import express from 'express'
import { listen } from './child.mjs'
import { passThrough } from './pass-through.mjs'

const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.get('/v1/accounts/:accountId/transactions', passThrough)
app.post('/v1/accounts/:accountId/payments', passThrough)

listen(createServer(app))
