import { existsSync, readdirSync } from 'node:fs'
import type { Server } from 'node:http'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import express from 'express'
import * as OpenApiValidator from 'express-openapi-validator'
import { expect, it } from 'vitest'
import { type Adapter, compileContract } from '../../src/adapter/adapter.js'
import type { RestRequest } from '../../src/adapter/rest.js'
import { jsonText } from '../../src/json/text.js'
import { importWsdl } from '../../src/tools/import/import.js'

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
if (!existsSync(corpus)) console.warn(`published order: skipped: there is no ${corpus}`)

function texts(headers: RestRequest['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
}

/** What a server says that judges requests by the published document with express-openapi-validator. */
async function refusals(adapter: Adapter): Promise<string[]> {
  const app = express()
  app.use(express.json({ strict: false, limit: '20mb' }))
  app.use(
    OpenApiValidator.middleware({
      apiSpec: structuredClone(adapter.document) as never,
      validateResponses: false,
      validateSecurity: false,
      validateFormats: false,
    }),
  )
  app.use((_req, res) => res.sendStatus(204))
  const refuse: express.ErrorRequestHandler = (error: Error, _req, res, next) => {
    if (res.headersSent) next(error)
    else res.status(400).send(error.message)
  }
  app.use(refuse)
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => {
      resolve(listening)
    })
  })
  const { port } = server.address() as { port: number }
  const said: string[] = []
  for (const operation of adapter.operations.values()) {
    const { body, headers } = operation.sample({ optionals: 'all' })
    if (body === undefined || operation.path.includes('{')) continue
    const response = await fetch(`http://127.0.0.1:${port}${adapter.basePath}${operation.path}`, {
      method: operation.method.toUpperCase(),
      headers: { ...texts(headers), 'content-type': 'application/json' },
      body: jsonText(body),
    })
    if (response.status !== 204) said.push(`${operation.operationId}: ${await response.text()}`)
  }
  server.close()
  return said
}

it.skipIf(!existsSync(corpus))(
  'lets express-openapi-validator accept the samples of every document with unions',
  { timeout: 300_000 },
  async () => {
    const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.wsdl'),
    )
    const refused: string[] = []
    let judged = 0
    for (const file of files) {
      const baseDir = dirname(`${corpus}${file}`)
      const { document } = await importWsdl(basename(file), { baseDir })
      if (!JSON.stringify(document).includes('"discriminator"')) continue
      const adapter = compileContract({ contract: document, baseDir, env: {} })
      judged++
      for (const each of await refusals(adapter)) refused.push(`${basename(file)} ${each}`)
      await adapter.close()
    }
    expect(judged).toBeGreaterThan(5)
    expect(refused).toEqual([])
  },
)
