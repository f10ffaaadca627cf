import {
  type ArrayMapping,
  type AttributeMapping,
  type ContentMapping,
  type ElementMapping,
  type GroupMapping,
  type Member,
  type ObjectMapping,
  type PolymorphicMapping,
  type ScalarMapping,
  type ValueMapping,
} from '../mapping/value-mapping.js'
import { clark, type QName } from '../base/qname.js'
import { quote } from '../json/write.js'
import { type EncodingOptions, strictEncoding } from '../soap/encoding/message.js'
import { internName } from '../xml/names.js'
import { ArrayCodec } from './array.js'
import { type ContentCodec, type Tag, type ValueCodec } from './codec.js'
import { ElementCodec } from './element.js'
import { EncodedScalarCodec } from './encoded-scalar.js'
import { FlattenedCodec } from './flattened.js'
import { HiddenElementCodec } from './hidden-element.js'
import { RepeatedElementCodec } from './repeated-element.js'
import { AllCodec, ChoiceCodec, SequenceCodec } from './group.js'
import { type AttributeCodec, ObjectCodec } from './object.js'
import { PolymorphicCodec } from './polymorphic.js'
import { type Prefixes } from './prefixes.js'
import { HiddenGroupCodec, RepeatedGroupCodec } from './repeated-group.js'
import { arrayAttributes, SliceCodec, SoapArrayCodec, SoapArrayObjectCodec } from './soap-array.js'
import { compileScalar } from './scalar.js'
import { type ScalarCodec } from './scalar-codec.js'
import { ConstrainedScalarCodec, valueConstraint } from './value-constraint.js'
import { WildcardCodec } from './wildcard.js'
import { XmlCodec } from './xml.js'

/**
 * Compiles mappings into codecs, each once. Codecs are registered before what they contain is compiled, so
 * that recursion of any shape ends.
 */
export class Compiler {
  readonly #values = new Map<ValueMapping, ValueCodec>()
  readonly #objects = new Map<ObjectMapping, ObjectCodec>()

  /**
   * @param complete whether hidden members are codecs too: for samples and simulated answers
   * @param encoding how messages of SOAP encoding are read
   */
  constructor(
    readonly prefixes: Prefixes,
    readonly complete = false,
    readonly encoding: EncodingOptions = strictEncoding,
  ) {}

  /** @param type what xsi:type says of it */
  tag(name: QName, type?: QName): Tag {
    const qualified = this.prefixes.qualified(name)
    const typed = type ? ` xsi:type="${this.prefixes.qualified(type)}"` : ''
    return {
      open: `<${qualified}${typed}`,
      close: `</${qualified}>`,
      localName: name.localName,
      name: clark(name),
    }
  }

  value(mapping: ValueMapping): ValueCodec {
    if (mapping.kind === 'object') return this.object(mapping)
    const known = this.#values.get(mapping)
    if (known) return known
    switch (mapping.kind) {
      case 'scalar':
        return this.#scalar(mapping)
      case 'xml':
        return this.#remember(mapping, new XmlCodec())
      case 'array': {
        const codec = this.#remember(mapping, this.#array(mapping))
        codec.item = this.#repeated(mapping.item)
        return codec
      }
      case 'polymorphic':
        return this.#polymorphic(mapping)
    }
  }

  object(mapping: ObjectMapping): ObjectCodec {
    const known = this.#objects.get(mapping)
    if (known) return known
    const codec = this.#newObject(mapping)
    this.#objects.set(mapping, codec)
    codec.attributes = mapping.attributes.map((attribute, index) => this.#attribute(attribute, index))
    if (mapping.text) {
      const { member, value } = mapping.text
      codec.text = {
        member: member.name,
        required: member.required,
        hidden: this.#isHidden(member),
        key: `${quote(member.name)}:`,
        value: this.#scalar(value),
        isName: isName(value),
      }
    }
    if (mapping.content) codec.content = this.#content(mapping.content)
    return codec
  }

  #array({ type: { encoded } }: ArrayMapping): ArrayCodec {
    if (!encoded?.array) return new ArrayCodec()
    const { rank } = encoded.array
    return rank === 0 ? new SliceCodec() : new SoapArrayCodec(rank, arrayAttributes(encoded, this.prefixes))
  }

  #newObject(mapping: ObjectMapping): ObjectCodec {
    const { encoded, name } = mapping.type
    if (!encoded) return new ObjectCodec(mapping)
    // Stacks name the types that the WSDL does not.
    const isLenient = this.encoding.lenient || !name
    if (!encoded.array) return new ObjectCodec(mapping, isLenient)
    return new SoapArrayObjectCodec(
      mapping,
      true,
      Math.max(1, encoded.array.rank),
      arrayAttributes(encoded, this.prefixes),
    )
  }

  #remember<T extends ValueCodec>(mapping: ValueMapping, codec: T): T {
    this.#values.set(mapping, codec)
    return codec
  }

  #isHidden(member: Member): boolean {
    return member.hidden && !this.complete
  }

  #scalar(mapping: ScalarMapping): ScalarCodec {
    const known = this.#values.get(mapping)
    if (known) return known as ScalarCodec
    return this.#remember(mapping, compileScalar(mapping))
  }

  #attribute(mapping: AttributeMapping, index: number): AttributeCodec {
    const hidden = this.#isHidden(mapping.member)
    return {
      mapping: { ...mapping, member: { ...mapping.member, hidden } },
      name: internName(clark(mapping.name)),
      key: `${quote(mapping.member.name)}:`,
      open: ` ${this.prefixes.qualified(mapping.name)}="`,
      value: this.#scalar(mapping.value),
      constraint: valueConstraint(mapping.value, mapping),
      prefix: isName(mapping.value) ? `a${index}` : undefined,
    }
  }

  #polymorphic(mapping: PolymorphicMapping): PolymorphicCodec {
    const isEncoded = mapping.declared.encoded !== undefined
    const codec = this.#remember(mapping, new PolymorphicCodec(mapping, isEncoded && this.encoding.lenient))
    codec.complete(
      mapping.alternatives.map((alternative) => ({
        alternative,
        attribute:
          (alternative.isDeclared && !isEncoded) || !alternative.typeName
            ? ''
            : ` xsi:type="${this.prefixes.qualified(alternative.typeName)}"`,
        object: this.object(alternative.mapping),
        member: `${quote(mapping.discriminator)}:${quote(alternative.value)}`,
      })),
    )
    return codec
  }

  #content(mapping: ContentMapping): ContentCodec {
    switch (mapping.kind) {
      case 'element':
        return this.#element(mapping)
      case 'any':
        return new WildcardCodec(mapping)
      default:
        return this.#group(mapping)
    }
  }

  #group(mapping: GroupMapping): ContentCodec {
    const { member } = mapping
    if (!member) return this.#occurrence(mapping)
    const once = this.#occurrence({ ...mapping, minOccurs: 1, maxOccurs: 1 })
    if (this.#isHidden(member)) return new HiddenGroupCodec(mapping, once)
    return new RepeatedGroupCodec(mapping, member.name, once)
  }

  #occurrence(mapping: GroupMapping): ContentCodec {
    const particles = mapping.particles.map((particle) => this.#content(particle))
    if (mapping.kind === 'choice') return new ChoiceCodec(mapping, particles)
    return mapping.kind === 'all' ? new AllCodec(mapping, particles) : new SequenceCodec(mapping, particles)
  }

  #element(mapping: ElementMapping): ContentCodec {
    const plain = this.#tagOf(mapping)
    const { blockAttributes = '' } = mapping
    const tag = blockAttributes === '' ? plain : { ...plain, open: plain.open + blockAttributes }
    if (mapping.flattened && mapping.value.kind === 'object') {
      return new FlattenedCodec(mapping, tag, this.object(mapping.value))
    }
    if (this.#isHidden(mapping.member)) return new HiddenElementCodec(mapping, tag)
    if (mapping.maxOccurs > 1) return this.#repeated(mapping)
    return new ElementCodec(mapping, tag, this.#valueOf(mapping))
  }

  #tagOf({ name, accessor, value }: ElementMapping): Tag {
    return this.tag(name, value.kind === 'polymorphic' ? undefined : accessor?.type)
  }

  #valueOf(mapping: ElementMapping): ValueCodec {
    const { accessor, value } = mapping
    if (value.kind !== 'scalar') return this.value(value)
    const scalar = this.#scalar(value)
    const constraint = scalar.isBinary || isName(value) ? undefined : valueConstraint(value, mapping)
    const constrained = constraint ? new ConstrainedScalarCodec(scalar, constraint) : scalar
    return accessor ? new EncodedScalarCodec(value, constrained, this.encoding.lenient) : constrained
  }

  #repeated(mapping: ElementMapping): RepeatedElementCodec {
    return new RepeatedElementCodec(mapping, this.#tagOf(mapping), this.#valueOf(mapping))
  }
}

function isName({ type }: ScalarMapping): boolean {
  return type.builtIn === 'QName' && type.variety === 'atomic'
}
