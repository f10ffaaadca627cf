import { XSD } from '../../src/base/namespaces.js'
import fc from '../oracle/property.js'
import type { MessageSource } from './encoded-message.js'

/** Takes values of fast-check as the random contract and message go on. */
type Choose = fc.GeneratorValue

interface Simple {
  readonly kind: 'simple'
  readonly name: string
  readonly texts: readonly string[]
}

interface Struct {
  readonly kind: 'struct'
  readonly name: string
  readonly members: readonly Member[]
  /** Structs that are derived from it. */
  readonly derived: readonly Struct[]
}

interface List {
  readonly kind: 'list'
  readonly name: string
  /** What arrayType says of members. */
  readonly itemName: string
  readonly item: Type
  readonly isTable: boolean
}

type Type = Simple | Struct | List

interface Member {
  readonly name: string
  readonly type: Type
  readonly isOptional: boolean
  readonly isMany: boolean
}

const simple = (name: string, ...texts: string[]): Simple => ({ kind: 'simple', name, texts })

const text = simple(
  'xsd:string',
  'x',
  '',
  ' ',
  'a b',
  'ä漢',
  '"q"',
  '&amp;',
  '&lt;b&gt;',
  ' y\n',
  'a&#13;b',
  '>',
)
const simples: readonly Simple[] = [
  text,
  text,
  simple('xsd:int', '1', '-5', '007', ' 3 '),
  simple('xsd:long', '9007199254740993', '0'),
  simple('xsd:decimal', '1.50', '+2', '-0.10'),
  simple('xsd:boolean', 'true', 'false', '1', '0'),
  simple('xsd:date', '2020-02-29', '2020-02-29Z'),
  simple('xsd:dateTime', '2020-02-29T12:00:00Z', '2020-02-29T12:00:00'),
  simple('xsd:token', 'a', '  a   b '),
  simple('xsd:base64Binary', 'AAE=', ''),
  simple('xsd:hexBinary', 'FF00'),
  simple('xsd:QName', 't:x', 'x'),
  simple('soapenc:string', 'z'),
  simple('t:Colour', 'red', 'dark blue'),
  simple('xsd:anyType', 'x', '1'),
]

const OWN = `<xs:simpleType name="Colour"><xs:restriction base="xs:token"><xs:enumeration value="red"/><xs:enumeration value="dark blue"/></xs:restriction></xs:simpleType>`

/** What a message of any contract may call a type, right or wrong. */
const typeNames = [
  ...['xsd:string', 'xsd:int', 'xsd:base64Binary', 'xsd:hexBinary', 'xsd:QName', 'xsd:anyType', 'xsd:date'],
  ...['soapenc:string', 'soapenc:Array', 'soapenc:Struct', 'soapenc:base64', 'enc:Array', 'apache:Map'],
  ...['t:Colour', 't:Stranger', 't:T0', 't:T1', 't:T2', 'no:prefix', 'T0', '', 'not a name', ' xsd:string '],
]

/** A contract whose types are made up. */
export class RandomContract {
  readonly source: MessageSource
  readonly #parts: readonly Member[]
  readonly #definitions: string[] = [OWN]
  #types = 0

  constructor(readonly choose: Choose) {
    this.#parts = this.#members('p', 3, 3).map((part) => ({ ...part, isOptional: false, isMany: false }))
    const nullable = [...this.#parts.map(({ name }) => name), 'p0[]', 'p1[]', 'p2[]']
    this.source = {
      schema: this.#definitions.join(''),
      parts: Object.fromEntries(this.#parts.map(({ name, type }) => [name, type.name])),
      nullable: nullable.filter(() => choose(fc.boolean)),
      hidden: this.#parts.map(({ name }) => name).filter(() => choose(fc.nat, 5) === 0),
      version: choose(fc.constantFrom<('1.1' | '1.2')[]>, '1.1', '1.1', '1.2'),
    }
  }

  /** The children of a soap:Body. */
  message(): string {
    return new RandomMessage(this.choose, this.#parts).body
  }

  #type(depth: number): Type {
    const kind =
      depth === 0 ? 'simple' : this.choose(fc.constantFrom<string[]>, 'simple', 'simple', 'struct', 'list')
    if (kind === 'simple') return this.choose(fc.constantFrom<Simple[]>, ...simples)
    return kind === 'struct' ? this.#struct(depth) : this.#list(depth)
  }

  #list(depth: number): List {
    const item = this.#type(depth - 1)
    const isTable = this.choose(fc.nat, 5) === 0
    const name = this.#newName()
    this.#definitions.push(
      `<xs:complexType name="${name.slice(2)}"><xs:complexContent><xs:restriction base="soapenc:Array"><xs:attribute ref="soapenc:arrayType" wsdl:arrayType="${item.name}[${isTable ? ',' : ''}]"/></xs:restriction></xs:complexContent></xs:complexType>`,
    )
    return { kind: 'list', name, itemName: item.name, item, isTable }
  }

  #struct(depth: number): Struct {
    const name = this.#newName()
    const members = this.#members('m', 5, depth - 1)
    const content = `<xs:sequence>${members.map(declaration).join('')}</xs:sequence>`
    this.#definitions.push(`<xs:complexType name="${name.slice(2)}">${content}</xs:complexType>`)
    if (this.choose(fc.nat, 3) > 0) return { kind: 'struct', name, members, derived: [] }
    const derivedName = this.#newName()
    const more = this.#members('d', 2, depth - 1)
    this.#definitions.push(
      `<xs:complexType name="${derivedName.slice(2)}"><xs:complexContent><xs:extension base="${name}"><xs:sequence>${more.map(declaration).join('')}</xs:sequence></xs:extension></xs:complexContent></xs:complexType>`,
    )
    const derived: Struct = { kind: 'struct', name: derivedName, members: [...members, ...more], derived: [] }
    return { kind: 'struct', name, members, derived: [derived] }
  }

  #members(prefix: string, most: number, depth: number): Member[] {
    return Array.from({ length: 1 + this.choose(fc.nat, most - 1) }, (_, index) => ({
      name: `${prefix}${index}`,
      type: this.#type(depth),
      isOptional: this.choose(fc.boolean),
      isMany: this.choose(fc.nat, 5) === 0,
    }))
  }

  #newName(): string {
    return `t:T${this.#types++}`
  }
}

function declaration({ name, type, isOptional, isMany }: Member): string {
  return `<xs:element name="${name}" type="${type.name}" minOccurs="${isOptional ? 0 : 1}" maxOccurs="${isMany ? 'unbounded' : '1'}"/>`
}

/** A message of the parts, in one of the many ways in which messages are written, or written wrongly. */
class RandomMessage {
  readonly body: string
  /** Of a thousand: how often something is as it usually is not. */
  readonly #oddity: number
  readonly #isTyped: boolean
  readonly #hasNil: boolean
  readonly #space: string

  constructor(
    readonly choose: Choose,
    parts: readonly Member[],
  ) {
    this.#oddity = choose(fc.constantFrom<number[]>, 0, 0, 0, 5, 30, 200)
    this.#isTyped = choose(fc.boolean)
    this.#hasNil = choose(fc.nat, 4) === 0
    this.#space = choose(fc.constantFrom<string[]>, '', '', '\n  ', '<!-- c -->')
    const name = this.#odd() ? 'any' : 'r:op'
    const renamed = parts.map((part, index) =>
      index === 0 && this.#odd(100) ? { ...part, name: 'opReturn' } : part,
    )
    const attributes = this.#odd(100) ? ` ${this.#oddAttribute()}` : ''
    const wrapper = `<${name}${attributes}>${this.#inside(renamed)}</${name}>`
    const independent = this.#oddity === 0 ? '' : this.#independent(parts)
    this.body = this.#odd() ? independent + wrapper : wrapper + this.#space + independent
  }

  /** @param least of a thousand, however odd the message is */
  #odd(least = 0): boolean {
    return this.choose(fc.nat, 999) < Math.max(least, this.#oddity)
  }

  #pick<T>(...values: readonly T[]): T {
    return this.choose(fc.constantFrom<T[]>, ...values)
  }

  #independent(parts: readonly Member[]): string {
    return [0, 1, 2]
      .filter(() => this.choose(fc.boolean))
      .map((id) => {
        const { type } = this.#pick(...parts)
        return this.#written('multiRef', { type, more: ` id="i${id}" soapenc:root="0"` })
      })
      .join('')
  }

  #inside(members: readonly Member[]): string {
    const present = members.filter(({ isOptional }) => !this.#odd(isOptional ? 300 : 0))
    const elements = present.flatMap(({ name, type, isMany }) => {
      const count = isMany ? this.choose(fc.nat, 3) : this.#odd() ? 2 : 1
      return Array.from({ length: count }, () => this.#element(name, type))
    })
    if (this.#odd(50)) elements.reverse()
    if (this.#odd()) elements.push(this.#element('unheard', text))
    if (this.#odd()) elements.push('loose text')
    return this.#space + elements.map((element) => element + this.#space).join('')
  }

  #element(name: string, type: Type): string {
    return this.#written(this.#odd(20) ? `${this.#pick('t', 'r')}:${name}` : name, { type })
  }

  #written(name: string, { type, more = '' }: { readonly type: Type; readonly more?: string }): string {
    const actual = type.kind === 'struct' && this.#odd(100) ? (type.derived[0] ?? type) : type
    const isAny = type.name === 'xsd:anyType'
    const any = isAny ? this.#pick(...simples.filter((each) => each !== type)) : actual
    const said = this.#odd()
      ? this.#pick(...typeNames)
      : any.kind === 'list' && this.choose(fc.boolean)
        ? 'soapenc:Array'
        : any.name
    const hasType = this.#odd() ? this.choose(fc.boolean) : this.#isTyped || isAny || actual !== type
    let attributes = more + (hasType ? ` xsi:type="${said}"` : '')
    if (this.#odd(20)) attributes += ` ${this.#oddAttribute()}`
    const { content, shape } = this.#content(any)
    attributes += shape
    if (this.#odd(this.#hasNil ? 50 : 0)) return `<${name}${attributes} ${this.#nil()}/>`
    if (this.#odd()) return `<${name} href="#i${this.choose(fc.nat, 3)}"/>`
    return content === '' && this.choose(fc.boolean)
      ? `<${name}${attributes}/>`
      : `<${name}${attributes}>${content}</${name}>`
  }

  #nil(): string {
    return this.#odd()
      ? this.#pick(
          'xsi:nil="0"',
          'xsi:nil="maybe"',
          'xmlns:i="http://www.w3.org/1999/XMLSchema-instance" i:null="1"',
        )
      : this.#pick('xsi:nil="true"', 'xsi:nil="1"')
  }

  #oddAttribute(): string {
    const usual = [
      ...['t:noticed="no"', 'soap:encodingStyle="urn:s"', 'xsi:nil="false"', 'xmlns:q="urn:q"'],
      ...['xmlns:xsd="urn:t"', `xmlns:t="${XSD}"`, 'xmlns:xsi="urn:t"', 'xmlns="urn:t"'],
    ]
    return this.#odd()
      ? this.#pick('id="i9"', 'soapenc:root="1"', 'soapenc:position="[0]"', 'soapenc:arrayType="xsd:int[1]"')
      : this.#pick(...usual)
  }

  #content(type: Type): { readonly content: string; readonly shape: string } {
    switch (type.kind) {
      case 'simple':
        return { content: this.#text(type), shape: '' }
      case 'struct':
        return { content: this.#inside(type.members), shape: '' }
      case 'list':
        return this.#list(type)
    }
  }

  #text({ texts }: Simple): string {
    if (this.#odd()) return this.#pick('wrong', '<a/>', 'a<a/>', '<![CDATA[x<y]]>', '<!-- c -->')
    const one = this.#pick(...texts)
    return this.#odd(20) ? `<![CDATA[]]>${one}` : one
  }

  #list({ item, itemName, isTable }: List): { readonly content: string; readonly shape: string } {
    const count = this.choose(fc.nat, 3)
    const name = this.#pick('item', 'i', 't:Thing', 'soapenc:int')
    const items = Array.from({ length: count }, () => this.#element(name, item))
    const content = this.#space + items.map((each) => each + this.#space).join('')
    const size = isTable ? `${count},1` : this.#odd() ? this.choose(fc.nat, 4) : count
    const said = this.#odd() ? this.#pick(...typeNames) : itemName
    const usual = [
      ` soapenc:arrayType="${said}[${size}]"`,
      ...(isTable
        ? []
        : ['', ` soapenc:arrayType="${said}[]"`, ` enc:itemType="${said}" enc:arraySize="${size}"`]),
    ]
    const odd = [
      ` soapenc:arrayType="${said}[${size}]" soapenc:offset="[0]"`,
      ` soapenc:arrayType="${said}[][${size}]"`,
      ` soapenc:arrayType="${said}[1,${size}]"`,
      ` enc:arraySize="* 1"`,
      ` soapenc:arrayType="${said}"`,
    ]
    return { content, shape: this.#odd() ? this.#pick(...odd) : this.#pick(...usual) }
  }
}
