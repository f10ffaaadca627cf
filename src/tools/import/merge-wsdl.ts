import { resolve } from 'node:path'
import { type Diagnostic } from '../../base/diagnostic.js'
import { type OpenApiObject } from '../../openapi/document.js'
import { importWsdl } from './import.js'
import { type KeptRoute, type KeptRoutes } from './kept-routes.js'
import { DocumentText } from './merge/document-text.js'
import { backendsOf, idOf, joinedOperations, routesIn, sameBackend } from './merge/joined-operations.js'
import { mergeDocuments } from './merge/merge-documents.js'
import { type MergeNotes } from './merge/three-way.js'
import { isWanted, type ImportOptions } from './options.js'
import { type ImportSummary } from './summary.js'

export interface Merged {
  /** The person's document with what the WSDLs have changed. */
  readonly text: string
  readonly notes: MergeNotes
  /** What import would write now: the record for the next merge. */
  readonly imported: OpenApiObject
  readonly diagnostics: readonly Diagnostic[]
  readonly summary: ImportSummary
}

/**
 * Brings what WSDLs have changed into a document that import made and a person has edited.
 *
 * @param text the document, YAML or JSON
 * @param record what import wrote last time, if it is still there
 * @param options `baseDir` is where the document lies
 * @throws Error where the text is no document
 */
export async function mergeWsdl(
  wsdls: readonly string[],
  text: string,
  record: OpenApiObject | undefined,
  options: ImportOptions = {},
): Promise<Merged> {
  const document = new DocumentText(text)
  const mine = document.root
  const directory = resolve(options.baseDir ?? '.')
  const own = backendsOf(mine, directory)
  const renamed = new Map(
    (record ? backendsOf(record, directory) : []).flatMap(({ name, wsdl, port }) => {
      const now = own.some((backend) => backend.name === name) ? undefined : sameBackend(own, wsdl, port)
      return now ? [[name, now.name] as const] : []
    }),
  )
  const originals = new Map([...renamed].map(([original, name]) => [name, original]))
  const backends = own.map((backend) => ({ ...backend, madeAs: originals.get(backend.name) ?? backend.name }))
  const origin = joinedOperations(record ?? mine, record ? renamed : undefined)
  const routes = [...routesIn(mine), ...(record ? routesIn(record) : [])]
  const kept: KeptRoutes = {
    backends,
    operations: new Map(
      [...origin].map(([key, { method, path, operation }]): [string, KeptRoute] => [
        key,
        { method, path, operationId: idOf(operation) },
      ]),
    ),
    taken: routes,
    operationIds: new Set(routes.map(({ operationId }) => operationId)),
  }
  const { document: theirs, diagnostics, summary } = await importWsdl(wsdls, { ...options, kept })
  const { edits, notes } = mergeDocuments({
    base: record,
    renamed,
    mine,
    theirs,
    isWanted: (name) => isWanted(name, options),
  })
  return { text: document.edited(edits), notes, imported: theirs, diagnostics, summary }
}

/** What a merge did, as text for a terminal. */
export function formatMerge({ added, changed, removed, conflicts }: MergeNotes): string {
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...[...lines].sort().map((line) => `  - ${line}`)]
  const count = added.length + changed.length + removed.length
  return [
    count === 0 ? 'Nothing to merge' : `${count} ${count === 1 ? 'change' : 'changes'} merged`,
    ...section('Added', added),
    ...section('Changed', changed),
    ...section('Removed', removed),
    ...section('To review', conflicts),
  ].join('\n')
}
