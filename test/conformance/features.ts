import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Body, bytesOf } from '../../src/base/bytes/source.js'
import { importWsdl, loadAdapter, type RestOperation } from '../../src/index.js'
import { parseJson, restoreExactNumbers } from '../../src/json/parse.js'
import type { JsonValue } from '../../src/json/value.js'

export const folder = fileURLToPath(new URL('.', import.meta.url))

/** The operations of a WSDL, by the name of the WSDL operation and of its element, as the importer designs them. */
export async function importedOperations(
  wsdl: string,
): Promise<ReadonlyMap<string, readonly RestOperation[]>> {
  const { document, diagnostics, summary } = await importWsdl(wsdl, { baseDir: folder, style: 'rpc' })
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  const adapter = await loadAdapter({ contract: document, baseDir: folder, env: {} })
  const operations = new Map<string, RestOperation[]>()
  for (const { operation, operationId } of summary.operations) {
    const compiled = adapter.operations.get(operationId)
    if (compiled) operations.set(operation, [...(operations.get(operation) ?? []), compiled])
  }
  return operations
}

export function textOf(body: Body): string {
  return bytesOf(body).toString('utf8')
}

export function exactJson(text: string): JsonValue {
  const { value, exact } = parseJson(text)
  restoreExactNumbers(exact)
  return value as JsonValue
}

const prefixes =
  'xmlns:f="urn:features" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'

/** An envelope as a backend might write it. */
export function envelope(body: string, version: '1.1' | '1.2' = '1.1'): string {
  const text = `<soap:Envelope ${prefixes}><soap:Body>${body}</soap:Body></soap:Envelope>`
  return version === '1.1'
    ? text
    : text.replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope')
}

/** What is in the body of an envelope that we wrote, in an envelope of the test's. */
export function rebased(written: string, version: '1.1' | '1.2' = '1.1'): string {
  const declared = /<\w+:Envelope([^>]*)>/.exec(written)?.[1] ?? ''
  const body = /<\w+:Body>([^]*)<\/\w+:Body>/.exec(written)?.[1] ?? ''
  const others = declared.replace(/ xmlns:(?:soap|xsi|f)="[^"]*"/g, '')
  return envelope(body, version).replace('<soap:Body>', `<soap:Body${others}>`)
}

/** Writes files into a folder of their own for the time of a call. */
export async function inFolder<T>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folderOfFiles = mkdtempSync(join(tmpdir(), 'features-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folderOfFiles, name), text)
    return await use(folderOfFiles)
  } finally {
    rmSync(folderOfFiles, { recursive: true })
  }
}
