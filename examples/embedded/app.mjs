import { randomUUID } from 'node:crypto'
import { metrics } from './telemetry.mjs'
import express from 'express'
import { loadAdapter } from 'soapstone'

/** An app that was there before: it has logins of its own, pages of its own, metrics of its own. Points are new in it. */
export async function createApp(env) {
  const adapter = await loadAdapter({ contract: `${import.meta.dirname}/openapi.yaml`, env })
  adapter.onCall(({ operationId, outcome, seconds }) => {
    metrics.calls.observe({ operation: operationId, outcome }, seconds)
  })

  const app = express()
  const sessions = new Map()
  app.post('/login', express.json(), (req, res) => {
    const session = randomUUID()
    sessions.set(session, req.body.member)
    res.setHeader('set-cookie', `session=${session}; HttpOnly; SameSite=Strict; Path=/`)
    res.status(204).end()
  })

  // The app's own rules, before the adapter sees anything: who has logged in reads his own points.
  app.use('/v1/members/:member', (req, res, next) => {
    const [, session] = /(?:^|; )session=([^;]+)/.exec(req.headers.cookie ?? '') ?? []
    const member = sessions.get(session)
    if (!member) return res.status(401).json({ error: 'Log in first.' })
    if (member !== req.params.member) return res.status(403).json({ error: 'These are not your points.' })
    next()
  })
  app.use(adapter.router({ authentication: 'off' }))

  app.get('/metrics', async (_, res) => res.type('text/plain').send(await metrics.registry.metrics()))
  return { app, adapter }
}
