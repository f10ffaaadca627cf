/** What a good team would write by hand for documents: Express, and the MTOM of node-soap. It asks nobody for a key. */
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { Busboy } from '@fastify/busboy'
import express from 'express'
import { createClientAsync } from 'soap'
import { listen } from './child.mjs'

const wsdl = fileURLToPath(new URL('../contract/archive.wsdl', import.meta.url))
const client = await createClientAsync(wsdl, {
  endpoint: process.env.LEDGER_URL,
  parseResponseAttachments: true,
})

const include = '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:content@bench"/>'

async function store(bytes) {
  const part = {
    mimetype: 'application/octet-stream',
    contentId: 'content@bench',
    name: 'content',
    body: bytes,
  }
  const [answer] = await client.StoreAsync({ Content: { $xml: include } }, { attachments: [part] })
  return { octets: answer.Octets }
}

async function fetched(id) {
  const [, , , , attachments] = await client.FetchAsync({ Id: id })
  return attachments.parts[0].body
}

function fileOf(req) {
  return new Promise((resolve, reject) => {
    const form = new Busboy({
      headers: req.headers,
      isPartAFile: () => true,
      limits: { fileSize: 60_000_000 },
    })
    const chunks = []
    form.on('file', (_name, stream) => stream.on('data', (chunk) => chunks.push(chunk)))
    form.once('finish', () => resolve(Buffer.concat(chunks)))
    form.once('error', reject)
    req.pipe(form)
  })
}

const limit = '60mb'
const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.post('/v1/documents', express.json({ limit }), async (req, res) => {
  res.json(await store(Buffer.from(req.body.content, 'base64')))
})
app.post('/v1/forms', async (req, res) => {
  res.json(await store(await fileOf(req)))
})
app.post('/v1/files', express.raw({ type: '*/*', limit }), async (req, res) => {
  res.json(await store(req.body))
})
app.get('/v1/files/:id', async (req, res) => {
  res.type('application/octet-stream').send(await fetched(req.params.id))
})
app.get('/v1/documents/:id', async (req, res) => {
  res.json({ content: (await fetched(req.params.id)).toString('base64') })
})

listen(createServer(app))
