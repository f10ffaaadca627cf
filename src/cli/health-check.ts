/**
 * Asks the service in this container whether it is alive, and ends with status 0 if it is: for HEALTHCHECK of the image. It
 * reads the settings that the service reads, and imports nothing of it: a check every few seconds must cost little.
 */
import { request as plain } from 'node:http'
import { request as secured } from 'node:https'

const { PORT = '8080', HOST = '', TLS_CERT_FILE = '' } = process.env
const ALL_ADDRESSES = new Set(['', '0.0.0.0', '::'])
const TIMEOUT_MS = 2_500

const options = {
  host: ALL_ADDRESSES.has(HOST) ? '127.0.0.1' : HOST,
  port: Number(PORT),
  path: '/healthz',
  timeout: TIMEOUT_MS,
  agent: false,
}
// Its certificate is for the name that clients know; on the way to itself nobody can stand.
const asked = TLS_CERT_FILE === '' ? plain(options) : secured({ ...options, rejectUnauthorized: false })
asked.on('response', (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1)
})
asked.on('timeout', () => process.exit(1))
asked.on('error', () => process.exit(1))
asked.end()
