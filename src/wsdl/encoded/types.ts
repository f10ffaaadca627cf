import type { Diagnostics, SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { APACHE_SOAP, SOAP_ENCODING_11, SOAP_ENCODING_12, WSDL_SOAP_12, XSD } from '../../base/namespaces.js'
import { clark, type QName } from '../../base/qname.js'
import { xmlWords } from '../../xml/white-space.js'
import { anyType, builtInType, findBuiltIn } from '../../xsd/model/built-in-types.js'
import type {
  BuiltInName,
  ComplexContent,
  ComplexType,
  ElementDeclaration,
  ModelGroup,
  Particle,
  SchemaSet,
  SimpleType,
  SoapEncoded,
  Term,
  XsdType,
} from '../../xsd/model/model.js'
import { arrayOf, isSoapArray, soapArrayOf, type TypeEncoder } from './array.js'

type Shell = { -readonly [K in keyof ComplexType]: ComplexType[K] }

/** Simple types that a value of xs:anyType may have; the first is the one to think of. */
const anySimple: readonly BuiltInName[] = [
  ...(['string', 'boolean', 'long', 'short', 'byte', 'integer', 'decimal', 'double', 'float'] as const),
  ...(['dateTime', 'date', 'time', 'duration', 'base64Binary', 'hexBinary', 'anyURI', 'int'] as const),
]

/**
 * The types of a WSDL as SOAP encoding has them on the wire (SOAP 1.1, 5; SOAP 1.2 Part 2, 3): structs whose accessors
 * are unqualified and come in any order, arrays, simple values without attributes. Each type is made once.
 */
export class EncodedTypes implements TypeEncoder {
  readonly #made = new Map<XsdType, XsdType>()
  #any: ComplexType | undefined

  /** @param style the namespace of the encoding */
  constructor(
    readonly style: string,
    readonly schemas: SchemaSet,
    readonly diagnostics: Diagnostics,
  ) {}

  /** The type as it is encoded. */
  type(type: XsdType): XsdType {
    if (type === anyType) return this.anyValue()
    if (type.kind === 'simpleType' || type.encoded) return type
    const known = this.#made.get(type)
    if (known) return known
    if (type.content.kind === 'simple') return this.#remember(type, simpleValue(type, type.content.type))
    if (isSoapArray(type)) {
      const shell = this.#remember(type, shellOf(type, { style: this.style, derived: [] }))
      return Object.assign(shell, soapArrayOf(type, this))
    }
    return this.#struct(type)
  }

  /**
   * The type that a name in wsdl:arrayType means; xs:anyType, with a warning, where there is none.
   *
   * @param at of the array
   */
  named(name: QName, at: SourceLocation): XsdType {
    const found = findBuiltIn(name) ?? this.schemas.types.get(clark(name)) ?? encodingType(name)
    if (!found) {
      this.diagnostics.warning(
        'wsdl-unresolved',
        `There is no type ${clark(name)} for the members of an array; they are taken for xs:anyType.`,
        at,
      )
    }
    return this.type(found ?? anyType)
  }

  /** An accessor of the type, which need not be encoded yet. */
  accessor(
    localName: string,
    type: XsdType,
    like: Pick<ElementDeclaration, 'nillable' | 'at'>,
  ): ElementDeclaration {
    return {
      kind: 'element',
      name: { namespace: '', localName },
      type: this.type(type),
      nillable: true,
      abstract: false,
      global: false,
      accessor: { nillable: like.nillable, positional: false },
      at: like.at,
    }
  }

  /** Any value at all: xsi:type says which. */
  anyValue(): ComplexType {
    if (this.#any) return this.#any
    const derived: ComplexType[] = []
    this.#any = shellOf({ ...anyType, abstract: true }, { style: this.style, derived })
    derived.push(...this.#alternatives(anyType.at))
    return this.#any
  }

  #alternatives(at: SourceLocation): ComplexType[] {
    const named = [...this.schemas.types.values()].filter(
      (type): type is ComplexType =>
        type.kind === 'complexType' && !type.abstract && !isReserved(type.name?.namespace),
    )
    const encoding = { style: this.style, derived: [] }
    const simple = anySimple.map((name): ComplexType => {
      const type = builtInType(name)
      const shell = shellOf({ ...anyType, name: { namespace: XSD, localName: name } }, encoding)
      return Object.assign(shell, { content: { kind: 'simple', type } satisfies ComplexContent })
    })
    const structs = named.map((type) => this.type(type)).filter((type) => type.kind === 'complexType')
    const generic = [this.#map(at), this.#genericStruct(at), arrayOf(anyType, this, at)]
    return [...simple.slice(0, 1), ...structs, ...generic, ...simple.slice(1)]
  }

  /** Apache SOAP's Map, which Axis and PHP send for what has keys: items of key and value. */
  #map(at: SourceLocation): ComplexType {
    const encoded = { style: this.style, derived: [] }
    const item = shellOf({ ...anyType, name: undefined }, encoded)
    item.content = this.#members(
      ['key', 'value'].map((name) => once(this.accessor(name, anyType, { nillable: true, at }))),
      at,
    )
    const map = shellOf({ ...anyType, name: { namespace: APACHE_SOAP, localName: 'Map' } }, encoded)
    const items = {
      minOccurs: 0,
      maxOccurs: Infinity,
      term: { ...this.accessor('item', anyType, { nillable: false, at }), type: item },
    }
    map.content = this.#members([items], at)
    return map
  }

  /** A struct that only its own accessors describe. */
  #genericStruct(at: SourceLocation): ComplexType {
    const name = { namespace: this.style, localName: 'Struct' }
    const struct = shellOf({ ...anyType, name }, { style: this.style, derived: [] })
    const any: Term = { kind: 'any', namespaces: { kind: 'any' }, processContents: 'lax', at }
    struct.content = this.#members([{ minOccurs: 0, maxOccurs: Infinity, term: any }], at)
    return struct
  }

  #members(particles: readonly Particle[], at: SourceLocation): ComplexContent {
    return { kind: 'elements', mixed: false, particle: once({ kind: 'all', particles, at }) }
  }

  #remember<T extends XsdType>(type: XsdType, made: T): T {
    this.#made.set(type, made)
    return made
  }

  #struct(type: ComplexType): ComplexType {
    const derived: ComplexType[] = []
    const shell = this.#remember(type, shellOf(type, { style: this.style, derived }))
    if (type.content.kind === 'elements') {
      shell.content = this.#members(this.#flat(type.content.particle), type.at)
    }
    const names = type.name && this.schemas.derivedTypes.get(clark(type.name))
    for (const candidate of names ?? []) {
      const encoded = this.type(candidate)
      if (encoded.kind === 'complexType' && !encoded.abstract) derived.push(encoded)
    }
    return shell
  }

  /** The accessors of a content model: without an order of their own, groups within groups are one (SOAP 1.1, 5.4.1). */
  #flat(particle: Particle): Particle[] {
    const { minOccurs, maxOccurs, term } = particle
    if (term.kind === 'any') return [particle]
    if (term.kind === 'element') return [{ minOccurs, maxOccurs, term: this.#member(term) }]
    const isOnce = minOccurs === 1 && maxOccurs === 1
    if (isOnce && term.kind !== 'choice') return term.particles.flatMap((inner) => this.#flat(inner))
    return [{ minOccurs, maxOccurs, term: this.#group(term, { unordered: maxOccurs === 1 }) }]
  }

  #group(group: ModelGroup, { unordered }: { readonly unordered: boolean }): ModelGroup {
    const kind = group.kind === 'sequence' && unordered ? 'all' : group.kind
    const particles = group.particles.map((inner): Particle => {
      const [only, ...others] = this.#flat(inner)
      if (only && others.length === 0) return only
      return once({ kind: 'all', particles: only ? [only, ...others] : [], at: group.at })
    })
    return { ...group, kind, particles }
  }

  #member(element: ElementDeclaration): ElementDeclaration {
    const { name, type, nillable, at, documentation, fixed, default: preset } = element
    return {
      ...this.accessor(name.localName, type, { nillable, at }),
      ...(documentation !== undefined && { documentation }),
      ...(fixed !== undefined && { fixed }),
      ...(preset !== undefined && { default: preset }),
    }
  }
}

function once(term: Term): Particle {
  return { minOccurs: 1, maxOccurs: 1, term }
}

function shellOf(
  { name, abstract, derivation, base, documentation, at }: ComplexType,
  encoded: SoapEncoded,
): Shell {
  return {
    kind: 'complexType',
    ...(name && { name }),
    ...(documentation !== undefined && { documentation }),
    abstract,
    derivation,
    base,
    attributes: [],
    content: { kind: 'empty' },
    encoded,
    at,
  }
}

/** A value with a simple content is that content; id and href are the encoding's own (SOAP 1.1, 5.2). */
function simpleValue({ name, documentation, at }: ComplexType, content: SimpleType): SimpleType {
  if (!name) return content
  return { ...content, name, base: content, ...(documentation !== undefined && { documentation }), at }
}

/** soapenc:int and its like, where the WSDL has not imported their schema. */
function encodingType({ namespace, localName }: QName): XsdType | undefined {
  if (!isReserved(namespace) || namespace === XSD) return undefined
  return findBuiltIn({ namespace: XSD, localName: localName === 'base64' ? 'base64Binary' : localName })
}

function isReserved(namespace: string | undefined): boolean {
  return (
    namespace === SOAP_ENCODING_11 ||
    namespace === SOAP_ENCODING_12 ||
    namespace === XSD ||
    namespace === APACHE_SOAP
  )
}

/** Both encodings of one WSDL. */
export class Encodings {
  readonly #byStyle = new Map<string, EncodedTypes>()

  constructor(
    readonly schemas: SchemaSet,
    readonly diagnostics: Diagnostics,
  ) {}

  /**
   * The types of a message.
   *
   * @param styles soap:body/@encodingStyle, a list of which the first that is known counts
   * @param soap namespace of the binding's SOAP extension elements: each version has an encoding of its own
   */
  of(styles: string | undefined, soap: string): EncodedTypes {
    const own = soap === WSDL_SOAP_12 ? SOAP_ENCODING_12 : SOAP_ENCODING_11
    const listed = xmlWords(styles ?? '').find((uri) => uri === SOAP_ENCODING_11 || uri === SOAP_ENCODING_12)
    const style = listed ?? own
    const known = this.#byStyle.get(style)
    if (known) return known
    const types = new EncodedTypes(style, this.schemas, this.diagnostics)
    this.#byStyle.set(style, types)
    return types
  }
}
