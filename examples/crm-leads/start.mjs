import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { freePort, listen, ready, scratchFolder, serve } from '../support.mjs'
import { Crm } from './crm.mjs'

const crm = new Crm()
const secret = randomBytes(16).toString('hex')
const loginUrl = await listen(crm.loginServer)
crm.instanceUrl = await listen(crm.instanceServer)

// The site: a form, and an endpoint for webhooks, which prints them.
const page = `<!doctype html><meta charset="utf-8"><title>Contact</title><h1>Tell me more</h1>
<form><p><label>Name <input name="lastName" required></label> <label>Company <input name="company" required></label>
<label>E-mail <input name="email"></label> <button>Send</button></p></form><p><output></output></p>
<script>document.forms[0].onsubmit = async (event) => {
  event.preventDefault()
  const lead = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value))
  const answer = await (await fetch('/send', { method: 'POST', body: JSON.stringify({ leads: [lead] }) })).json()
  const [{ success, errors }] = answer.results
  document.querySelector('output').textContent = success ? 'Thank you.' : errors[0].message
}</script>`
let api = ''
const hooks = []
const site = createServer(async (req, res) => {
  let body = ''
  for await (const chunk of req.setEncoding('utf8')) body += chunk
  const answer = (type, text) => res.writeHead(200, { 'content-type': type }).end(text)
  if (req.url === '/send') {
    const headers = { 'content-type': 'application/json' }
    answer(
      'application/json',
      await (await fetch(`${api}/v1/leads`, { method: 'POST', headers, body })).text(),
    )
  } else if (req.url === '/hooks' && req.method === 'POST') {
    // The checkout example shows how its signature is judged.
    console.log(`\nWebhook: ${body}`)
    hooks.push(JSON.parse(body))
    res.writeHead(204).end()
  } else if (req.url === '/hooks') answer('application/json', JSON.stringify(hooks))
  else if (req.url === '/end-sessions') {
    crm.endSessions()
    answer('application/json', JSON.stringify({ logins: crm.logins }))
  } else answer('text/html', page)
})
const siteUrl = await listen(site, await freePort(Number(process.env.PORT ?? 8080)))

const subscriptions = join(scratchFolder(), 'subscriptions.json')
const subscriber = { id: 'site', url: `${siteUrl}/hooks`, types: ['lead.changed'] }
const secrets = [`whsec_${randomBytes(32).toString('base64')}`]
writeFileSync(subscriptions, JSON.stringify([{ ...subscriber, secrets }]))
api = await serve(`${import.meta.dirname}/openapi.yaml`, {
  PORT: String(await freePort()),
  CRM_LOGIN_URL: loginUrl,
  CRM_HOST: new URL(crm.instanceUrl).host,
  ...{ CRM_USER: 'ann@example.com', CRM_PASSWORD: 'correct horse', CRM_ORGANIZATION: '00D1' },
  OUTBOUND_SECRET: secret,
  EVENTS_SUBSCRIPTIONS_FILE: subscriptions,
  EVENTS_ALLOW_NETWORKS: '127.0.0.1',
})
crm.outbound = `${api}/soap/outbound/${secret}`

const leads = `{"leads":[{"lastName":"Eames","company":"Lounge"},{"lastName":"Wegner","company":"PP","email":"nowhere"}]}`
ready(`
The site, with a form: ${siteUrl}

Leads of the CRM, in pages of three; take "next" of one for the next:

  curl ${api}/v1/leads
  curl ${api}/v1/leads/pages/NEXT

Two leads at once, one of which fails:

  curl -H 'Content-Type: application/json' -d '${leads}' ${api}/v1/leads

The CRM ends all sessions; the next call logs in again:

  curl ${siteUrl}/end-sessions`)
