import type { BlockName, GivenToBlock, HeaderEntry } from '../../../annotation/message/header-blocks.js'
import { didYouMean } from '../../../base/diagnostic/did-you-mean.js'
import { sameQName } from '../../../base/qname.js'
import { UniqueNames } from '../../../base/unique-names.js'
import type { SoapVersion } from '../../../wsdl/model.js'
import type { ElementDeclaration } from '../../../xsd/model/model.js'
import { memberName } from '../../canonical/member-names.js'
import type { ContentMapping, ObjectMapping } from '../../canonical/value-mapping.js'
import type { Fitting } from '../../fit/fitting.js'
import type { OperationJoin } from '../both-sides.js'
import type { BlockMapping, HeaderMapping } from '../mapping.js'
import { objectOf } from './body.js'
import { fitDrafts } from './placement.js'
import type { Drafted, RequestSources } from './request-sources.js'

interface Block {
  readonly element: ElementDeclaration
  readonly drafts: Drafted[]
  /** The envelope's own attributes, as text. */
  attributes: string
}

/**
 * Maps the sources of `headers` onto header blocks: docs/annotation.md, "SOAP headers". Blocks that the WSDL
 * declares and the contract does not fill are left out with a warning.
 */
export function mapHeaders(
  operation: OperationJoin,
  sources: RequestSources,
  fitting: Fitting,
): HeaderMapping | undefined {
  const { document, annotation, backend, soap, diagnostics } = operation
  const blocks = new Map<ElementDeclaration, Block>()
  for (const entry of entriesOf(operation)) addEntry(operation, sources, blocks, entry)
  const unsent = soap.input.headers
    .map(({ element }) => element)
    .filter((element) => ![...blocks.keys()].some((block) => sameQName(block.name, element.name)))
  if (unsent.length > 0) {
    const names = unsent.map((element) => element.name.localName).join(', ')
    diagnostics.warning(
      'header-unsent',
      `${soap.name} declares the SOAP headers ${names}, which are not sent: name their sources in x-soap.headers.`,
      document.locate(annotation.pointer),
      [{ message: 'the WSDL operation', at: soap.at }],
    )
  }
  if (blocks.size === 0) return undefined
  const all = [...blocks.values()]
  const elements = all.map(({ element }) => element)
  const canonical = objectOf(elements, soap.input.at, backend.canonical)
  const at = document.locate(annotation.pointer)
  const drafts = all.flatMap((block) => block.drafts)
  const { object, members } = fitDrafts(fitting, asBlocks(canonical, all), drafts, at)
  return { object, members }
}

/** Those of the operation before those of its backend. */
function entriesOf({ annotation, backend, backendAnnotation, soap }: OperationJoin): readonly HeaderEntry[] {
  const own = annotation.headers
  const shared = backendAnnotation.headers.filter(({ target, block }) => {
    const declared = backend.operations.filter(({ input }) =>
      input.headers.some((header) => matches(header.element, block)),
    )
    const applies = declared.length === 0 || declared.includes(soap)
    return applies && !own.some((entry) => entry.target === target)
  })
  return [...own, ...shared]
}

function addEntry(
  operation: OperationJoin,
  sources: RequestSources,
  blocks: Map<ElementDeclaration, Block>,
  { block: name, pointer, given }: HeaderEntry,
): void {
  const element = findElement(operation, name)
  if (!element) {
    reportUnknown(operation, name, pointer)
    return
  }
  const block = blocks.get(element) ?? { element, drafts: [], attributes: '' }
  blocks.set(element, block)
  if (given.kind === 'source') {
    const { entry } = given
    block.drafts.push(...sources.entry(entry, [element.name.localName, ...entry.path]))
  } else block.attributes += blockAttribute(given, operation.backend.soapVersion)
}

function reportUnknown(
  { document, backend, soap, diagnostics }: OperationJoin,
  { localName }: BlockName,
  pointer: string,
): void {
  const declared = soap.input.headers.map((header) => header.element.name.localName)
  const known = [
    ...declared,
    ...[...backend.wsdl.schemas.elements.values()].map(({ name }) => name.localName),
  ]
  diagnostics.error(
    'header-unknown',
    `No header block ${localName} is known: ${soap.name} declares ${declared.join(', ') || 'none'}; any other must be a global element of its schemas, {namespace}name where that helps.${didYouMean(localName, known)}`,
    document.locate(pointer),
    [{ message: 'the WSDL operation', at: soap.at }],
  )
}

/** As each version of SOAP writes the attributes of the envelope. */
function blockAttribute(given: Exclude<GivenToBlock, { kind: 'source' }>, version: SoapVersion): string {
  switch (given.kind) {
    case 'must-understand':
      if (!given.value) return ''
      return version === '1.1' ? ' soap:mustUnderstand="1"' : ' soap:mustUnderstand="true"'
    case 'role':
      return version === '1.1' ? ` soap:actor="${given.role}"` : ` soap:role="${given.role}"`
  }
}

function matches({ name }: ElementDeclaration, { namespace, localName }: BlockName): boolean {
  return name.localName === localName && (namespace === undefined || name.namespace === namespace)
}

/** The header that the operation declares, or else the one global element of that name. */
function findElement({ soap, backend }: OperationJoin, name: BlockName): ElementDeclaration | undefined {
  const declared = soap.input.headers.find(({ element }) => matches(element, name))
  if (declared) return declared.element
  const globals = [...backend.wsdl.schemas.elements.values()].filter((element) => matches(element, name))
  return globals.length === 1 ? globals[0] : undefined
}

/** A block is left out where none of its sources is certain to have a value. */
function asBlocks(object: ObjectMapping, blocks: readonly Block[]): ObjectMapping {
  const { content } = object
  if (content?.kind !== 'sequence') return object
  const particles = content.particles.map((particle): ContentMapping => {
    const block =
      particle.kind === 'element'
        ? blocks.find(({ element }) => sameQName(element.name, particle.name))
        : undefined
    if (!block || particle.kind !== 'element') return particle
    const isCertain = block.drafts.some(({ spec }) => spec.required)
    return { ...particle, minOccurs: isCertain ? 1 : 0, blockAttributes: block.attributes }
  })
  return { ...object, content: { ...content, particles } }
}

/** The header blocks that the output declares, under JSON names, for `$response.soapHeader`. */
export function mapBlocks({ soap, backend }: OperationJoin): BlockMapping[] {
  const names = new UniqueNames()
  return (soap.output?.headers ?? []).map(({ element }) => ({
    member: names.take(memberName(element.name.localName)),
    element: element.name,
    value: backend.canonical.value(element.type),
  }))
}
