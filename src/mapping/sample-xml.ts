import { XML } from '../base/namespaces.js'
import { type QName } from '../base/qname.js'
import { escapeAttribute, escapeText } from '../xml/escape.js'
import {
  type ComplexType,
  type ElementDeclaration,
  type Particle,
  type SimpleType,
  type XsdType,
} from '../xsd/model.js'
import { scalar } from './canonical.js'
import { sampleScalar } from './sample-scalar.js'

/**
 * A valid element as XML text, with what its type requires and nothing more; all names carry their namespace, so that
 * it can stand anywhere.
 *
 * @returns undefined where nothing valid can be made without going round in a circle
 */
export function sampleXml(name: QName, type: XsdType): string | undefined {
  return new XmlSampler().element(name, type)
}

class XmlSampler {
  readonly #open = new Set<XsdType>()

  element(name: QName, type: XsdType): string | undefined {
    const tag = name.namespace === '' ? name.localName : `x:${name.localName}`
    const namespace = name.namespace === '' ? ' xmlns=""' : ` xmlns:x="${escapeAttribute(name.namespace)}"`
    if (type.kind === 'simpleType') return `<${tag}${namespace}>${text(type)}</${tag}>`
    if (this.#open.has(type) || type.abstract) return undefined
    this.#open.add(type)
    const content = this.#content(type)
    this.#open.delete(type)
    return content === undefined ? undefined : `<${tag}${namespace}${attributesOf(type)}>${content}</${tag}>`
  }

  #content({ content }: ComplexType): string | undefined {
    if (content.kind === 'empty') return ''
    return content.kind === 'simple' ? text(content.type) : this.#particle(content.particle)
  }

  #particle({ minOccurs, term }: Particle): string | undefined {
    if (minOccurs === 0) return ''
    const once = this.#term(term)
    return once?.repeat(minOccurs)
  }

  #term(term: Particle['term']): string | undefined {
    switch (term.kind) {
      case 'element':
        return term.abstract ? undefined : this.#declared(term)
      case 'any':
        return sampleWildcard(term.namespaces)
      case 'choice':
        return this.#choice(term.particles)
      default: {
        const parts = term.particles.map((particle) => this.#particle(particle))
        return parts.some((part) => part === undefined) ? undefined : parts.join('')
      }
    }
  }

  /** The first branch that can be made; of an empty choice nothing. */
  #choice(branches: readonly Particle[]): string | undefined {
    for (const branch of branches) {
      const made = this.#particle(branch)
      if (made !== undefined) return made
    }
    return branches.length === 0 ? '' : undefined
  }

  #declared({ name, type, fixed }: ElementDeclaration): string | undefined {
    if (fixed === undefined) return this.element(name, type)
    return this.element(name, type)?.replace(/>[^<]*<\//, () => `>${escapeText(fixed)}</`)
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

function text(type: SimpleType): string {
  return escapeText(lexicalOf(type))
}

function lexicalOf(type: SimpleType): string {
  const value = sampleScalar(scalar(type))
  return typeof value === 'string' ? value : Array.isArray(value) ? value.join(' ') : JSON.stringify(value)
}

function attributesOf({ attributes }: ComplexType): string {
  return attributes
    .filter(({ required }) => required)
    .map(({ attribute, fixed }, index) => {
      const value = fixed ?? lexicalOf(attribute.type)
      const { namespace, localName } = attribute.name
      if (namespace === '') return ` ${localName}="${escapeAttribute(value)}"`
      if (namespace === XML) return ` xml:${localName}="${escapeAttribute(value)}"`
      return ` xmlns:a${index}="${escapeAttribute(namespace)}" a${index}:${localName}="${escapeAttribute(value)}"`
    })
    .join('')
}
