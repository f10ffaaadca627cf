import type { DocumentAnnotation } from '../../annotation/schema/inner-document.js'
import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { didYouMean } from '../../base/diagnostic/did-you-mean.js'
import { clark } from '../../base/qname.js'
import { join } from '../../openapi/pointer.js'
import type { SchemaView } from '../../openapi/schema-view.js'
import type { ElementDeclaration } from '../../xsd/model/model.js'
import type { CanonicalMappings } from '../canonical/canonical.js'
import type {
  DocumentFault,
  DocumentMapping,
  ElementMapping,
  ValueMapping,
} from '../canonical/value-mapping.js'
import type { Fitting } from './fitting.js'

/** Where the two contracts say what a text is. */
interface Sides {
  readonly view: SchemaView
  /** Of the XSD. */
  readonly at: SourceLocation
}

/** Fits an object schema onto a text that is a document: docs/annotation.md, "Documents in texts". */
export function fitDocument(
  fitting: Fitting,
  canonical: ValueMapping,
  annotation: DocumentAnnotation,
  { view, at }: Sides,
): ValueMapping {
  const refuse = (message: string): ValueMapping => {
    fitting.mismatch(pointerOf(view), message, at, 'document-invalid')
    return canonical
  }
  if (
    canonical.kind !== 'scalar' ||
    canonical.type.variety !== 'atomic' ||
    !HOLDERS.has(canonical.type.builtIn)
  )
    return refuse('content is for an xs:string, or for xs:base64Binary; the XSD has neither here.')
  if (canonical.type.builtIn === 'base64Binary' && annotation.encoding === 'text')
    return refuse('The XSD has xs:base64Binary here: the encoding of content must be base64 or gzip+base64.')
  const key = `${view.pointer} ${JSON.stringify([annotation, ...annotation.faults])}`
  const known = fitting.known(canonical, key)
  if (known) return known
  const place = fitting.document.locate(pointerOf(view))
  const inner = fitting.documents.open(annotation.schema, place)
  if (!inner) return canonical
  const declaration = elementNamed(inner, annotation.element)
  if (!declaration) return refuse(unknownElement(inner, annotation, annotation.element))
  const mapping = {
    kind: 'document' as const,
    text: canonical,
    root: rootOf(inner, declaration),
    encoding: annotation.encoding,
    maxBytes: annotation.maxBytes,
    maxDepth: annotation.maxDepth,
    emptyIsNull: fitting.direction === 'response' && view.nullable,
    faults: [] as DocumentFault[],
  }
  fitting.remember(canonical, key, mapping)
  const value = fitting.viewed(mapping.root.value, view, declaration.at)
  Object.assign(mapping.root, { value })
  for (const [name, status] of annotation.faults) {
    const fault = elementNamed(inner, name)
    if (fault) mapping.faults.push({ declaration: fault, value: inner.value(fault.type), status })
    else refuse(unknownElement(inner, annotation, name))
  }
  return mapping satisfies DocumentMapping
}

function pointerOf({ annotations, pointer }: SchemaView): string {
  const written = annotations.find(({ value }) => Object.hasOwn(Object(value) as object, 'content'))
  return written ? join(written.pointer, 'content') : pointer
}

const HOLDERS: ReadonlySet<string> = new Set(['string', 'base64Binary'])

/** By its local name, or in Clark notation. */
function elementNamed({ schemas }: CanonicalMappings, name: string): ElementDeclaration | undefined {
  return [...schemas.elements.values()].find((one) => one.name.localName === name || clark(one.name) === name)
}

function unknownElement(
  { schemas }: CanonicalMappings,
  { schema }: DocumentAnnotation,
  name: string,
): string {
  const known = [...schemas.elements.values()].map((element) => element.name.localName)
  return `${schema} has no global element ${name}; it has ${known.join(', ') || 'none'}.${didYouMean(name, known)}`
}

/** The document element is there once, is never nil, and has no name in JSON. */
function rootOf(canonical: CanonicalMappings, declaration: ElementDeclaration): ElementMapping {
  const element = canonical.element(declaration)
  return { ...element, nillable: false, member: { ...element.member, required: true, nullable: false } }
}
