import { AdapterError } from '../../base/errors.js'
import { XSD, XSI } from '../../base/namespaces.js'
import { escapeAttribute, escapeText } from '../../xml/escape.js'
import { safeStep, safeSubject } from '../../xml/safe-name.js'
import { isBlank } from '../../xml/white-space.js'
import { placesOf } from './array-shape.js'
import type { EncodedNode } from './node.js'

export interface ResolverOptions {
  /** Code units that the message may have once every reference is replaced by its value. */
  readonly maxLength: number
  /** Take the members of an array as they come where their number is not the one that the array says. */
  readonly lenient: boolean
  /** The namespace of the encoding. */
  readonly style: string
  /** Whether the type of a simple value is written even where nothing can depend on it: it makes reading slow. */
  readonly countsTypesOfLeaves: boolean
}

const BUILT_IN = `{${XSD}}`

/** Types that say how the text of a simple value was written. */
const TELLING: ReadonlySet<string> = new Set(
  ['base64Binary', 'hexBinary', 'QName', 'NOTATION', 'anyType'].map((name) => BUILT_IN + name),
)

/** As deep as a reader of ours goes. */
export const MAX_DEPTH = 90

/**
 * Writes nodes as the trees that they mean: each reference replaced by what it refers to, the members of an array in
 * their places, in a list for each dimension, elements without a namespace. What is written is of one spelling:
 * `xsi:nil` for nil, `xsi:type` where a type is known.
 *
 * Every method throws AdapterError `backend-mismatch` for a reference that leads nowhere or back to itself, and for
 * an array whose attributes contradict its members; `backend-too-large` beyond the limit.
 */
export class Resolver {
  text = ''
  readonly #byId = new Map<string, EncodedNode>()
  readonly #referred = new Set<string>()
  readonly #values = new Map<EncodedNode, EncodedNode>()
  readonly #open: EncodedNode[] = []
  readonly #isOpen = new Set<EncodedNode>()
  readonly #prefixes = new Map<string, string>()
  readonly #names = new Map<string, string>()

  /** @param roots the children of soap:Body */
  constructor(
    roots: readonly EncodedNode[],
    readonly options: ResolverOptions,
  ) {
    for (const root of roots) this.#collect(root)
  }

  /** Declarations for the names that were written, each with a space before it. */
  declarations(): string {
    let text = ` xmlns:xsi="${XSI}"`
    for (const [namespace, prefix] of this.#prefixes)
      text += ` xmlns:${prefix}="${escapeAttribute(namespace)}"`
    return text
  }

  /** A name that is in a namespace as it can be written. */
  qualified(name: string): string {
    const known = this.#names.get(name)
    if (known !== undefined) return known
    const end = name.indexOf('}')
    const namespace = name.slice(1, end)
    const prefix = end < 0 ? '' : `${this.#prefix(namespace)}:`
    const written = prefix + name.slice(end + 1)
    this.#names.set(name, written)
    return written
  }

  isReferredTo({ id }: EncodedNode): boolean {
    return id !== undefined && this.#referred.has(id)
  }

  /** What a node is in the end, over all references. */
  valueOf(node: EncodedNode): EncodedNode {
    if (node.href === undefined) return node
    const way = new Set<EncodedNode>()
    let here = node
    while (here.href !== undefined) {
      if (way.has(here)) throw this.#wrong(node, 'refers to itself')
      way.add(here)
      const next: EncodedNode | undefined = this.#values.get(here) ?? this.#byId.get(here.href)
      if (!next) throw this.#wrong(node, 'refers to an id that the envelope does not have')
      here = next
    }
    // However long the way, nothing on it is gone over again.
    for (const passed of way) this.#values.set(passed, here)
    return here
  }

  /**
   * Writes an element.
   *
   * @param name as it is written
   * @param impliedType what it is where neither it nor its value says so, in Clark notation
   */
  element(node: EncodedNode, name: string, impliedType?: string): void {
    const value = this.valueOf(node)
    const type = value.type ?? node.type ?? impliedType ?? (value.shape && `{${this.options.style}}Array`)
    const isSaid = type !== undefined && (this.options.countsTypesOfLeaves || isTelling(type, value))
    this.text += isSaid ? `<${name} xsi:type="${this.qualified(type)}"` : `<${name}`
    if (value.isNil || node.isNil) {
      this.text += ' xsi:nil="true"/>'
    } else if (value.text !== undefined && !(value.shape && isBlank(value.text))) {
      const isName = type?.endsWith('}QName') === true && value.text.startsWith('{')
      this.text += `>${escapeText(isName ? this.qualified(value.text) : value.text)}</${name}>`
    } else {
      this.text += '>'
      this.#enter(value, node)
      if (value.shape || value.children.some((child) => child.position)) this.#array(value)
      else for (const child of value.children) this.element(child, child.name)
      this.leave()
      this.text += `</${name}>`
    }
    if (this.text.length > this.options.maxLength) {
      throw new AdapterError(
        'backend-too-large',
        `The response has more than ${this.options.maxLength} characters once its references are resolved.`,
        { path: this.#path() },
      )
    }
  }

  /** Notes that what is written from now on stands in the node. */
  enter(node: EncodedNode): void {
    this.#enter(node, node)
  }

  leave(): void {
    const node = this.#open.pop()
    if (node) this.#isOpen.delete(node)
  }

  #enter(value: EncodedNode, node: EncodedNode): void {
    if (this.#isOpen.has(value)) throw this.#wrong(node, 'contains itself, which JSON cannot say')
    if (this.#open.length >= MAX_DEPTH) throw this.#wrong(node, 'is nested too deeply')
    this.#open.push(value)
    this.#isOpen.add(value)
  }

  #array(array: EncodedNode): void {
    const { children } = array
    const {
      itemType,
      offset,
      sizes = [undefined],
    } = array.shape ?? { itemType: undefined, offset: undefined }
    const isPlain = offset === undefined && !children.some((child) => child.position)
    if (isPlain && sizes.length === 1) {
      const [size] = sizes
      for (const child of children) this.element(child, child.name, itemType)
      if (size !== undefined && !this.options.lenient) {
        if (children.length > size) throw this.#wrong(array, `says that it has ${size} members and has more`)
        this.#absent(size - children.length)
      }
      return
    }
    const known = this.#sizes(array, sizes)
    const places = placesOf(
      known,
      offset,
      children.map((child) => child.position),
    )
    if (typeof places === 'string') throw this.#wrong(array, places)
    const byPlace = new Map(children.map((child, index) => [places[index] ?? 0, child]))
    const total = known.reduce((product, size) => product * size, 1)
    if (places.some((place) => place >= total)) throw this.#wrong(array, 'has more members than it says')
    this.#slice(byPlace, known, 0, itemType)
  }

  /** Only the first dimension may be left open: it is as long as the members need. */
  #sizes(array: EncodedNode, sizes: readonly (number | undefined)[]): number[] {
    const [first, ...rest] = sizes
    const inner = rest.map((size) => {
      if (size === undefined)
        throw this.#wrong(array, 'has several dimensions and does not say how large they are')
      return size
    })
    const stride = inner.reduce((product, size) => product * size, 1)
    const positions = array.children.map((child) => (child.position?.[0] ?? -1) + 1)
    const start = (array.shape?.offset?.[0] ?? 0) * stride
    const counted = stride === 0 ? 0 : Math.ceil((start + array.children.length) / stride)
    const needed = first ?? positions.reduce((most, end) => Math.max(most, end), counted)
    // Dimensions of the size 0 are written, too, as often as those around them say.
    const written = inner.reduce((product, size) => product * Math.max(1, size), needed)
    if (written > this.options.maxLength) throw this.#wrong(array, 'says that it has too many members')
    return [needed, ...inner]
  }

  #slice(
    byPlace: ReadonlyMap<number, EncodedNode>,
    sizes: readonly number[],
    start: number,
    itemType: string | undefined,
  ): void {
    const [size = 0, ...inner] = sizes
    const stride = inner.reduce((product, length) => product * length, 1)
    for (let index = 0; index < size; index++) {
      const place = start + index * stride
      const member = inner.length === 0 ? byPlace.get(place) : undefined
      if (inner.length > 0) {
        this.text += `<item xsi:type="${this.qualified(`{${this.options.style}}Array`)}">`
        this.#slice(byPlace, inner, place, itemType)
        this.text += '</item>'
      } else if (member) this.element(member, member.name, itemType)
      else this.#absent(1)
    }
  }

  /** Members that are not transmitted are nil (SOAP 1.1, 5.4.2.1 and 5.4.2.2). */
  #absent(count: number): void {
    const nil = '<item xsi:nil="true"/>'
    if (this.text.length + count * nil.length > this.options.maxLength) {
      throw new AdapterError(
        'backend-too-large',
        'An array of the response has too many members that are absent.',
        {
          path: this.#path(),
        },
      )
    }
    this.text += nil.repeat(count)
  }

  #collect(node: EncodedNode): void {
    if (node.id !== undefined) {
      if (this.#byId.has(node.id)) throw this.#wrong(node, 'has an id that another element has too')
      this.#byId.set(node.id, node)
    }
    if (node.href !== undefined) this.#referred.add(node.href)
    for (const child of node.children) this.#collect(child)
  }

  #prefix(namespace: string): string {
    const known = this.#prefixes.get(namespace)
    if (known !== undefined) return known
    const prefix = `t${this.#prefixes.size + 1}`
    this.#prefixes.set(namespace, prefix)
    return prefix
  }

  #path(): string {
    return `/Envelope/Body/${this.#open.map((node) => safeStep(node.name)).join('/')}`
  }

  #wrong(node: EncodedNode, what: string): AdapterError {
    return new AdapterError('backend-mismatch', `${safeSubject(node.name)} ${what}.`, { path: this.#path() })
  }
}

/** Where there is no text, the type is all that is known of a value. */
function isTelling(type: string, { text, shape }: EncodedNode): boolean {
  if (text === undefined || shape || isBlank(text)) return true
  return !type.startsWith(BUILT_IN) || TELLING.has(type)
}
