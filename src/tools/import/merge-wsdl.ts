import { resolve } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic/diagnostic.js'
import type { OpenApiObject } from '../../openapi/document.js'
import { importWsdl } from './import.js'
import type { Recorded } from './import-record.js'
import { type OperationPair, type Renames, renamesBetween } from './merge/component-renames.js'
import { DocumentText } from './merge/document-text.js'
import {
  backendsOf,
  idOf,
  type JoinedOperation,
  joinedOperations,
  members,
  routesIn,
  sameBackend,
} from './merge/joined-operations.js'
import type { KeptRoute, KeptRoutes } from './merge/kept-routes.js'
import { mergeDocuments } from './merge/merge-documents.js'
import type { MergeNotes } from './merge/three-way.js'
import { type ImportOptions, isWanted } from './options.js'
import type { ImportSummary } from './summary/summary.js'

export interface Merged {
  /** The person's document with what the WSDLs have changed. */
  readonly text: string
  readonly notes: MergeNotes
  /** What import would write now: the record for the next merge. */
  readonly imported: Recorded
  readonly diagnostics: readonly Diagnostic[]
  readonly summary: ImportSummary
}

/**
 * Brings what WSDLs have changed into a document that import made and a person has edited.
 *
 * @param text the document, YAML or JSON
 * @param recorded what import wrote last time, if it is still there
 * @param options `baseDir` is where the document lies
 * @throws Error where the text is not a document
 */
export async function mergeWsdl(
  wsdls: readonly string[],
  text: string,
  recorded: Recorded | undefined,
  options: ImportOptions = {},
): Promise<Merged> {
  const document = new DocumentText(text)
  const record = recorded?.document
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
  const renames = record
    ? renamesBetween(record, mine, pairsOf(origin, joinedOperations(mine, undefined, origin)))
    : noRenames
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
    ...keptComponents(recorded, mine, renames),
  }
  const { document: theirs, components, diagnostics, summary } = await importWsdl(wsdls, { ...options, kept })
  const { edits, notes } = mergeDocuments({
    base: record,
    renamed,
    renames,
    mine,
    theirs,
    isWanted: (name) => isWanted(name, options),
  })
  return {
    text: document.edited(edits),
    notes,
    imported: { document: theirs, components },
    diagnostics,
    summary,
  }
}

const noRenames: Renames = { components: new Map(), tags: new Map(), operationIds: new Map() }

function pairsOf(
  before: ReadonlyMap<string, JoinedOperation>,
  now: ReadonlyMap<string, JoinedOperation>,
): readonly OperationPair[] {
  return [...before].flatMap(([key, { operation }]) => {
    const own = now.get(key)
    return own ? [{ base: operation, mine: own.operation }] : []
  })
}

/** What a type was called it is called again, under the name that a person has given to it. */
function keptComponents(
  recorded: Recorded | undefined,
  mine: OpenApiObject,
  { components: renamed }: Renames,
): Pick<KeptRoutes, 'components' | 'componentNames'> {
  if (!recorded) return { components: new Map(), componentNames: [] }
  const nameNow = (name: string): string => renamed.get(`schemas/${name}`)?.replace(/^schemas\//, '') ?? name
  const components = new Map([...recorded.components].map(([origin, name]) => [origin, nameNow(name)]))
  const made = new Set(Object.keys(schemasOf(recorded.document)))
  const own = Object.keys(schemasOf(mine)).filter((name) => components.size > 0 || !made.has(name))
  return { components, componentNames: own }
}

function schemasOf(document: OpenApiObject): OpenApiObject {
  return members(members(document.components).schemas)
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
