import {
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
import { internName } from '../xml/names.js'
import { ArrayCodec } from './array.js'
import { type ContentCodec, type Tag, type ValueCodec } from './codec.js'
import { ElementCodec } from './element.js'
import { FlattenedCodec } from './flattened.js'
import { HiddenElementCodec } from './hidden-element.js'
import { RepeatedElementCodec } from './repeated-element.js'
import { AllCodec, ChoiceCodec, SequenceCodec } from './group.js'
import { type AttributeCodec, ObjectCodec } from './object.js'
import { PolymorphicCodec } from './polymorphic.js'
import { type Prefixes } from './prefixes.js'
import { HiddenGroupCodec, RepeatedGroupCodec } from './repeated-group.js'
import { compileScalar, type ScalarCodec } from './scalar.js'
import { WildcardCodec } from './wildcard.js'
import { XmlCodec } from './xml.js'

/**
 * Compiles mappings into codecs, each once. Codecs are registered before what they contain is compiled, so
 * that recursion of any shape ends.
 */
export class Compiler {
  readonly #values = new Map<ValueMapping, ValueCodec>()
  readonly #objects = new Map<ObjectMapping, ObjectCodec>()

  /** @param complete whether hidden members are codecs too: for samples and simulated answers */
  constructor(
    readonly prefixes: Prefixes,
    readonly complete = false,
  ) {}

  tag(name: QName): Tag {
    const qualified = this.prefixes.qualified(name)
    return { open: `<${qualified}`, close: `</${qualified}>`, localName: name.localName, name: clark(name) }
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
        const codec = this.#remember(mapping, new ArrayCodec())
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
    const codec = new ObjectCodec(mapping)
    this.#objects.set(mapping, codec)
    codec.attributes = mapping.attributes.map((attribute) => this.#attribute(attribute))
    if (mapping.text) {
      const { member, value } = mapping.text
      codec.text = {
        member: member.name,
        required: member.required,
        hidden: this.#isHidden(member),
        key: `${quote(member.name)}:`,
        value: this.#scalar(value),
      }
    }
    if (mapping.content) codec.content = this.#content(mapping.content)
    return codec
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

  #attribute(mapping: AttributeMapping): AttributeCodec {
    const hidden = this.#isHidden(mapping.member)
    return {
      mapping: { ...mapping, member: { ...mapping.member, hidden } },
      name: internName(clark(mapping.name)),
      key: `${quote(mapping.member.name)}:`,
      open: ` ${this.prefixes.qualified(mapping.name)}="`,
      value: this.#scalar(mapping.value),
    }
  }

  #polymorphic(mapping: PolymorphicMapping): PolymorphicCodec {
    const codec = this.#remember(mapping, new PolymorphicCodec(mapping))
    codec.complete(
      mapping.alternatives.map((alternative) => ({
        alternative,
        attribute:
          alternative.isDeclared || !alternative.typeName
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
    const tag = this.tag(mapping.name)
    if (mapping.flattened && mapping.value.kind === 'object') {
      return new FlattenedCodec(mapping, tag, this.object(mapping.value))
    }
    if (this.#isHidden(mapping.member)) return new HiddenElementCodec(mapping, tag)
    if (mapping.maxOccurs > 1) return this.#repeated(mapping)
    return new ElementCodec(mapping, tag, this.value(mapping.value))
  }

  #repeated(mapping: ElementMapping): RepeatedElementCodec {
    return new RepeatedElementCodec(mapping, this.tag(mapping.name), this.value(mapping.value))
  }
}
