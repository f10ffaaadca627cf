import { valuesWithin } from '../../canonical/content-walk.js'
import type { DocumentMapping } from '../../canonical/value-mapping.js'
import type { OperationJoin } from '../both-sides.js'
import type { BodyMapping } from '../mapping.js'

/** The documents that stand in texts of a message, those within others included. */
export function documentsIn(body: BodyMapping | undefined): DocumentMapping[] {
  return body ? [...valuesWithin([body.object])].filter((value) => value.kind === 'document') : []
}

/** A document may hold others, but none of its own kind: each is read by a reader of its own, and nothing would bound them. */
export function checkDocuments(
  { document, rest, diagnostics }: OperationJoin,
  bodies: readonly (BodyMapping | undefined)[],
): void {
  for (const found of bodies.flatMap(documentsIn)) {
    if (![...valuesWithin([found.root.value])].includes(found)) continue
    const { localName } = found.root.name
    const message = `The document ${localName} holds a text whose content is ${localName} again, without end: map that text as a string.`
    const declared = [{ message: 'the XSD declares it here', at: found.root.at }]
    diagnostics.error('document-invalid', message, document.locate(rest.pointer), declared)
  }
}
