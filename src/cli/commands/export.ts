import { writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { RestOperation } from '../../adapter/rest.js'
import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import { isPublicUrl } from '../../config/public-url.js'
import type { OpenApiDocument, OpenApiObject } from '../../openapi/document.js'
import { contractOption } from '../contract/contract.js'
import { showFindings } from '../terminal/findings.js'

interface Options {
  readonly contract: string
  readonly openapi: '3.0' | '3.1'
  readonly format: 'json' | 'yaml' | 'graphql'
  readonly publicUrl?: string
  readonly output?: string
  readonly json?: true
}

export function exportCommand(): Command {
  return new Command('export')
    .description(
      'Write the OpenAPI document as clients get it, in OpenAPI 3.1 or 3.0, or its GraphQL schema.',
    )
    .addOption(contractOption())
    .addOption(new Option('--openapi <version>', 'of the document').choices(['3.0', '3.1']).default('3.1'))
    .addOption(
      new Option('--format <format>', 'of the text').choices(['json', 'yaml', 'graphql']).default('yaml'),
    )
    .addOption(
      new Option('--public-url <url>', 'what clients call the service; its servers become absolute')
        .env('PUBLIC_URL')
        .argParser(publicUrlOf),
    )
    .option('-o, --output <file>', 'write there, and not to stdout')
    .option('--json', 'write what is noted as JSON, on one line of stderr')
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone export --openapi 3.0 --format json --output openapi-3.0.json\n\nWhat OpenAPI 3.0 cannot say is noted on stderr.',
    )
    .action(async ({ contract, openapi, format, publicUrl = '', output, json }: Options) => {
      const noted = new Diagnostics()
      const published = await publishedFrom(contract, publicUrl, noted)
      const document = openapi === '3.0' ? await in30(published, noted) : published.root
      if (openapi === '3.0' || noted.list.length > 0) showFindings(noted.list, process.stderr, { json })
      const text = await TEXTS[format](document, published)
      if (output === undefined) process.stdout.write(text)
      else writeFileSync(output, text)
    })
}

const TEXTS: Readonly<
  Record<Options['format'], (document: OpenApiObject, published: OpenApiDocument) => Promise<string>>
> = {
  json: (document) => Promise.resolve(`${JSON.stringify(document, undefined, 2)}\n`),
  yaml: async (document) => (await import('../../openapi/yaml/style.js')).yamlText(document),
  graphql: (_, published) => graphqlSchemaOf(published),
}

/** The schema in GraphQL's own language; operations that it cannot have are noted on stderr. */
async function graphqlSchemaOf(published: OpenApiDocument): Promise<string> {
  const [{ printSchema }, { buildSchema }, { operationsOf: contractsOf }] = await Promise.all([
    import('graphql'),
    import('../../graphql/schema.js'),
    import('../../openapi/operations.js'),
  ])
  const { schema, leftOut } = buildSchema(published, contractsOf(published, new Diagnostics()))
  for (const { operationId, reason } of leftOut) process.stderr.write(`left out: ${operationId}, ${reason}\n`)
  return `${printSchema(schema)}\n`
}

/** @throws InvalidArgumentError */
function publicUrlOf(text: string): string {
  if (text === '' || isPublicUrl(text)) return text
  throw new InvalidArgumentError('It must be an https or http URL without a query.')
}

/** @throws ContractError */
async function publishedFrom(
  contract: string,
  publicUrl: string,
  noted: Diagnostics,
): Promise<OpenApiDocument> {
  const [{ loadOpenApi }, { publishedDocument, withPublicUrl }, { describe }] = await Promise.all([
    import('../../openapi/document.js'),
    import('../../openapi/published/document.js'),
    import('../../http/description/describe.js'),
  ])
  const diagnostics = new Diagnostics()
  const document = loadOpenApi(resolve(contract), basename(contract), diagnostics)
  const isBad = diagnostics.list.some(({ severity }) => severity === 'error')
  if (!document || isBad) throw new ContractError(diagnostics.list)
  const operations = await operationsOf(contract, noted)
  const published = await describe({ document: publishedDocument(document), operations })
  return document.as(publicUrl === '' ? published : withPublicUrl(published, publicUrl))
}

/** None, with a note, where the contract cannot be served here: no WSDLs, or no variables. */
async function operationsOf(
  contract: string,
  noted: Diagnostics,
): Promise<ReadonlyMap<string, RestOperation>> {
  const { compileContract } = await import('../../adapter/adapter.js')
  try {
    const adapter = compileContract({ contract })
    await adapter.close()
    return adapter.operations
  } catch (error) {
    if (!(error instanceof ContractError)) throw error
    const [first] = error.diagnostics.filter(({ severity }) => severity === 'error')
    noted.note(
      'export-incomplete',
      'The contract cannot be served here, so examples that come from its WSDLs are left out; `soapstone check` says why.',
      first?.at,
    )
    return new Map()
  }
}

async function in30(published: OpenApiDocument, noted: Diagnostics): Promise<OpenApiObject> {
  const { toOpenApi30 } = await import('../../openapi/three-zero/document.js')
  const { document, notes } = toOpenApi30(published.root)
  for (const { pointer, message } of notes) {
    noted.note('openapi-inexact', `${pointer}: ${message}`, published.locate(pointer))
  }
  return document
}
