import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Diagnostic, Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { loadOpenApi, type OpenApiDocument } from '../../src/openapi/document.js'

export interface Read {
  readonly document: OpenApiDocument | undefined
  readonly diagnostics: Diagnostics
}

/** Reads a document from a file, as the service does. */
export function read(text: string): Read {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-'))
  try {
    const path = join(directory, 'api.yaml')
    writeFileSync(path, text)
    const diagnostics = new Diagnostics()
    return { document: loadOpenApi(path, 'api.yaml', diagnostics), diagnostics }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** The same, where nothing is wrong with it. */
export function readValid(text: string): OpenApiDocument {
  const { document, diagnostics } = read(text)
  if (!document || diagnostics.list.length > 0) throw new Error(JSON.stringify(diagnostics.list))
  return document
}

/** `code file:line` of each. */
export function places(list: readonly Diagnostic[]): string[] {
  return list.map(({ code, at }) => `${code} ${at?.file ?? ''}:${at?.line ?? ''}`)
}
