import { createServer } from 'node:http'
import { XMLParser } from 'fast-xml-parser'
import { listen, ready, serve, xml } from '../support.mjs'

// The backend: scripts of another age. No envelope; an error page in HTML for what is not there, XML for what is refused.
const entries = [
  { text: 'Rent', amount: '-845.00' },
  { text: 'Sale of 3 chairs', amount: '212.40' },
]
const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false })
const entry = ({ text, amount }, index) =>
  `<Entry xmlns="urn:example:ledger"><Number>${index + 1}</Number><Text>${xml(text)}</Text><Amount>${amount}</Amount></Entry>`

const backend = createServer(async (req, res) => {
  let body = ''
  for await (const chunk of req.setEncoding('utf8')) body += chunk
  console.log(`${req.method} ${req.url}${body && `\n${body}`}`)
  const { pathname, searchParams } = new URL(req.url, 'http://ledger')
  const answer = (status, text, type = 'text/xml') =>
    res.writeHead(status, { 'content-type': type }).end(text)
  const number = Number(/^\/entries\/(\d+)\.xml$/.exec(pathname)?.[1])
  if (pathname === '/search.cgi') {
    const found = entries.map(entry).filter((one) => one.includes(searchParams.get('text')))
    answer(
      200,
      `<Entries xmlns="urn:example:ledger">${found.slice(0, searchParams.get('max')).join('')}</Entries>`,
    )
  } else if (pathname === '/add.cgi') {
    const { Text: text, Amount: amount } = parser.parse(body).NewEntry
    if (Number(amount) === 0)
      return answer(200, '<Refused xmlns="urn:example:ledger"><Why>An entry of nothing</Why></Refused>')
    answer(200, entry({ text, amount }, entries.push({ text, amount }) - 1))
  } else if (entries[number - 1]) answer(200, entry(entries[number - 1], number - 1))
  else answer(404, '<html><h1>Not found<hr>', 'text/html')
})
const url = await serve(`${import.meta.dirname}/openapi.yaml`, { LEDGER_URL: await listen(backend) })

ready(`
A ledger that speaks XML over HTTP and no SOAP:

  curl '${url}/v1/entries?text=Rent'
  curl -H 'Content-Type: application/json' -d '{"text":"A lamp","amount":"19.90"}' ${url}/v1/entries
  curl -H 'Content-Type: application/json' -d '{"text":"Nothing","amount":"0"}' ${url}/v1/entries
  curl ${url}/v1/entries/99`)
