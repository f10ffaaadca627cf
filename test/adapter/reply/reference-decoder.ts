import { ParseOption, XmlDocument, XmlElement, XmlParseError, type XmlTreeNode } from 'libxml2-wasm'
import { SOAP_11, XSI } from '../../../src/base/namespaces.js'

/** A value between the text of an element and JSON text; undefined for what the type does not have. */
export type ReadValue = (text: string) => string | undefined

export interface Scalar {
  readonly kind: 'scalar'
  /** As the schema has it: a type name, or a derivation. */
  readonly type: string | { readonly restriction: string }
  readonly read: ReadValue
}

export interface Struct {
  readonly kind: 'struct'
  readonly members: readonly Member[]
}

export interface Member {
  /** One upper-case letter: that of the JSON member is its lower-case one. */
  readonly name: string
  readonly value: Scalar | Struct
  readonly isOptional: boolean
  readonly isRepeated: boolean
  readonly isNillable: boolean
}

const collapsed = (text: string): string => text.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, '')

function whole(least: bigint, most: bigint): ReadValue {
  return (text) => {
    const match = /^([+-]?)0*(\d+)$/.exec(collapsed(text))
    if (!match) return undefined
    const [, sign = '', digits = ''] = match
    const value = BigInt(digits) * (sign === '-' ? -1n : 1n)
    return value < least || value > most ? undefined : `${sign === '-' ? '-' : ''}${digits}`
  }
}

function decimal(totalDigits: number, fractionDigits: number): ReadValue {
  return (text) => {
    const match = /^([+-]?)(\d*)(\.(\d*))?$/.exec(collapsed(text))
    if (!match) return undefined
    const [, sign = '', integral = '', , fraction = ''] = match
    if (integral + fraction === '') return undefined
    const counted = fraction.replace(/0+$/, '')
    const isTooLong = integral.replace(/^0+/, '').length + counted.length > totalDigits
    if (isTooLong || counted.length > fractionDigits) return undefined
    const minus = sign === '-' ? '-' : ''
    return JSON.stringify(
      `${minus}${integral === '' ? '0' : integral}${fraction === '' ? '' : `.${fraction}`}`,
    )
  }
}

const DAY = '(\\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])'
const ZONE = '(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d)?'
const TIME = 'T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?'

function calendar(form: string): ReadValue {
  const expression = new RegExp(`^${form}${ZONE}$`)
  return (text) => {
    const lexical = collapsed(text)
    const [, year, month, day] = expression.exec(lexical) ?? []
    if (year === undefined || year === '0000') return undefined
    // The day before the first of the next month.
    const last = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate()
    return Number(day) > last ? undefined : JSON.stringify(lexical)
  }
}

function text(isValid: (value: string) => boolean, normalise = (value: string): string => value): ReadValue {
  return (given) => {
    const value = normalise(given)
    return isValid(value) ? JSON.stringify(value) : undefined
  }
}

function boolean(given: string): string | undefined {
  const word = collapsed(given)
  if (word === 'true' || word === '1') return 'true'
  return word === 'false' || word === '0' ? 'false' : undefined
}

const scalar = (type: Scalar['type'], read: ReadValue): Scalar => ({ kind: 'scalar', type, read })
const restricted = (
  base: string,
  facets: Readonly<Record<string, string | number>>,
): { restriction: string } => ({
  restriction: `<xs:restriction base="xs:${base}">${Object.entries(facets)
    .map(([facet, value]) => `<xs:${facet} value="${value}"/>`)
    .join('')}</xs:restriction>`,
})

const LONG = 2n ** 63n

export const scalars: readonly Scalar[] = [
  scalar('xs:long', whole(-LONG, LONG - 1n)),
  scalar('xs:int', whole(-(2n ** 31n), 2n ** 31n - 1n)),
  scalar('xs:unsignedByte', whole(0n, 255n)),
  scalar('xs:decimal', decimal(Infinity, Infinity)),
  scalar(restricted('decimal', { totalDigits: 6, fractionDigits: 2 }), decimal(6, 2)),
  scalar('xs:boolean', boolean),
  scalar('xs:date', calendar(DAY)),
  scalar('xs:dateTime', calendar(DAY + TIME)),
  scalar(
    'xs:string',
    text(() => true),
  ),
  scalar(
    restricted('string', { minLength: 1, maxLength: 6 }),
    text((value) => value !== '' && Array.from(value).length <= 6),
  ),
  scalar(
    restricted('string', { length: 3 }),
    text((value) => Array.from(value).length === 3),
  ),
  scalar(
    restricted('token', { maxLength: 8 }),
    text((value) => Array.from(value).length <= 8, collapsed),
  ),
  scalar(
    'xs:normalizedString',
    text(
      () => true,
      (value) => value.replace(/[\t\n\r]/g, ' '),
    ),
  ),
  scalar(
    restricted('string', { pattern: '[A-Z]{3}' }),
    text((value) => /^[A-Z]{3}$/.test(value)),
  ),
]

/** The schema of an element whose content a struct is. */
export function schemaOf(name: string, struct: Struct): string {
  return `<xs:element name="${name}">${complexType(struct)}</xs:element>`
}

function complexType({ members }: Struct): string {
  const elements = members.map(({ name, value, isOptional, isRepeated, isNillable }) => {
    const occurs = `${isOptional || isRepeated ? ' minOccurs="0"' : ''}${isRepeated ? ' maxOccurs="unbounded"' : ''}`
    const open = `<xs:element name="${name}"${occurs}${isNillable ? ' nillable="true"' : ''}`
    if (value.kind === 'struct') return `${open}>${complexType(value)}</xs:element>`
    if (typeof value.type === 'string') return `${open} type="${value.type}"/>`
    return `${open}><xs:simpleType>${value.type.restriction}</xs:simpleType></xs:element>`
  })
  return `<xs:complexType><xs:sequence>${elements.join('')}</xs:sequence></xs:complexType>`
}

/** What an answer is: JSON text; or why it is refused. */
export type Outcome = { readonly json: string } | { readonly refused: 'malformed' | 'mismatch' }

class Mismatch extends Error {}

/**
 * Decodes an answer slowly: libxml2 reads all of it, and its nodes are walked as the schema says.
 *
 * @param root the local name of the child of soap:Body, in `urn:t`
 */
export function decodeByReference(xml: string, root: string, struct: Struct): Outcome {
  let document
  try {
    document = XmlDocument.fromString(xml, { option: ParseOption.XML_PARSE_NO_XXE })
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error
    return { refused: 'malformed' }
  }
  try {
    // SOAP 1.1, section 3; SOAP 1.2 Part 1, section 5.
    if (document.get('//processing-instruction()')) throw new Mismatch()
    const [body, ...others] = childrenOf(document.root)
    if (!body || others.length > 0 || !isNamed(body, 'Body', SOAP_11)) throw new Mismatch()
    const [output, ...more] = childrenOf(body)
    if (!output || more.length > 0 || !isNamed(output, root, 'urn:t')) throw new Mismatch()
    return { json: structOf(output, struct) }
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error
    return { refused: 'mismatch' }
  } finally {
    document.dispose()
  }
}

function nodesOf(element: XmlElement): XmlTreeNode[] {
  const nodes: XmlTreeNode[] = []
  for (let node = element.firstChild; node; node = node.next) nodes.push(node)
  return nodes
}

/** Of an element that holds elements alone. */
function childrenOf(element: XmlElement): XmlElement[] {
  const nodes = nodesOf(element)
  for (const node of nodes) {
    if (node instanceof XmlElement || isMisc(node)) continue
    if (/[^ \t\n\r]/.test(node.content)) throw new Mismatch()
  }
  return nodes.filter((node) => node instanceof XmlElement)
}

function textOf(element: XmlElement): string {
  const nodes = nodesOf(element)
  if (nodes.some((node) => node instanceof XmlElement)) throw new Mismatch()
  return nodes
    .filter((node) => !isMisc(node))
    .map((node) => node.content)
    .join('')
}

/** A comment or a processing instruction. */
function isMisc(node: XmlTreeNode): boolean {
  return node.constructor.name === 'XmlComment' || node.constructor.name === 'XmlProcessingInstructionNode'
}

function isNamed(element: XmlElement, name: string, namespace: string): boolean {
  return element.name === name && element.namespaceUri === namespace
}

/** An object; what holds a list alone is the list. */
function structOf(element: XmlElement, { members }: Struct): string {
  if (element.attrs.some(({ namespaceUri }) => namespaceUri !== XSI)) throw new Mismatch()
  const children = childrenOf(element)
  const written: string[] = []
  const lists: string[] = []
  for (const member of members) {
    const { name, isOptional, isRepeated } = member
    const values: string[] = []
    while (children[0] && isNamed(children[0], name, 'urn:t') && (isRepeated || values.length === 0)) {
      values.push(valueOf(children[0], member))
      children.shift()
    }
    if (values.length === 0 && !isOptional && !isRepeated) throw new Mismatch()
    const key = `"${name.toLowerCase()}":`
    if (isRepeated) {
      lists.push(`[${values.join(',')}]`)
      written.push(`${key}[${values.join(',')}]`)
    } else if (values[0] !== undefined) written.push(key + values[0])
  }
  if (children.length > 0) throw new Mismatch()
  if (members.length === 1 && members[0]?.isRepeated) return lists.join('')
  return `{${written.join(',')}}`
}

function valueOf(element: XmlElement, { value, isNillable }: Member): string {
  if (element.attrs.some(({ namespaceUri }) => namespaceUri !== XSI)) throw new Mismatch()
  const nil = element.attrs.find(({ name }) => name === 'nil')?.value
  if (nil !== undefined && boolean(nil) === undefined) throw new Mismatch()
  if (nil !== undefined && boolean(nil) === 'true') {
    if (!isNillable || textOf(element) !== '') throw new Mismatch()
    return 'null'
  }
  if (value.kind === 'struct') return structOf(element, value)
  const json = value.read(textOf(element))
  if (json === undefined) throw new Mismatch()
  return json
}
