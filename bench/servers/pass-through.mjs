import { Pool } from 'undici'

const pool = new Pool(process.env.LEDGER_URL, { connections: 64 })

/** Sends the bytes of a request to the backend and those of its answer to the client. */
export async function passThrough(req, res) {
  const answer = await pool.request({
    path: req.url,
    method: req.method,
    headers: { 'content-type': req.headers['content-type'] ?? 'text/xml' },
    body: req.method === 'POST' ? req : null,
  })
  const bytes = Buffer.from(await answer.body.arrayBuffer())
  res.writeHead(answer.statusCode, {
    'content-type': answer.headers['content-type'],
    'content-length': bytes.byteLength,
  })
  res.end(bytes)
}
