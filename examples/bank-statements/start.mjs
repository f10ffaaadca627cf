import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, listen, ready, scratchFolder, serve } from '../support.mjs'
import { createBank } from './bank.mjs'

const MB = 1_000_000
/** What of a statement the bank has sent, as it goes. */
const TELL_MS = 1_000

// The customer's key and certificate, for as long as the example lasts. The bank knows the certificate.
const folder = scratchFolder()
const key = join(folder, 'key.pem')
const certificate = join(folder, 'certificate.pem')
const make = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=customer', '-keyout', key]
execFileSync('openssl', ['req', ...make, '-out', certificate], { stdio: 'ignore' })

const bank = createBank(readFileSync(certificate, 'utf8'))
const bankUrl = await listen(bank)
const admin = await freePort()
const url = await serve(`${import.meta.dirname}/openapi.yaml`, {
  BANK_URL: bankUrl,
  BANK_KEY_FILE: key,
  BANK_CERTIFICATE: certificate,
  ADMIN_PORT: String(admin),
})

let told = '0 calls, 0 MB of statements'
setInterval(() => {
  const now = `${bank.calls} calls, ${Math.round(bank.sentBytes / MB)} MB of statements`
  if (now !== told) console.log(`bank: ${now}`)
  told = now
}, TELL_MS).unref()

const statement = (to) => `'${url}/v1/accounts/A-1/statement?from=2026-01-01&to=${to}'`
ready(`
Statements of a bank that wants its requests signed:

  curl -i ${url}/v1/accounts/A-1
  curl -i -H 'If-None-Match: ETAG_OF_THE_FIRST' ${url}/v1/accounts/A-1
  curl -s ${statement('2026-01-01')} | head -c 300

100 MB of XML, for a client that takes 5 MB a second:

  node ${import.meta.dirname}/slow-client.mjs ${statement('2026-04-11')} http://127.0.0.1:${admin}/metrics

The bank itself, without a signature:

  curl -d '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>' ${bankUrl}`)
