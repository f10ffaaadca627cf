import { AdapterError } from '../../base/errors.js'
import { XSI } from '../../base/namespaces.js'
import { escapeAttribute } from '../../xml/escape.js'
import { withoutXmlLimits, XmlReader } from '../../xml/reader.js'

const SERIALIZATION = 'http://schemas.microsoft.com/2003/10/Serialization/'
const ID = `{${SERIALIZATION}}Id`
/** In Clark notation. */
export const REF = `{${SERIALIZATION}}Ref`
const OWN: ReadonlySet<string> = new Set([ID, REF, `{${SERIALIZATION}}Size`, `{${SERIALIZATION}}FactoryType`])

/**
 * Puts what an element refers to in its place: .NET's DataContractSerializer writes an object once, with `z:Id`, and
 * then `z:Ref` (preserveObjectReferences, IsReference).
 *
 * @param xml a document that has been read before
 * @param maxLength code units that the result may have
 * @returns undefined where there is nothing to resolve
 * @throws AdapterError `backend-mismatch` for a reference that leads nowhere or into itself, `backend-too-large`
 */
export function resolveReferences(xml: string, maxLength: number): string | undefined {
  if (!xml.includes(SERIALIZATION) || !/[:\s]Ref\s*=/.test(xml)) return undefined
  const references = new References(maxLength)
  references.collect(xml)
  const resolved = references.resolve(xml)
  return references.isUsed ? resolved : undefined
}

/** What is put in the place of a reference. */
interface Target {
  readonly type: string | undefined
  readonly isNil: boolean
  readonly content: string
}

class References {
  isUsed = false
  readonly #objects = new Map<string, string>()
  readonly #targets = new Map<string, Target>()
  /** Being put in their places. */
  readonly #open = new Set<string>()
  #length = 0

  constructor(readonly maxLength: number) {}

  /** Finds all elements that have an Id, each as a document of its own. */
  collect(xml: string): void {
    const reader = new XmlReader(xml, withoutXmlLimits)
    reader.nextElement()
    this.#collectInside(reader)
  }

  #collectInside(reader: XmlReader): void {
    if (!reader.hasElements()) {
      reader.skip()
      return
    }
    while (reader.nextElement()) {
      const id = reader.attribute(ID)
      if (id === undefined) {
        this.#collectInside(reader)
        continue
      }
      const object = reader.fragment()
      this.#grow(object.length)
      if (this.#objects.has(id)) throw mismatch('Two objects of the response have one z:Id.')
      this.#objects.set(id, object)
      this.collect(object)
    }
  }

  /** @returns the document with no reference in it */
  resolve(xml: string): string {
    const reader = new XmlReader(xml, withoutXmlLimits)
    reader.nextElement()
    const start = reader.position
    const root = this.#element(reader)
    return xml.slice(0, start) + root + xml.slice(reader.offset)
  }

  #element(reader: XmlReader): string {
    const { document } = reader
    const ref = reader.attribute(REF)
    const head = this.#startTag(reader)
    if (ref !== undefined) {
      reader.skip()
      return this.#object(head, ref)
    }
    const start = reader.offset
    if (!reader.hasElements()) {
      reader.skip()
      return head + document.slice(start, reader.offset)
    }
    let content = ''
    while (reader.nextElement()) content += this.#element(reader)
    this.#grow(content.length)
    return head + content + document.slice(reader.position, reader.offset)
  }

  /** @param head start tag of the element that refers */
  #object(head: string, ref: string): string {
    const { type, isNil, content } = this.#target(ref)
    this.isUsed = true
    this.#grow(content.length)
    const name = /^<([^\s/>]+)/.exec(head)?.[1] ?? ''
    const rest = head.slice(name.length + 1, head.endsWith('/>') ? -2 : -1)
    return `<${name}${typeAttribute(type, rest)}${isNil ? ` xmlns:instance="${XSI}" instance:nil="true"` : ''}${rest}>${content}</${name}>`
  }

  /** Resolves each object once, however many refer to it. */
  #target(ref: string): Target {
    const known = this.#targets.get(ref)
    if (known) return known
    const object = this.#objects.get(ref)
    if (object === undefined) throw mismatch('A z:Ref of the response refers to no z:Id.')
    if (this.#open.has(ref))
      throw mismatch('An object of the response contains itself, which JSON cannot say.')
    this.#open.add(ref)
    const reader = new XmlReader(this.resolve(object), withoutXmlLimits)
    this.#open.delete(ref)
    reader.nextElement()
    const type = reader.typeName()
    const isNil = reader.isNil()
    const content = reader.hasElements() ? reader.innerXml() : textOf(reader)
    const target = { type, isNil, content }
    this.#targets.set(ref, target)
    return target
  }

  /** Without the attributes of references. */
  #startTag(reader: XmlReader): string {
    const { document, position, offset } = reader
    let tag = ''
    let from = position
    for (let i = 0; i < reader.attributeCount; i++) {
      if (!OWN.has(reader.attributeName(i))) continue
      const { start, end } = reader.attributeSpan(i)
      tag += document.slice(from, start)
      from = end
    }
    return tag + document.slice(from, offset)
  }

  #grow(length: number): void {
    this.#length += length
    if (this.#length <= this.maxLength * 4) return
    throw new AdapterError(
      'backend-too-large',
      `The response is larger than ${this.maxLength} bytes once its references are resolved.`,
    )
  }
}

function typeAttribute(type: string | undefined, rest: string): string {
  if (type === undefined || /\btype\s*=/.test(rest)) return ''
  const end = type.indexOf('}')
  return ` xmlns:type="${escapeAttribute(type.slice(1, end))}" xmlns:xtype="${XSI}" xtype:type="type:${type.slice(end + 1)}"`
}

function textOf(reader: XmlReader): string {
  const { document, offset } = reader
  reader.skip()
  const end = document.lastIndexOf('</', reader.offset - 1)
  return end < offset ? '' : document.slice(offset, end)
}

function mismatch(message: string): AdapterError {
  return new AdapterError('backend-mismatch', message)
}
