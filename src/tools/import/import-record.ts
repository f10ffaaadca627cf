import { isObject, type OpenApiObject } from '../../openapi/document.js'
import type { ImportOptions } from './options.js'

/** What an import was asked for and what it wrote: by this a merge tells a person's changes from those of a WSDL. */
export interface ImportRecord {
  readonly options: RecordedOptions
  readonly document: OpenApiObject
  /** Names of its component schemas by what they stand for; none in records of old. */
  readonly components: ReadonlyMap<string, string>
}

/** What of a record a merge compares with. */
export type Recorded = Pick<ImportRecord, 'document' | 'components'>

export type RecordedOptions = Omit<ImportOptions, 'baseDir' | 'kept' | 'judge'>

/** The name of the record beside a document: `bank.yaml` has `bank.import.json`. */
export function recordPath(document: string): string {
  return `${document.replace(/\.(?:ya?ml|json)$/i, '')}.import.json`
}

/** @param options others that the command line knows are left out */
export function writeRecord({ document, components }: Recorded, options: RecordedOptions): string {
  const { backend, basePath, names, style, operations, service, port, settings } = options
  const asked = { backend, basePath, names, style, operations, service, port, settings }
  return `${JSON.stringify({ version: 1, options: asked, components: Object.fromEntries(components), document }, undefined, 1)}\n`
}

/** @throws Error where the text is not a record */
export function readRecord(text: string): ImportRecord {
  const value: unknown = JSON.parse(text)
  if (!isObject(value) || value.version !== 1 || !isObject(value.document) || !isObject(value.options)) {
    throw new Error('It is not a record of an import.')
  }
  const components = Object.entries(isObject(value.components) ? value.components : {}).flatMap(
    ([origin, name]): [string, string][] => (typeof name === 'string' ? [[origin, name]] : []),
  )
  return { options: value.options, document: value.document, components: new Map(components) }
}
