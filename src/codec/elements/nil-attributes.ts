import type { LenientKind } from '../../base/lenient-kind.js'
import { clark } from '../../base/qname.js'
import type { ElementMapping, ObjectMapping, ValueMapping } from '../../mapping/canonical/value-mapping.js'
import type { XmlReader } from '../../xml/reader.js'
import { mismatch } from '../codec.js'
import { attributeSubject, isDeclared } from './stray-attribute.js'

/**
 * The attributes that an element may have beside `xsi:nil` (XML Schema Part 1, cvc-elt 3.2 leaves them to its type). `null`,
 * which the element becomes, has no place for them.
 */
export class NilAttributes {
  /** Those that would be members. */
  readonly #lost: ReadonlySet<string>
  /** Those that the contract leaves out. */
  readonly #hidden: ReadonlySet<string>
  readonly #isOpen: boolean

  constructor({ value, accessor }: Pick<ElementMapping, 'value' | 'accessor'>) {
    const attributes = objectsOf(value).flatMap((object) => object.attributes)
    const named = (isHidden: boolean): ReadonlySet<string> =>
      new Set(attributes.filter(({ member }) => member.hidden === isHidden).map(({ name }) => clark(name)))
    this.#lost = named(false)
    this.#hidden = named(true)
    this.#isOpen = accessor !== undefined || isOpen(value)
  }

  /**
   * @param name of an attribute, in Clark notation
   * @returns what the contract must forgive before the attribute is passed over; undefined where it need not
   */
  forgivenBy(name: string): LenientKind | undefined {
    if (this.#lost.has(name)) return 'nilAttributes'
    return this.#isOpen || isDeclared(name, this.#hidden) ? undefined : 'unknownAttributes'
  }

  /**
   * @param reader on an element that is nil
   * @throws AdapterError `backend-mismatch` where it has an attribute that would be lost
   */
  check(reader: XmlReader): void {
    for (let i = 0; i < reader.attributeCount; i++) {
      const name = reader.attributeName(i)
      const kind = this.forgivenBy(name)
      if (kind === undefined) continue
      const subject = attributeSubject(reader, name)
      throw mismatch(
        reader,
        kind === 'nilAttributes'
          ? `${subject}, and is nil: null has no place for it.`
          : `${subject} that the WSDL does not declare.`,
      )
    }
  }
}

/** Whether the WSDL lets the element have no attributes at all. */
export function isBare({ value, accessor }: Pick<ElementMapping, 'value' | 'accessor'>): boolean {
  return !accessor && !isOpen(value) && value.kind !== 'object' && value.kind !== 'polymorphic'
}

function objectsOf(value: ValueMapping): readonly ObjectMapping[] {
  if (value.kind === 'object') return [value]
  return value.kind === 'polymorphic' ? value.alternatives.map(({ mapping }) => mapping) : []
}

function isOpen(value: ValueMapping): boolean {
  switch (value.kind) {
    case 'xml':
      return true
    case 'scalar':
      return value.anyAttributes === true
    case 'document':
      return value.text.anyAttributes === true
    case 'array':
      return value.type.attributeWildcard !== undefined || value.type.encoded !== undefined
    case 'object':
    case 'polymorphic':
      return objectsOf(value).some(
        ({ type }) => type.attributeWildcard !== undefined || type.encoded !== undefined,
      )
  }
}
