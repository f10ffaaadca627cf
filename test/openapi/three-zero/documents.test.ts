import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express from 'express'
import * as validator from 'express-openapi-validator'
import openapiTypescript, { astToString } from 'openapi-typescript'
import request from 'supertest'
import { afterAll, describe, expect, it } from 'vitest'
import { compileContract } from '../../../src/adapter/adapter.js'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import { openApiFromObject, type OpenApiObject } from '../../../src/openapi/document.js'
import { publishedDocument } from '../../../src/openapi/published/document.js'
import { toOpenApi30 } from '../../../src/openapi/three-zero/document.js'
import { importWsdl } from '../../../src/tools/import/import.js'
import { SchemaArbitrary } from '../../oracle/json-schema-arbitrary.js'
import fc from '../../oracle/property.js'
import { judge30, judge31 } from './judge.js'

const SLOW = 180_000

const root = fileURLToPath(new URL('../../../', import.meta.url))
const corpus = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url))
if (!existsSync(corpus)) console.warn(`documents: only our own WSDLs: there is no ${corpus}`)
const wsdls = [
  join(root, 'wsdl/banking/core-banking.wsdl'),
  join(root, 'wsdl/health/patient-registry.wsdl'),
  ...[
    'gematik__api-telematik/conn/phrs/PHRService_V2_0_1.wsdl',
    'gematik__api-telematik/conn/SignatureService_V7_5_5.wsdl',
    'ralcorta__afip.ts/src/soap/wsdl/wsfe.wsdl',
    'vpulim__node-soap/test/wsdl/builtin_types.wsdl',
    'vpulim__node-soap/test/wsdl/strict/CyberSourceTransaction_1.26.wsdl',
  ].map((file) => join(corpus, file)),
].filter((file) => existsSync(file))

mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true })
const directory = mkdtempSync(join(root, 'node_modules', '.cache', 'three-zero-'))
const adapter = compileContract({ contract: join(root, 'openapi.yaml'), env: {} })
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true })
  await adapter.close()
})

async function imported(file: string): Promise<OpenApiObject> {
  const { document } = await importWsdl(file, { baseDir: dirname(file) })
  const read = openApiFromObject(document, file, new Diagnostics())
  return read ? publishedDocument(read) : {}
}

const documents = [adapter.document, ...(await Promise.all(wsdls.map(imported)))]
const converted = documents.map((document) => toOpenApi30(document).document)

it('finds the meta-schema and the rules of redocly lint satisfied, with no error', { timeout: SLOW }, () => {
  const paths = converted.map((document, index) => {
    const path = join(directory, `document${index}.json`)
    writeFileSync(path, JSON.stringify(document))
    return path
  })
  const lint = spawnSync(
    join(root, 'node_modules/.bin/redocly'),
    ['lint', ...paths, '--extends=recommended', '--format=json'],
    {
      encoding: 'utf8',
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    },
  )
  const messages = [...lint.stdout.matchAll(/"message": "([^\n]*)",?$/gm)].map((match) => match[1])
  // What was read from the 3.1 document inline, since it may be null, has a name of its own too.
  expect(messages.filter((message) => !/^Component: .* is never used/.test(message ?? ''))).toEqual([])
  expect(lint.status).toBe(0)
})

it('is read by openapi-typescript', { timeout: SLOW }, async () => {
  for (const document of converted) {
    const source = astToString(await openapiTypescript(JSON.stringify(document)))
    expect(source).toContain('export interface paths')
  }
})

it(
  'is loaded by express-openapi-validator, which takes a sample of every request',
  { timeout: SLOW },
  async () => {
    const [document] = converted
    const app = express()
    app.use(express.json({ type: ['application/json', 'application/merge-patch+json'] }))
    app.use(
      validator.middleware({
        apiSpec: document as Parameters<typeof validator.middleware>[0]['apiSpec'],
        validateApiSpec: true,
        validateSecurity: false,
        validateFormats: false,
      }),
    )
    app.use((_req, res) => {
      res.sendStatus(204)
    })
    const onError: express.ErrorRequestHandler = (error: Error, _req, res, next) => {
      if (res.headersSent) next(error)
      else res.status(500).send(error.message)
    }
    app.use(onError)
    const refused: unknown[] = []
    let sent = 0
    for (const operation of adapter.operations.values()) {
      for (const optionals of ['all', 'none'] as const) {
        const { path, query, headers, body } = operation.sample({ optionals })
        if (body !== undefined && (typeof body !== 'object' || body instanceof Uint8Array)) continue
        const url = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
          encodeURIComponent(String(path[name])),
        )
        const method = operation.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
        const asked = request(app)
          [method](`/v1${url}`)
          .query(query)
          .set(headers as Record<string, string>)
        const { status, text } = await (body === undefined ? asked : asked.send(body as object))
        sent++
        if (status !== 204) refused.push([operation.operationId, optionals, status, text])
      }
    }
    expect(refused).toEqual([])
    expect(sent).toBeGreaterThan(50)
  },
)

describe('every value that a schema of the contract takes', () => {
  const document = adapter.document
  const { document: document30, notes } = toOpenApi30(document)
  const { schemas } = document.components as { schemas: Record<string, unknown> }
  const arbitrary = new SchemaArbitrary(document)

  it('is taken by that of OpenAPI 3.0', { timeout: SLOW }, () => {
    let judged = 0
    // The oracle does not find an end of their recursion.
    const endless = new Set(['LoanApplicationRecord', 'LoanApplicationPage'])
    for (const name of Object.keys(schemas).filter((each) => !endless.has(each))) {
      const pointer = `/components/schemas/${name}`
      const [by31, by30] = [judge31(document, pointer), judge30(document30, pointer)]
      for (const value of fc.sample(arbitrary.of(schemas[name]), 5)) {
        if (!by31(value)) continue
        judged++
        expect(by30(value), `${name}: ${JSON.stringify(value)}`).toBe(true)
      }
    }
    expect(judged).toBeGreaterThan(Object.keys(schemas).length)
  })

  it('is more than the contract has only where unknown members are refused behind allOf', () => {
    const kinds = new Set(notes.map(({ message }) => message.split(' ')[0]))
    expect([...kinds].sort()).toEqual(['Only', '`oneOf`', '`unevaluatedProperties`'])
  })
})
