import { XML } from '../../base/namespaces.js'
import type { QName } from '../../base/qname.js'
import { escapeAttribute, escapeText } from '../../xml/escape.js'
import type { ComplexType, ElementDeclaration, Particle, SimpleType, XsdType } from '../../xsd/model/model.js'
import { hasNames, withPrefixes } from '../../xsd/values/qualified-names.js'
import { scalar } from '../canonical/scalar.js'
import { hasSample, sampleScalar, scalarDemand } from './scalar.js'

/** So many elements and values are made at most, long texts counted for several. */
const MAX_NODES = 10_000
/** So many particles are tried: the first branches of choices within choices may all be too large. */
const MAX_STEPS = 100_000
/** Elements and groups within each other. */
const MAX_DEPTH = 200

/**
 * A valid element as XML text, with what its type requires and nothing more; all names carry their namespace, so that
 * it can stand anywhere.
 *
 * @returns undefined where nothing valid can be made without going round in a circle, or nothing of at most 10,000
 *   elements
 */
export function sampleXml(name: QName, type: XsdType): string | undefined {
  return new XmlSampler().element(name, type)
}

class XmlSampler {
  readonly #open = new Set<XsdType>()
  #nodes = 0
  #steps = 0
  #depth = 0

  element(name: QName, type: XsdType): string | undefined {
    if (!this.#takes(1)) return undefined
    const tag = name.namespace === '' ? name.localName : `x:${name.localName}`
    const namespace = name.namespace === '' ? ' xmlns=""' : ` xmlns:x="${escapeAttribute(name.namespace)}"`
    if (type.kind === 'simpleType') {
      if (!this.#takesText(type)) return undefined
      const { declarations, text } = written(type, lexicalOf(type), 'q')
      return `<${tag}${namespace}${declarations}>${escapeText(text)}</${tag}>`
    }
    if (this.#open.has(type) || type.abstract) return undefined
    const unfixed = type.attributes.filter(({ required, fixed }) => required && fixed === undefined)
    if (!unfixed.every(({ attribute }) => this.#takesText(attribute.type))) return undefined
    this.#open.add(type)
    const content = this.#content(type)
    this.#open.delete(type)
    const declared = namespace + declarationsOf(type) + attributesOf(type)
    return content === undefined ? undefined : `<${tag}${declared}>${content}</${tag}>`
  }

  /** @returns false where there is no room for so many more */
  #takes(nodes: number): boolean {
    this.#nodes += nodes
    return this.#nodes <= MAX_NODES
  }

  #takesText(type: SimpleType): boolean {
    const mapping = scalar(type)
    const { values } = scalarDemand(mapping)
    return this.#takes(values) && hasSample(mapping)
  }

  #content({ content }: ComplexType): string | undefined {
    if (content.kind === 'empty') return ''
    if (content.kind === 'elements') return this.#particle(content.particle)
    if (!this.#takesText(content.type)) return undefined
    const { text } = written(content.type, lexicalOf(content.type), 'q')
    return escapeText(text)
  }

  #particle({ minOccurs, term }: Particle): string | undefined {
    if (minOccurs === 0) return ''
    if (this.#depth >= MAX_DEPTH || ++this.#steps > MAX_STEPS) return undefined
    const before = this.#nodes
    this.#depth++
    const once = this.#term(term)
    this.#depth--
    if (once === undefined || once === '') return once
    // What is made once is as large each time.
    return this.#takes((this.#nodes - before) * (minOccurs - 1)) ? once.repeat(minOccurs) : undefined
  }

  #term(term: Particle['term']): string | undefined {
    switch (term.kind) {
      case 'element':
        return term.abstract ? undefined : this.#declared(term)
      case 'any':
        return this.#takes(1) ? sampleWildcard(term.namespaces) : undefined
      case 'choice':
        return this.#choice(term.particles)
      case 'sequence':
      case 'all': {
        let made = ''
        for (const particle of term.particles) {
          const part = this.#particle(particle)
          if (part === undefined) return undefined
          made += part
        }
        return made
      }
    }
  }

  /** The first branch that can be made; of an empty choice nothing. */
  #choice(branches: readonly Particle[]): string | undefined {
    const before = this.#nodes
    for (const branch of branches) {
      const made = this.#particle(branch)
      if (made !== undefined) return made
      this.#nodes = before
    }
    return branches.length === 0 ? '' : undefined
  }

  #declared({ name, type, fixed }: ElementDeclaration): string | undefined {
    if (fixed === undefined) return this.element(name, type)
    const { declarations, text } = written(simpleType(type), fixed, 'f')
    return this.element(name, type)?.replace(/>[^<>]*<\//, () => `${declarations}>${escapeText(text)}</`)
  }
}

/** An element that a wildcard allows. */
export function sampleWildcard(namespaces: {
  readonly kind: string
  readonly namespaces?: readonly string[]
}): string {
  const own = namespaces.kind === 'only' ? namespaces.namespaces?.[0] : 'urn:example'
  return own ? `<x:sample xmlns:x="${escapeAttribute(own)}"/>` : '<sample xmlns=""/>'
}

/** A value with the prefixes that its names need, and the declarations of these, each with a space before it. */
function written(
  type: SimpleType | undefined,
  lexical: string,
  prefix: string,
): { readonly declarations: string; readonly text: string } {
  if (!type || !hasNames(type)) return { declarations: '', text: lexical }
  const prefixes = new Map<string, string>()
  const text = withPrefixes(type, lexical, (name) => {
    const [, namespace, localName = name] = /^\{([^}]*)\}(.*)$/.exec(name) ?? []
    if (namespace === undefined) return name
    if (!prefixes.has(namespace)) prefixes.set(namespace, `${prefix}${prefixes.size}`)
    return `${prefixes.get(namespace) ?? ''}:${localName}`
  })
  const declarations = [...prefixes].map(
    ([namespace, own]) => ` xmlns:${own}="${escapeAttribute(namespace)}"`,
  )
  return { declarations: declarations.join(''), text }
}

function simpleType(type: XsdType): SimpleType | undefined {
  if (type.kind === 'simpleType') return type
  return type.content.kind === 'simple' ? type.content.type : undefined
}

function declarationsOf(type: ComplexType): string {
  const held = simpleType(type)
  return held ? written(held, lexicalOf(held), 'q').declarations : ''
}

function lexicalOf(type: SimpleType): string {
  const value = sampleScalar(scalar(type))
  return typeof value === 'string' ? value : Array.isArray(value) ? value.join(' ') : JSON.stringify(value)
}

function attributesOf({ attributes }: ComplexType): string {
  return attributes
    .filter(({ required }) => required)
    .map(({ attribute, fixed }, index) => {
      const { declarations, text } = written(attribute.type, fixed ?? lexicalOf(attribute.type), `v${index}_`)
      const { namespace, localName } = attribute.name
      const value = escapeAttribute(text)
      if (namespace === '') return `${declarations} ${localName}="${value}"`
      if (namespace === XML) return `${declarations} xml:${localName}="${value}"`
      return `${declarations} xmlns:a${index}="${escapeAttribute(namespace)}" a${index}:${localName}="${value}"`
    })
    .join('')
}
