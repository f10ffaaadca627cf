#!/usr/bin/env bash
# undici's HTTP/1.1 client fails a request when the server sends "100 Continue" that was not asked for, although RFC 9110,
# section 15.2 says: "A client MUST be able to parse one or more 1xx responses received prior to a final response, even if
# the client does not expect one." A 103 in the same place is passed over, and node:http reads both.
#
# Prints what each client makes of it; exits non-zero when undici behaves otherwise.
set -euo pipefail
version=7.30.2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund "undici@$version"
cat >probe.mjs <<'JS'
import http from 'node:http'
import net from 'node:net'
import { once } from 'node:events'
import { request } from 'undici'

const server = net.createServer((socket) => {
  socket.on('error', () => {})
  socket.on('data', (data) => {
    const status = /^POST \/(\d+)/.exec(data.toString())?.[1]
    if (status) socket.end(`HTTP/1.1 ${status} X\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`)
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const origin = `http://127.0.0.1:${server.address().port}`
const byUndici = async (status) => {
  try {
    const { statusCode } = await request(`${origin}/${status}`, { method: 'POST', body: 'x' })
    return String(statusCode)
  } catch (error) {
    return `${error.code}: ${error.message}`
  }
}
const byNode = async (status) => {
  const req = http.request(`${origin}/${status}`, { method: 'POST', agent: false }).end('x')
  const [response] = await once(req, 'response')
  response.resume()
  return String(response.statusCode)
}
const seen = { undici100: await byUndici(100), undici103: await byUndici(103), node100: await byNode(100) }
console.log(seen)
server.close()
const asKnown = seen.undici100 === 'UND_ERR_SOCKET: bad response' && seen.undici103 === '200' && seen.node100 === '200'
process.exit(asKnown ? 0 : 1)
JS
echo "undici $version, node $(node --version)"
node probe.mjs
