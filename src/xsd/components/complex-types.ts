import { SOAP_ENCODING_11, SOAP_ENCODING_12 } from '../../base/namespaces.js'
import { clark, type QName } from '../../base/qname.js'
import { attributeOf, type XmlElement } from '../../xml/tree.js'
import { anySimpleType, anyType } from '../model/built-in-types.js'
import type {
  AttributeUse,
  ComplexContent,
  ComplexType,
  Particle,
  SimpleType,
  XsdType,
} from '../model/model.js'
import { uniteWildcards } from '../model/wildcards.js'
import { annotated } from './annotation.js'
import { readAttributes } from './attributes.js'
import type { AttributeSet, Components, Mutable } from './components.js'
import { isTrue } from './elements.js'
import { buildParticle, isParticle } from './model-groups.js'
import { isXsd, type Place } from './schema-document.js'
import { restrictSimpleType } from './simple-types.js'

/** A complex type to whose fields the content is still to come. */
export type Shell = Mutable<ComplexType>

/** The complex type without what depends on other types. */
export function complexTypeShell(node: XmlElement, name: QName | undefined): Shell {
  return {
    kind: 'complexType',
    ...(name && { name }),
    abstract: isTrue(attributeOf(node, 'abstract')),
    derivation: 'restriction',
    base: anyType,
    attributes: [],
    content: { kind: 'empty' },
    ...annotated(node),
  }
}

/** Links a complex type to its base, which need not be complete yet (Part 1, 3.4.2). */
export function linkBase(shell: Shell, node: XmlElement, place: Place, components: Components): XsdType {
  const step = derivationStep(node)
  if (!step) return anyType
  shell.derivation = isXsd(step, 'extension') ? 'extension' : 'restriction'
  const lexical = attributeOf(step, 'base')
  if (lexical === undefined) {
    components.diagnostics.error('xsd-complex-type', `xs:${step.name.localName} must have a base.`, step.at)
    return anyType
  }
  shell.base = components.referType(step, lexical, place) ?? anyType
  return shell.base
}

/** Fills in content and attributes once the base is complete. */
export function fillComplexType(shell: Shell, node: XmlElement, place: Place, components: Components): void {
  const step = derivationStep(node)
  const own = readAttributes(step ?? node, place, components)
  const base = shell.base
  if (step && node.children.some((child) => isXsd(child, 'simpleContent'))) {
    shell.content = { kind: 'simple', type: simpleContent(step, base, place, components) }
  } else shell.content = complexContent(shell, { node, step, place, components })
  const inherited = step && base.kind === 'complexType' ? base : undefined
  shell.attributes = mergeAttributes(inherited?.attributes ?? [], own)
  const wildcard =
    shell.derivation === 'extension'
      ? uniteWildcards(own.wildcard, inherited?.attributeWildcard)
      : own.wildcard
  if (wildcard) shell.attributeWildcard = wildcard
}

/** xs:extension or xs:restriction below xs:simpleContent or xs:complexContent. */
function derivationStep(node: XmlElement): XmlElement | undefined {
  const content = node.children.find((c) => isXsd(c, 'simpleContent') || isXsd(c, 'complexContent'))
  return content?.children.find((c) => isXsd(c, 'extension') || isXsd(c, 'restriction'))
}

function simpleContent(step: XmlElement, base: XsdType, place: Place, components: Components): SimpleType {
  const inherited =
    base.kind === 'simpleType' ? base : base.content.kind === 'simple' ? base.content.type : undefined
  if (isXsd(step, 'extension')) {
    if (!inherited) {
      components.diagnostics.error(
        'xsd-simple-content',
        'The base of xs:simpleContent must be a simple type, or a complex type with simple content.',
        step.at,
      )
    }
    return inherited ?? anySimpleType
  }
  const inner = step.children.find((child) => isXsd(child, 'simpleType'))
  return restrictSimpleType(
    inner ? components.simpleType(inner, place) : (inherited ?? anySimpleType),
    step,
    place,
    components,
  )
}

function complexContent(
  shell: Shell,
  {
    node,
    step,
    place,
    components,
  }: {
    readonly node: XmlElement
    readonly step: XmlElement | undefined
    readonly place: Place
    readonly components: Components
  },
): ComplexContent {
  const container = step ?? node
  const written = container.children.find(isParticle)
  const built = written && buildParticle(written, place, components)
  const particle = built && !isEmpty(built) ? built : undefined
  const mixed = isMixed(node)
  const base = step && shell.base.kind === 'complexType' ? shell.base : undefined
  const inherited =
    base && (shell.derivation === 'extension' || (!written && isArray(base))) ? base.content : undefined
  if (inherited?.kind === 'simple') {
    if (particle) {
      components.diagnostics.error(
        'xsd-complex-content',
        'A type with simple content cannot be extended by elements.',
        container.at,
      )
    }
    return inherited
  }
  if (inherited?.kind === 'elements') {
    if (!particle) return mixed && !inherited.mixed ? { ...inherited, mixed } : inherited
    const both: Particle = {
      minOccurs: 1,
      maxOccurs: 1,
      term: { kind: 'sequence', particles: [inherited.particle, particle], at: container.at },
    }
    return { kind: 'elements', mixed: mixed || inherited.mixed, particle: both }
  }
  if (particle) return { kind: 'elements', mixed, particle }
  if (!mixed) return { kind: 'empty' }
  const none: Particle = {
    minOccurs: 1,
    maxOccurs: 1,
    term: { kind: 'sequence', particles: [], at: container.at },
  }
  return { kind: 'elements', mixed, particle: none }
}

/** No elements at all, as opposed to a choice that cannot be made (Part 1, 3.4.2, effective content). */
function isEmpty({ term, minOccurs }: Particle): boolean {
  if (term.kind === 'element' || term.kind === 'any') return false
  return term.particles.length === 0 && (term.kind !== 'choice' || minOccurs === 0)
}

function isMixed(node: XmlElement): boolean {
  const content = node.children.find((child) => isXsd(child, 'complexContent'))
  return isTrue((content && attributeOf(content, 'mixed')) ?? attributeOf(node, 'mixed'))
}

/** A restriction of soapenc:Array that only gives its arrayType keeps the items (WSDL 1.1, 2.2). */
function isArray(type: ComplexType): boolean {
  for (let t: XsdType = type; t.kind === 'complexType' && t !== anyType; t = t.base) {
    const { localName, namespace } = t.name ?? {}
    if (localName === 'Array' && (namespace === SOAP_ENCODING_11 || namespace === SOAP_ENCODING_12))
      return true
  }
  return false
}

function mergeAttributes(inherited: readonly AttributeUse[], own: AttributeSet): readonly AttributeUse[] {
  if (own.uses.length === 0 && own.prohibited.size === 0) return inherited
  const uses = new Map(inherited.map((use) => [clark(use.attribute.name), use]))
  for (const name of own.prohibited) uses.delete(name)
  for (const use of own.uses) {
    const name = clark(use.attribute.name)
    const arrayType = use.arrayType ?? uses.get(name)?.arrayType
    uses.set(name, arrayType ? { ...use, arrayType } : use)
  }
  return [...uses.values()]
}
