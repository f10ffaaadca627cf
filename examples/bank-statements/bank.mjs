// The bank: it answers only what its customer has signed, and sends statements of any length.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { XMLParser } from 'fast-xml-parser'
import { SignedXml } from 'xml-crypto'
import { xml } from '../support.mjs'

const ENTRIES_A_DAY = 5_000
const ENTRIES_A_WRITE = 250
const DAY_MS = 86_400_000
const MAX_AGE_MS = 300_000
const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false })
const open = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
const close = '</e:Body></e:Envelope>'

/** @param certificate that of the customer, PEM @returns the server; `calls` and `sentBytes` say what it did */
export function createBank(certificate) {
  const bank = createServer(async (req, res) => {
    let text = ''
    for await (const chunk of req.setEncoding('utf8')) text += chunk
    bank.calls++
    const type = { 'content-type': 'text/xml; charset=utf-8' }
    const refuse = (code, reason, detail = '') =>
      res
        .writeHead(500, type)
        .end(
          `${open}<e:Fault><faultcode>${code}</faultcode><faultstring>${reason}</faultstring><detail>${detail}</detail></e:Fault>${close}`,
        )
    const body = signedBody(text, certificate)
    if (typeof body === 'string') return refuse('e:Client', body)
    const [[name, { Account: account, From: from, To: to }]] = Object.entries(body)
    if (account !== 'A-1')
      return refuse(
        'e:Client',
        'No account',
        `<NoAccount xmlns="urn:example:bank"><Account>${xml(account)}</Account></NoAccount>`,
      )
    res.writeHead(200, type)
    if (name === 'GetAccount')
      return res.end(
        `${open}<GetAccountResponse xmlns="urn:example:bank"><Account>A-1</Account><Owner>Harbour Row</Owner><Currency>EUR</Currency></GetAccountResponse>${close}`,
      )
    res.write(`${open}<GetStatementResponse xmlns="urn:example:bank"><Account>A-1</Account>`)
    for (const part of entries(from, to)) {
      bank.sentBytes += part.length
      if (!res.write(part)) await hasRoom(res)
      if (res.destroyed) return
    }
    res.end(`</GetStatementResponse>${close}`)
  })
  return Object.assign(bank, { calls: 0, sentBytes: 0 })
}

/** Waits until the reader has taken what was sent, or has gone. */
async function hasRoom(res) {
  if (res.destroyed) return
  const either = new AbortController()
  await Promise.race(['drain', 'close'].map((event) => once(res, event, { signal: either.signal })))
  either.abort()
}

/** What the customer has signed in soap:Body, or what is wrong. Nothing else of the message is looked at. */
function signedBody(text, certificate) {
  const signatures = text.match(/<ds:Signature[ >].*?<\/ds:Signature>/gs) ?? []
  if (signatures.length !== 1) return 'The message must have one signature.'
  const signed = new SignedXml({ publicCert: certificate })
  try {
    signed.loadSignature(signatures[0])
    if (!signed.checkSignature(text)) return 'The signature does not fit the message.'
  } catch {
    return 'The signature does not fit the message.'
  }
  const { Body, Timestamp } = Object.assign(
    {},
    ...signed.getSignedReferences().map((part) => parser.parse(part)),
  )
  if (!Body || !Timestamp) return 'Body and Timestamp must be signed.'
  if (Math.abs(Date.now() - Date.parse(Timestamp.Created)) > MAX_AGE_MS) return 'The message is too old.'
  return Body
}

/** Some MB of XML a day, in pieces. */
function* entries(from, to) {
  let number = 0
  for (let day = Date.parse(from); day <= Date.parse(to); day += DAY_MS) {
    const booked = new Date(day).toISOString().slice(0, 10)
    for (let sent = 0; sent < ENTRIES_A_DAY; sent += ENTRIES_A_WRITE) {
      let part = ''
      for (let entry = 0; entry < ENTRIES_A_WRITE; entry++)
        part += `<Entry><Number>${++number}</Number><Booked>${booked}</Booked><Amount>${(number % 997) - 498}.50</Amount><Text>Card payment ${number}, terminal ${number % 61}, Harbour Row branch, reference ${(number * 7919).toString(36)}, thank you for your custom</Text></Entry>`
      yield part
    }
  }
}
