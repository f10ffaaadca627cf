import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listen, ready, scratchFolder, serve, soapServer, xml } from '../support.mjs'

// The backend: a help desk.
const tickets = [
  { subject: 'The printer prints in green', state: 'OPEN' },
  { subject: 'No coffee on floor 3', state: 'CLOSED' },
]
const ticket = ({ subject, state, note }, index) =>
  `<Ticket><Number>${index + 1}</Number><Subject>${xml(subject)}</Subject><State>${state}</State>` +
  `${typeof note === 'string' ? `<Note>${xml(note)}</Note>` : ''}</Ticket>`
const backend = soapServer({
  FindTickets: ({ State }) =>
    `<FindTicketsResponse xmlns="urn:example:tickets">${tickets
      .map((each, index) => (State && each.state !== State ? '' : ticket(each, index)))
      .join('')}</FindTicketsResponse>`,
  OpenTicket({ Subject: subject, Note: note }) {
    const at = tickets.push({ subject, state: 'OPEN', note }) - 1
    return `<OpenTicketResponse xmlns="urn:example:tickets">${ticket(tickets[at], at)}</OpenTicketResponse>`
  },
})

// The key of the platform: it gets the key, soapstone gets the line with its hash.
const main = join(import.meta.dirname, '../../dist/cli/main.js')
const [key, line] = execFileSync(process.execPath, [main, 'key', 'platform'], {
  stdio: ['ignore', 'pipe', 'pipe'],
})
  .toString()
  .split('\n')
const url = await serve(`${import.meta.dirname}/openapi.yaml`, {
  TICKETS_URL: await listen(backend),
  AUTHENTICATION: 'contract',
  API_KEYS: line,
  PUBLIC_URL: 'https://tickets.example',
})

// What a platform is given: the documents as they are published.
const files = scratchFolder()
for (const name of ['openapi-3.0.json', 'openapi.json'])
  writeFileSync(join(files, name), await (await fetch(`${url}/v1/${name}`)).text())
const check = [
  join(import.meta.dirname, 'check.mjs'),
  join(files, 'openapi-3.0.json'),
  join(files, 'openapi.json'),
]

ready(`
Tickets of a help desk, for integration platforms. As one would call:

  curl -H 'X-API-Key: ${key}' '${url}/v1/tickets?state=OPEN'
  curl -H 'X-API-Key: ${key}' -H 'Content-Type: application/json' -d '{"subject":"The lift sings"}' ${url}/v1/tickets

What each would import of the documents in ${files}:

${execFileSync(process.execPath, check)}
  node ${check.join(' ')}`)
