import { clark, type QName } from '../base/qname.js'
import { quote } from '../json/write.js'
import { planOf } from '../mapping/canonical/content-plan.js'
import { ownElementsOf } from '../mapping/canonical/content-walk.js'
import { formOfNil } from '../mapping/canonical/nil.js'
import type {
  ArrayMapping,
  AttributeMapping,
  ContentMapping,
  DocumentMapping,
  ElementMapping,
  GroupMapping,
  Member,
  ObjectMapping,
  PolymorphicMapping,
  ScalarMapping,
  TextMapping,
  ValueMapping,
} from '../mapping/canonical/value-mapping.js'
import type { BodyMapping } from '../mapping/operation/mapping.js'
import { MessageNamespaces } from '../mapping/operation/namespaces.js'
import { type EncodingOptions, strictEncoding } from '../soap/encoding/message.js'
import { internName } from '../xml/names.js'
import { madeType } from '../xsd/model/made-type.js'
import type { TimeZone } from '../xsd/values/time-zone.js'
import type { ContentCodec, Tag, ValueCodec } from './codec.js'
import { AllCodec, ChoiceCodec, SequenceCodec } from './content/group.js'
import { PlannedContentCodec } from './content/planned-content.js'
import { HiddenGroupCodec, RepeatedGroupCodec } from './content/repeated-group.js'
import { WildcardCodec } from './content/wildcard.js'
import { XmlCodec } from './content/xml.js'
import { DocumentCodec } from './document.js'
import { ElementCodec } from './elements/element.js'
import { Occurrence } from './elements/element-site.js'
import { HiddenElementCodec } from './elements/hidden.js'
import { ImpossibleElementCodec } from './elements/impossible.js'
import { RepeatedElementCodec } from './elements/repeated.js'
import { jsonKey } from './json/text.js'
import { Leniency } from './leniency.js'
import { type Branch, BranchNameCodec } from './objects/branch-name.js'
import { FlagCodec, PresenceCodec } from './objects/flag.js'
import { FlattenedCodec } from './objects/flattened.js'
import { type AttributeCodec, ObjectCodec, type ObjectParts } from './objects/object.js'
import { PolymorphicCodec } from './objects/polymorphic.js'
import { Prefixes } from './prefixes.js'
import { PlacesOfContents } from './repair/repair.js'
import { ArrayCodec } from './soap-encoding/array.js'
import {
  arrayAttributes,
  SliceCodec,
  SoapArrayCodec,
  SoapArrayObjectCodec,
} from './soap-encoding/soap-array.js'
import { EncodedScalarCodec } from './values/encoded-scalar.js'
import { escaped } from './values/escaped.js'
import { compileScalar } from './values/scalar.js'
import type { ScalarCodec } from './values/scalar-codec.js'
import {
  constrainedAttribute,
  constrainedElement,
  ConstrainedScalarCodec,
  ValueConstraint,
  valueConstraint,
} from './values/value-constraint.js'

/**
 * Compiles mappings into codecs, each once, and what they contain when it is first needed: recursion of any shape ends,
 * and a message waits for the types alone that it has.
 */
export class Compiler {
  readonly #values = new Map<ValueMapping, ValueCodec>()
  readonly #objects = new Map<ObjectMapping, ObjectCodec>()
  /** Makes what a codec contains; of those that nobody has asked for. */
  readonly #uncompiled = new Set<() => void>()
  readonly complete: boolean
  readonly encoding: EncodingOptions
  readonly #namespaces: MessageNamespaces
  readonly #timeZone: TimeZone | undefined
  readonly leniency: Leniency
  /** For what the leniency repairs. */
  readonly places = new PlacesOfContents()

  /**
   * @param complete whether hidden members are codecs too: for samples and simulated responses
   * @param encoding how messages of SOAP encoding are read
   * @param timeZone what local times of the backend are in
   * @param leniency what responses are forgiven
   */
  constructor(
    readonly prefixes: Prefixes,
    {
      complete = false,
      encoding = strictEncoding,
      timeZone,
      leniency = new Leniency(),
    }: {
      readonly complete?: boolean
      readonly encoding?: EncodingOptions
      readonly timeZone?: TimeZone | undefined
      readonly leniency?: Leniency
    } = {},
  ) {
    this.complete = complete
    this.#namespaces = new MessageNamespaces({ complete })
    this.encoding = encoding
    this.#timeZone = timeZone
    this.leniency = leniency
  }

  /** @param type what xsi:type says of it */
  tag(name: QName, type?: QName): Tag {
    const qualified = this.prefixes.qualified(name)
    return {
      open: `<${qualified}${this.#typed(type)}`,
      close: `</${qualified}>`,
      localName: name.localName,
      name: clark(name),
    }
  }

  /** @returns declarations of the prefixes that messages of the mappings may use, each with a space before it */
  declarations(...bodies: readonly BodyMapping[]): string {
    return this.prefixes.declarations(this.#namespaces.of(...bodies))
  }

  #typed(type: QName | undefined): string {
    return type ? ` xsi:type="${this.prefixes.qualified(type)}"` : ''
  }

  /** Compiles all that the codecs made so far can lead to. */
  warmUp(): void {
    // Compiling one adds others, which are met on the way.
    for (const compile of this.#uncompiled) compile()
  }

  /** @returns what makes the parts of a codec, which is known until it has been asked */
  #later<T>(codec: () => unknown, compile: () => T): () => T {
    const touch = (): void => {
      codec()
    }
    this.#uncompiled.add(touch)
    return () => {
      this.#uncompiled.delete(touch)
      return compile()
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
        const item = this.#later(
          (): unknown => codec.item,
          () => this.#repeated(mapping.item),
        )
        const codec: ArrayCodec = this.#remember(mapping, this.#array(mapping, item))
        return codec
      }
      case 'polymorphic':
        return this.#polymorphic(mapping)
      case 'document':
        return this.#document(mapping)
    }
  }

  /** A document has prefixes and declarations of its own; strict, whatever the envelope around it is forgiven. */
  #document(mapping: DocumentMapping): DocumentCodec {
    const { root } = mapping
    const element = this.#later(
      (): unknown => codec.element,
      () => {
        const object = {
          kind: 'object' as const,
          type: madeType('sequence', [], root.at),
          attributes: [],
          content: root,
        }
        const namespaces = this.#namespaces.of({ wrapper: undefined, object })
        // They come in an order that depends on what was asked before, and on which types the operations share.
        const prefixes = new Prefixes([...namespaces].toSorted())
        const inner = new Compiler(prefixes, { complete: this.complete, timeZone: this.#timeZone })
        const tag = inner.tag(root.name)
        const declared = { ...tag, open: tag.open + prefixes.declarations(namespaces) }
        const occurrence = new Occurrence(root, declared, inner.value(root.value))
        inner.warmUp()
        return occurrence
      },
    )
    const text = this.#scalar(mapping.text)
    const codec: DocumentCodec = this.#remember(
      mapping,
      new DocumentCodec(mapping, text, { maxLength: this.encoding.maxLength, element }),
    )
    return codec
  }

  object(mapping: ObjectMapping): ObjectCodec {
    const known = this.#objects.get(mapping)
    if (known) return known
    const parts = this.#later(
      (): unknown => codec.parts,
      () => this.#parts(mapping),
    )
    const codec: ObjectCodec = this.#newObject(mapping, parts)
    this.#objects.set(mapping, codec)
    return codec
  }

  #parts(mapping: ObjectMapping): ObjectParts {
    return {
      attributes: mapping.attributes.map((attribute, index) => this.#attribute(attribute, index)),
      text: mapping.text && this.#text(mapping.text),
      content: mapping.content && this.#contentOf(mapping.content),
    }
  }

  #text(mapping: TextMapping): ObjectParts['text'] {
    const { member } = mapping
    const value = this.#scalar(mapping.value)
    const constraint = valueConstraint(mapping.value, mapping)
    return {
      member: member.name,
      hidden: this.#isHidden(member),
      key: jsonKey(member.name),
      value,
      constrained: constraint && new ConstrainedScalarCodec(value, constraint),
    }
  }

  #contentOf(mapping: ContentMapping): ContentCodec {
    const content = this.#content(mapping)
    const plan = planOf(mapping)
    return plan.kind === 'matcher' ? new PlannedContentCodec(content, plan.matcher) : content
  }

  #array({ type: { encoded } }: ArrayMapping, item: () => RepeatedElementCodec): ArrayCodec {
    if (!encoded?.array) return new ArrayCodec(item)
    const { rank } = encoded.array
    return rank === 0
      ? new SliceCodec(item)
      : new SoapArrayCodec(rank, arrayAttributes(encoded, this.prefixes), item)
  }

  #newObject(mapping: ObjectMapping, parts: () => ObjectParts): ObjectCodec {
    const { encoded, name } = mapping.type
    if (!encoded) return new ObjectCodec(mapping, parts)
    // Stacks name the types that the WSDL does not.
    const isLenient = this.encoding.lenient || !name
    if (!encoded.array)
      return new ObjectCodec(mapping, parts, { isLenient, ...(name && { leniency: this.leniency }) })
    return new SoapArrayObjectCodec(mapping, parts, {
      isLenient: true,
      rank: Math.max(1, encoded.array.rank),
      arrayAttributes: arrayAttributes(encoded, this.prefixes),
    })
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
    return this.#remember(mapping, compileScalar(mapping, this.#timeZone))
  }

  #attribute(mapping: AttributeMapping, index: number): AttributeCodec {
    const hidden = this.#isHidden(mapping.member)
    const value = this.#scalar(mapping.value)
    const constraint = valueConstraint(mapping.value, mapping)
    const open = ` ${this.prefixes.qualified(mapping.name)}="`
    const prefix = `a${index}`
    return {
      mapping: { ...mapping, member: { ...mapping.member, hidden } },
      name: internName(clark(mapping.name)),
      key: jsonKey(mapping.member.name),
      open,
      value,
      constraint,
      prefix,
      fixed: constraint?.isFixed ? constrainedAttribute(constraint, value, { open, prefix }) : undefined,
    }
  }

  #polymorphic(mapping: PolymorphicMapping): PolymorphicCodec {
    const isEncoded = mapping.declared.encoded !== undefined
    const codec = this.#remember(
      mapping,
      new PolymorphicCodec(mapping, {
        isLenient: isEncoded && this.encoding.lenient,
        leniency: this.leniency,
      }),
    )
    codec.complete(
      mapping.alternatives.map((alternative) => ({
        alternative,
        attribute: alternative.isDeclared && !isEncoded ? '' : this.#typed(alternative.typeName),
        object: this.object(alternative.mapping),
        key: jsonKey(mapping.discriminator),
        value: quote(alternative.value),
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
      case 'sequence':
      case 'choice':
      case 'all':
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
    if (mapping.impossible) return new ImpossibleElementCodec(mapping, tag)
    if (this.#isHidden(mapping.member)) {
      return new HiddenElementCodec(mapping, tag, this.#fixed(mapping, tag))
    }
    if (mapping.branches && mapping.value.kind === 'scalar')
      return new BranchNameCodec(mapping, this.#branches(mapping.branches), this.#scalar(mapping.value))
    if (mapping.maxOccurs > 1) return this.#repeated(mapping)
    if (mapping.flag && mapping.value.kind === 'scalar') {
      const value = new PresenceCodec(this.object(mapping.flag), this.#scalar(mapping.value))
      return new FlagCodec(mapping, tag, { value })
    }
    return new ElementCodec(mapping, tag, {
      value: this.#valueOf(mapping),
      fixed: this.#fixed(mapping, tag),
    })
  }

  #branches(choice: GroupMapping): ReadonlyMap<string, Branch> {
    return new Map(
      ownElementsOf(choice).flatMap((element) =>
        element.flag
          ? [
              [
                internName(clark(element.name)),
                { tag: this.tag(element.name), object: this.object(element.flag) },
              ],
            ]
          : [],
      ),
    )
  }

  /** The element where nothing is said of it, its value being fixed. */
  #fixed({ fixed, value }: ElementMapping, tag: Tag): string | undefined {
    if (fixed === undefined) return undefined
    if (value.kind !== 'scalar') return `${tag.open}>${escaped(fixed)}${tag.close}`
    const constraint = new ValueConstraint(value, fixed, { isFixed: true })
    return constrainedElement(constraint, this.#scalar(value), tag)
  }

  #tagOf({ name, accessor, value, nillable }: ElementMapping): Tag {
    const tag = this.tag(name, value.kind === 'polymorphic' ? undefined : accessor?.type)
    const form = nillable ? formOfNil(value) : undefined
    return form ? { ...tag, nil: `${this.#typed(accessor ? undefined : form.type)} xsi:nil="true"` } : tag
  }

  #valueOf(mapping: ElementMapping): ValueCodec {
    const { accessor, value } = mapping
    if (value.kind !== 'scalar') return this.value(value)
    const scalar = this.#scalar(value)
    const constraint = valueConstraint(value, mapping)
    const constrained = constraint ? new ConstrainedScalarCodec(scalar, constraint) : scalar
    return accessor
      ? new EncodedScalarCodec(value, constrained, {
          isLenient: this.encoding.lenient,
          leniency: this.leniency,
        })
      : constrained
  }

  #repeated(mapping: ElementMapping): RepeatedElementCodec {
    return new RepeatedElementCodec(mapping, this.#tagOf(mapping), this.#valueOf(mapping))
  }
}
