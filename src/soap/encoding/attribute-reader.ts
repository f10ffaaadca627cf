import { AdapterError } from '../../base/errors.js'
import { XmlError, type XmlReader } from '../../xml/reader.js'
import { safeSubject } from '../../xml/safe-name.js'
import { trimXml } from '../../xml/white-space.js'
import { type ArrayShape, arraySize, arrayType, position } from './array-shape.js'
import type { EncodedNode } from './node.js'
import { encodingAttributes, typeOf } from './vocabulary.js'

export interface NodeOptions {
  /** The namespace of the encoding that the contract speaks. */
  readonly style: string
  /** Take no notice of an xsi:type that cannot be read. */
  readonly lenient: boolean
}

/** What attributes say of an array, before it is known whether there is one. */
interface ArrayWords {
  arrayType?: string
  itemType?: string
  arraySize?: string
  offset?: string
}

/** Reads what attributes of the encoding say of elements. */
export class AttributeReader {
  /** By the name as it is written, in one scope: messages have few types and many elements. */
  readonly #types = new Map<string, string | undefined>()
  #scope = 0

  constructor(
    readonly reader: XmlReader,
    readonly options: NodeOptions,
  ) {}

  /**
   * Fills in what the attributes of the current element say.
   *
   * @throws AdapterError `backend-mismatch` for attributes of the encoding that make no sense
   */
  read(node: EncodedNode): void {
    const { reader } = this
    let words: ArrayWords | undefined
    for (let index = 0; index < reader.attributeCount; index++) {
      const meaning = encodingAttributes.get(reader.attributeName(index))
      if (meaning === undefined) continue
      const value = reader.attributeValue(index)
      switch (meaning) {
        case 'id':
          node.id = value
          break
        case 'href':
          node.href = this.#reference(value)
          break
        case 'root':
          node.isIndependent = trimXml(value) === '0'
          break
        case 'type':
          node.type = this.#declaredType(value)
          break
        case 'nil':
          node.isNil = this.#nil(value)
          break
        case 'position':
          node.position = this.#readAs('position', value, position)
          break
        case 'itemType':
        case 'arrayType':
        case 'offset':
        case 'arraySize':
          words = { ...words, [meaning]: value }
      }
    }
    if (words || node.type === `{${this.options.style}}Array`) node.shape = this.#shape(words ?? {})
  }

  #declaredType(lexical: string): string | undefined {
    try {
      return this.#type(lexical)
    } catch (error) {
      if (this.options.lenient && error instanceof XmlError && error.code === 'lexical') return undefined
      throw error
    }
  }

  #type(lexical: string): string | undefined {
    const { scope } = this.reader
    if (scope !== this.#scope) this.#types.clear()
    this.#scope = scope
    const known = this.#types.get(lexical)
    if (known !== undefined) return known
    const type = typeOf(this.reader.resolveQName(lexical), this.options.style)
    this.#types.set(lexical, type)
    return type
  }

  #nil(lexical: string): boolean {
    const value = trimXml(lexical)
    if (value === 'true' || value === '1') return true
    if (value === 'false' || value === '0') return false
    throw this.#wrong('has a nil attribute that is neither true nor false')
  }

  /** SOAP 1.1 has a URI of a fragment, SOAP 1.2 an IDREF; PHP writes a # before that too. */
  #reference(value: string): string {
    const written = trimXml(value)
    if (written.startsWith('#')) return written.slice(1)
    if (/[:/]/.test(written)) throw this.#wrong('refers to something outside of the envelope')
    return written
  }

  #shape(words: ArrayWords): ArrayShape {
    const typed =
      words.arrayType === undefined ? undefined : this.#readAs('arrayType', words.arrayType, arrayType)
    const sizes =
      words.arraySize === undefined ? undefined : this.#readAs('arraySize', words.arraySize, arraySize)
    const item = typed?.item ?? words.itemType
    return {
      itemType: item === undefined || typed?.isNested === true ? undefined : this.#type(item),
      sizes: typed?.sizes ?? sizes,
      offset: words.offset === undefined ? undefined : this.#readAs('offset', words.offset, position),
    }
  }

  #readAs<T>(attribute: string, value: string, read: (value: string) => T | undefined): T {
    const found = read(value)
    if (found === undefined) throw this.#wrong(`has an attribute ${attribute} that cannot be read`)
    return found
  }

  #wrong(what: string): AdapterError {
    const { reader } = this
    return new AdapterError('backend-mismatch', `${safeSubject(reader.localName)} ${what}.`, {
      path: reader.path(),
    })
  }
}
