import { isObject, type OpenApiObject } from '../../openapi/document.js'
import { type ImportOptions } from './options.js'

/** What an import was asked for and what it wrote: by this a merge tells a person's changes from those of a WSDL. */
export interface ImportRecord {
  readonly options: RecordedOptions
  readonly document: OpenApiObject
}

export type RecordedOptions = Omit<ImportOptions, 'baseDir' | 'kept'>

/** The name of the record beside a document: `bank.yaml` has `bank.import.json`. */
export function recordPath(document: string): string {
  return `${document.replace(/\.(?:ya?ml|json)$/i, '')}.import.json`
}

/** @param options others that the command line knows are left out */
export function writeRecord(document: OpenApiObject, options: RecordedOptions): string {
  const { backend, basePath, names, style, operations, service, port } = options
  const asked = { backend, basePath, names, style, operations, service, port }
  return `${JSON.stringify({ version: 1, options: asked, document }, undefined, 1)}\n`
}

/** @throws Error where the text is no record */
export function readRecord(text: string): ImportRecord {
  const value: unknown = JSON.parse(text)
  if (!isObject(value) || value.version !== 1 || !isObject(value.document) || !isObject(value.options)) {
    throw new Error('It is no record of an import.')
  }
  return { options: value.options, document: value.document }
}
