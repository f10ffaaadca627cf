import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import openapiTypescript, { astToString } from 'openapi-typescript'
import { afterAll, expect, it } from 'vitest'
import { Diagnostics } from '../../../../src/base/diagnostic/diagnostic.js'
import { openApiFromObject, type OpenApiObject } from '../../../../src/openapi/document.js'
import { publishedDocument } from '../../../../src/openapi/published/document.js'
import { importWsdl } from '../../../../src/tools/import/import.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const corpus = fileURLToPath(new URL('../../../../../shared/corpus/', import.meta.url))
const own = [
  'wsdl/banking/core-banking.wsdl',
  'wsdl/banking/lending.wsdl',
  'wsdl/health/patient-registry.wsdl',
  // A port that its provider calls: webhooks.
  'test/events/contracts/outbound-messages.wsdl',
].map((file) => join(root, file))
const foreign = [
  'gematik__api-telematik/conn/phrs/PHRService_V2_0_1.wsdl',
  'ralcorta__afip.ts/src/soap/wsdl/wsfe.wsdl',
  'vpulim__node-soap/test/wsdl/list_parameter.wsdl',
  'navikt__tjenestespesifikasjoner/svarut-ks-forsendelsesservice/src/main/wsdl/svarUt.wsdl',
  'vpulim__node-soap/test/wsdl/strict/CyberSourceTransaction_1.26.wsdl',
].map((file) => join(corpus, file))
if (!existsSync(corpus)) console.warn(`documents: only our own WSDLs: there is no ${corpus}`)
const files = [...own, ...foreign.filter((file) => existsSync(file))]

mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true })
const directory = mkdtempSync(join(root, 'node_modules', '.cache', 'import-'))
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

interface Written {
  readonly name: string
  readonly document: OpenApiObject
}

let imported: Promise<Written[]> | undefined

function documents(): Promise<Written[]> {
  return (imported ??= Promise.all(
    files.map(async (file, index) => {
      const { document } = await importWsdl(file, { baseDir: dirname(file) })
      return { name: `document${index}`, document }
    }),
  ))
}

it('passes the recommended rules of redocly lint without a warning', { timeout: 120_000 }, async () => {
  const paths = (await documents()).map(({ name, document }) => {
    const path = join(directory, `${name}.json`)
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
  const problems = [...lint.stdout.matchAll(/"message": ("(?:[^"\\]|\\.)*")/g)].map((match) => match[1])
  expect(problems).toEqual([])
  expect(lint.status).toBe(0)
})

/** Rules of Spectral's `spectral:oas` that redocly does not have. */
it('says whom to ask, and describes each operation and tag', { timeout: 120_000 }, async () => {
  for (const { name, document } of await documents()) {
    const {
      info,
      tags,
      paths = {},
      webhooks = {},
    } = document as {
      readonly info: OpenApiObject
      readonly tags: readonly OpenApiObject[]
      readonly paths?: Record<string, Record<string, OpenApiObject>>
      readonly webhooks?: Record<string, Record<string, OpenApiObject>>
    }
    expect(info.contact, name).toEqual({ name: expect.stringMatching(/ API$/) as string })
    const operations = [...Object.values(paths), ...Object.values(webhooks)].flatMap((item) =>
      Object.values(item),
    )
    for (const { operationId, description } of operations) {
      expect([name, operationId, description]).toEqual([
        name,
        expect.stringMatching(/^[a-z]/),
        expect.stringMatching(/./),
      ])
    }
    for (const tag of tags) expect(tag.description, name).toMatch(/./)
  }
})

it('makes types that compile under strict TypeScript', { timeout: 120_000 }, async () => {
  const sources = await Promise.all(
    (await documents()).map(async ({ name, document }) => {
      const read = openApiFromObject(document, name, new Diagnostics())
      const published = read ? publishedDocument(read) : {}
      const path = join(directory, `${name}.ts`)
      writeFileSync(path, astToString(await openapiTypescript(JSON.stringify(published))))
      return path
    }),
  )
  const config = join(directory, 'tsconfig.json')
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    target: 'es2022',
    module: 'nodenext',
    types: [],
  }
  writeFileSync(config, JSON.stringify({ compilerOptions, files: sources }))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const compiled = spawnSync(process.execPath, [compiler, '--project', config], { encoding: 'utf8' })
  expect(compiled.stdout).toBe('')
  expect(compiled.status).toBe(0)
})
