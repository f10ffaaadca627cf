import { AdapterError } from '../../base/errors.js'
import { SOAP_RPC_12 } from '../../base/namespaces.js'
import { clark, type QName } from '../../base/qname.js'
import { defaultXmlLimits, withoutXmlLimits, XmlError, XmlReader } from '../../xml/reader.js'
import { safeSubject } from '../../xml/safe-name.js'
import type { EncodedNode } from './node.js'
import { NodeReader } from './node-reader.js'
import { Resolver } from './resolver.js'

/** How encoded answers are read: docs/soap.md, "rpc/encoded". */
export interface EncodingOptions {
  /** Code units that a response may have once its references are resolved. */
  readonly maxLength: number
  /** Read also what could be misread. */
  readonly lenient: boolean
}

export const strictEncoding: EncodingOptions = { maxLength: 10 * 1024 * 1024, lenient: false }

/** The rpc message that is expected. */
export interface ExpectedMessage {
  readonly wrapper: QName
  /** Local names of its accessors, the return value first. */
  readonly accessors: readonly string[]
  /** The namespace of the encoding. */
  readonly style: string
  /** Whether it may count what xsi:type says of a simple value. */
  readonly countsTypesOfLeaves: boolean
}

/**
 * Reads what is left of soap:Body and its end, and resolves it: the result reads as a literal message would, with the
 * wrapper under its expected name, whatever it was (SOAP 1.1, 7.1).
 *
 * @param more whether the reader stands on a child of soap:Body
 * @returns a reader on the wrapper, whose parent is soap:Body
 * @throws AdapterError `backend-mismatch`, `backend-too-large`
 * @throws XmlError where the envelope is not well-formed
 */
export function resolveMessage(
  reader: XmlReader,
  {
    more,
    expected,
    options,
  }: { readonly more: boolean; readonly expected: ExpectedMessage; readonly options: EncodingOptions },
): XmlReader {
  const path = reader.path().replace(/(\/Body).*$/, '$1')
  const { style, countsTypesOfLeaves } = expected
  const nodes = new NodeReader(reader, { style, lenient: options.lenient }).rest(more)
  const resolver = new Resolver(nodes, { ...options, style, countsTypesOfLeaves })
  const wrapper = rootOf(nodes, expected.wrapper, resolver, path)
  const name = resolver.qualified(clark(expected.wrapper))
  const value = resolver.valueOf(wrapper)
  const members = value.children.filter(
    (child) => !(child.namespace === SOAP_RPC_12 && child.name === 'result'),
  )
  const names = accessorNames(members, expected.accessors, { lenient: options.lenient })
  resolver.enter(value)
  members.forEach((member, index) => {
    resolver.element(member, names[index] ?? member.name)
  })
  resolver.leave()
  return readerOf(resolver, `<${name}>${resolver.text}</${name}>`)
}

export interface ResolvedFault {
  /** On the start tag of Fault. */
  readonly reader: XmlReader
  /** The Fault as it was sent, a document of its own, where nothing stands beside it that it could refer to. */
  readonly asSent: string | undefined
}

/**
 * The same for a Fault: its detail keeps the names of its entries, and neither its attributes nor its texts.
 *
 * @param reader on the start tag of Fault
 */
export function resolveFault(reader: XmlReader, style: string, options: EncodingOptions): ResolvedFault {
  const fault = reader.fragment()
  const { lenient } = options
  const rest = new NodeReader(reader, { style, lenient }).rest(reader.nextElement())
  const asSent = rest.length === 0 ? fault : undefined
  try {
    const inner = new XmlReader(fault, withoutXmlLimits)
    inner.nextElement()
    const { name } = inner
    const node = new NodeReader(inner, { style, lenient: true }).node()
    const resolver = new Resolver([node, ...rest], { ...options, style, countsTypesOfLeaves: true })
    for (const child of node.children) {
      if (child.name !== 'detail' && child.name !== 'Detail') resolver.element(child, child.name)
      else writeDetail(child, resolver)
    }
    const tag = resolver.qualified(name)
    return { reader: readerOf(resolver, `<${tag}>${resolver.text}</${tag}>`), asSent }
  } catch (error) {
    // A detail may hold anything, mixed content too; it is then no declared fault, but a fault all the same.
    if (!(error instanceof XmlError)) throw error
    const plain = new XmlReader(`<Body>${fault}</Body>`, withoutXmlLimits)
    plain.nextElement()
    plain.nextElement()
    return { reader: plain, asSent }
  }
}

function writeDetail(detail: EncodedNode, resolver: Resolver): void {
  resolver.text += '<detail>'
  for (const entry of detail.children)
    resolver.element(entry, resolver.qualified(clark({ namespace: entry.namespace, localName: entry.name })))
  resolver.text += '</detail>'
}

function readerOf(resolver: Resolver, body: string): XmlReader {
  const envelope = `<Envelope${resolver.declarations()}><Body>${body}</Body></Envelope>`
  const resolved = new XmlReader(envelope, { ...withoutXmlLimits, maxDepth: defaultXmlLimits.maxDepth })
  resolved.nextElement()
  resolved.nextElement()
  resolved.nextElement()
  return resolved
}

/** The serialization root: the first child that is not an independent element (SOAP 1.1, 5.6 and 7.1). */
function rootOf(
  nodes: readonly EncodedNode[],
  { localName }: QName,
  resolver: Resolver,
  path: string,
): EncodedNode {
  const isIndependent = (node: EncodedNode): boolean => node.isIndependent || resolver.isReferredTo(node)
  const root = nodes.find((node) => !isIndependent(node))
  if (!root) throw new AdapterError('backend-mismatch', `soap:Body must hold ${localName}.`, { path })
  const other = nodes.find((node) => node !== root && !isIndependent(node) && node.id === undefined)
  if (other) {
    throw new AdapterError('backend-mismatch', `${safeSubject(other.name)} is not expected in soap:Body.`, {
      path,
    })
  }
  return root
}

/**
 * The names of the accessors that are meant. The return value comes first and may have any name (SOAP 1.1, 7.1); where
 * no name is known and the number is right, leniency takes them in their order.
 */
function accessorNames(
  members: readonly EncodedNode[],
  expected: readonly string[],
  { lenient }: { readonly lenient: boolean },
): readonly (string | undefined)[] {
  const unknown = members.filter(({ name }) => !expected.includes(name))
  const [first] = expected
  if (unknown.length === 1 && unknown[0] === members[0] && !members.some(({ name }) => name === first)) {
    return [first]
  }
  return lenient && unknown.length === expected.length && unknown.length === members.length ? expected : []
}
