import { sameQName } from '../base/qname.js'
import { type ElementDeclaration } from '../xsd/model.js'
import { join } from '../openapi/pointer.js'
import { objectOf } from './body.js'
import { fitDrafts } from './drafts.js'
import { type Fitting } from './fitting.js'
import { memberName, NameSpace } from './names.js'
import { type OperationJoin } from './operation-join.js'
import { type BlockMapping, type HeaderMapping } from './operation-mapping.js'
import { type Drafted, type RequestSources } from './request-sources.js'
import { type ContentMapping, type ObjectMapping } from './value-mapping.js'

/** An entry of `headers`, in the backend or in the operation. */
interface Entry {
  readonly target: string
  readonly written: unknown
  readonly pointer: string
}

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
function entriesOf({ annotation, backend, soap }: OperationJoin): Entry[] {
  const own = Object.entries(annotation.headers).map(([target, written]) => {
    return { target, written, pointer: join(annotation.pointer, 'headers', target) }
  })
  const shared = Object.entries(backend.annotation.headers ?? {}).flatMap(([target, written]) => {
    const name = parseTarget(target).name
    const declared = backend.operations.filter(({ input }) =>
      input.headers.some((h) => matches(h.element, name)),
    )
    const applies = declared.length === 0 || declared.includes(soap)
    const overridden = own.some((entry) => entry.target === target)
    if (!applies || overridden) return []
    return [{ target, written, pointer: join(backend.annotation.pointer, 'headers', target) }]
  })
  return [...own, ...shared]
}

function addEntry(
  operation: OperationJoin,
  sources: RequestSources,
  blocks: Map<ElementDeclaration, Block>,
  { target, written, pointer }: Entry,
): void {
  const { document, backend, soap, diagnostics } = operation
  const { name, path } = parseTarget(target)
  const element = findElement(operation, name)
  if (!element) {
    const declared = soap.input.headers.map((header) => header.element.name.localName).join(', ') || 'none'
    diagnostics.error(
      'header-unknown',
      `No header block ${name.localName} is known: ${soap.name} declares ${declared}; any other must be a global element of its schemas, {namespace}name where that helps.`,
      document.locate(pointer),
      [{ message: 'the WSDL operation', at: soap.at }],
    )
    return
  }
  const block = blocks.get(element) ?? { element, drafts: [], attributes: '' }
  blocks.set(element, block)
  const [attribute = ''] = path
  if (!attribute.startsWith('@soap:')) {
    block.drafts.push(...sources.entry(target, [element.name.localName, ...path], written, pointer))
    return
  }
  const text = blockAttribute(attribute.slice('@soap:'.length), written, backend.soapVersion)
  if (text !== undefined) block.attributes += text
  else {
    diagnostics.error(
      'request-source',
      `${target} must be @soap:mustUnderstand: true or @soap:role: URI.`,
      document.locate(pointer),
    )
  }
}

/** SOAP 1.1, 4.2.2 and 4.2.3; SOAP 1.2 Part 1, 5.2.2 and 5.2.3. */
function blockAttribute(name: string, value: unknown, version: '1.1' | '1.2'): string | undefined {
  if (name === 'mustUnderstand' && typeof value === 'boolean') {
    if (!value) return ''
    return version === '1.1' ? ' soap:mustUnderstand="1"' : ' soap:mustUnderstand="true"'
  }
  if (name === 'role' && typeof value === 'string' && /^[^\s"<&]+$/.test(value)) {
    return version === '1.1' ? ` soap:actor="${value}"` : ` soap:role="${value}"`
  }
  return undefined
}

/** `Name/Child/@attribute`, or `{namespace}Name/…`. */
function parseTarget(target: string): {
  readonly name: { readonly namespace: string | undefined; readonly localName: string }
  readonly path: readonly string[]
} {
  const [, namespace, rest = ''] = /^(?:\{([^{}]*)\})?(.*)$/.exec(target) ?? []
  const [localName = '', ...path] = rest.split('/').filter((step) => step !== '')
  return { name: { namespace, localName }, path }
}

interface PartialName {
  readonly namespace: string | undefined
  readonly localName: string
}

function matches({ name }: ElementDeclaration, { namespace, localName }: PartialName): boolean {
  return name.localName === localName && (namespace === undefined || name.namespace === namespace)
}

/** The header that the operation declares, or else the one global element of that name. */
function findElement({ soap, backend }: OperationJoin, name: PartialName): ElementDeclaration | undefined {
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
  const names = new NameSpace()
  return (soap.output?.headers ?? []).map(({ element }) => ({
    member: names.take(memberName(element.name.localName)),
    element: element.name,
    value: backend.canonical.value(element.type),
  }))
}
