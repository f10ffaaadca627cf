import { MappedFaults } from '../../adapter/reply/mapped-faults.js'
import { XSI } from '../../base/namespaces.js'
import { Compiler } from '../../codec/compile.js'
import { Prefixes } from '../../codec/prefixes.js'
import type { MappedFaultMapping, MappedValue } from '../../mapping/operation/mapping.js'
import { sampleScalar } from '../../mapping/sample/scalar.js'
import type { FaultPath, NameTest } from '../../soap/fault-content.js'
import { type FaultToWrite, writeFaultElement } from '../../soap/fault-writer.js'
import type { SoapVersion } from '../../wsdl/model.js'
import { escapeAttribute, escapeText } from '../../xml/escape.js'
import { XmlError } from '../../xml/reader.js'
import { sampleEcmaPattern } from '../../xsd/regular-expression/sample.js'

/** How often a part of a pattern repeats beyond its minimum, in the texts that are tried. */
const GENEROSITIES = [0, 1, 2, 3, 5, 8]

/**
 * Makes the fault that a contract maps: docs/annotation.md, "Undeclared faults".
 *
 * @param mappings all that the contract maps of the operation, in the order in which they are tried
 * @returns undefined where no fault was found that is told as this one and has all values that are required
 */
export function sampleMappedFault(
  version: SoapVersion,
  mapping: MappedFaultMapping,
  mappings: readonly MappedFaultMapping[],
): FaultToWrite | undefined {
  const judge = new MappedFaults(mappings, new Compiler(new Prefixes()))
  const isTold = (fault: FaultToWrite): boolean => {
    try {
      const read = judge.read(writeFaultElement(version, fault))
      return read?.mapping === mapping && read.missing === undefined
    } catch (error) {
      // A name that is none of XML's.
      if (error instanceof XmlError) return false
      throw error
    }
  }
  const detail = detailOf(mapping)
  return textsFor(mapping)
    .map((reason) => ({ ...codesOf(version, mapping), reason, ...(detail && { detail }) }))
    .find(isTold)
}

/** Texts that may be those of the fault, best first. */
function textsFor({ name, when, values }: MappedFaultMapping): string[] {
  const taken = values.filter(({ path }) => path.kind === 'text').map(textOf)
  const { text } = when
  const matching = text ? GENEROSITIES.map((generosity) => sampleEcmaPattern(text.source, generosity)) : []
  return [`Simulated ${name}`, ...taken, ...matching]
}

const BLAME: Readonly<Record<string, 'sender' | 'receiver'>> = {
  Client: 'sender',
  Sender: 'sender',
  Server: 'receiver',
  Receiver: 'receiver',
}
const OWN: Readonly<Record<SoapVersion, readonly string[]>> = {
  '1.1': ['Client', 'Server'],
  '1.2': ['Sender', 'Receiver'],
}

/** The code that is asked for follows one of SOAP's own where it can: it is found there, too. */
function codesOf(
  version: SoapVersion,
  { when: { code } }: MappedFaultMapping,
): Pick<FaultToWrite, 'blame' | 'subcode' | 'code'> {
  if (!code) return { blame: 'sender' }
  const [first = '', ...others] = code.localName.split('.')
  const blame = BLAME[first] ?? 'sender'
  const { namespace } = code
  const isSoap = OWN[version].includes(first) && (namespace === undefined || namespace.includes('soap'))
  if (isSoap && others.length === 0) return { blame }
  if (isSoap) return { blame, subcode: { namespace: '', localName: others.join('.') } }
  const own = { namespace: namespace ?? '', localName: code.localName }
  return namespace === undefined ? { blame, subcode: own } : { blame, code: own }
}

interface Element {
  readonly name: NameTest
  readonly type?: NameTest | undefined
  readonly attributes: { readonly name: NameTest; readonly value: string }[]
  readonly children: Element[]
  text: string
}

function element(name: NameTest, type?: NameTest): Element {
  return { name, type, attributes: [], children: [], text: '' }
}

/** @returns undefined where nothing is asked of the detail */
function detailOf({ when: { detail, type }, values }: MappedFaultMapping): FaultToWrite['detail'] {
  const root = element({ namespace: '', localName: 'detail' })
  if (detail || type) root.children.push(element(detail ?? { namespace: '', localName: 'fault' }, type))
  for (const value of values) if (value.path.kind === 'detail') put(root, value.path, textOf(value))
  const { children, attributes, text } = root
  if (children.length === 0 && attributes.length === 0 && text === '') return undefined
  return {
    markup: children.length > 0 ? children.map(markupOf).join('') : escapeText(text),
    declarations: '',
    attributes: attributes.map(attributeMarkup).join(''),
  }
}

function put(root: Element, path: FaultPath & { readonly kind: 'detail' }, text: string): void {
  let at = root
  for (const step of path.steps) {
    let next = at.children.find(({ name }) => takes(step, name))
    if (!next)
      at.children.push((next = element(step.localName === '*' ? { ...step, localName: 'any' } : step)))
    at = next
  }
  if (path.attribute) at.attributes.push({ name: path.attribute, value: text })
  else at.text = text
}

function takes(step: NameTest, name: NameTest): boolean {
  if (step.namespace !== undefined && step.namespace !== (name.namespace ?? '')) return false
  return step.localName === '*' || step.localName === name.localName
}

function textOf({ value }: MappedValue): string {
  const sample = value.kind === 'scalar' ? sampleScalar(value) : ''
  return typeof sample === 'object' ? '' : String(sample)
}

function markupOf({ name, type, attributes, children, text }: Element): string {
  const { tag, declaration } = named(name, 'n')
  const typed = type ? named(type, 't') : undefined
  const typing = typed
    ? `${typed.declaration} xmlns:xsi="${XSI}" xsi:type="${escapeAttribute(typed.tag)}"`
    : ''
  const inner = children.length > 0 ? children.map(markupOf).join('') : escapeText(text)
  return `<${tag}${declaration}${typing}${attributes.map(attributeMarkup).join('')}>${inner}</${tag}>`
}

function attributeMarkup({ name, value }: Element['attributes'][number], index: number): string {
  const { tag, declaration } = named(name, `a${index}`)
  return `${declaration} ${tag}="${escapeAttribute(value)}"`
}

function named(
  { namespace = '', localName }: NameTest,
  prefix: string,
): { tag: string; declaration: string } {
  if (namespace === '') return { tag: localName, declaration: '' }
  return { tag: `${prefix}:${localName}`, declaration: ` xmlns:${prefix}="${escapeAttribute(namespace)}"` }
}
