import { readSchemaAnnotation } from '../../annotation/schema/schema.js'
import type { DiagnosticCode } from '../../base/diagnostic/code.js'
import type { Diagnostics, SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { clark } from '../../base/qname.js'
import type { Located, OpenApiDocument } from '../../openapi/document.js'
import type { SchemaView } from '../../openapi/schema-view.js'
import { schemaName } from '../canonical/member-names.js'
import { formOfNil } from '../canonical/nil.js'
import type {
  Alternative,
  ArrayMapping,
  ElementMapping,
  ObjectMapping,
  PolymorphicMapping,
  ScalarMapping,
  ValueMapping,
} from '../canonical/value-mapping.js'
import { fitDocument } from './document.js'
import { type DocumentSchemas, noDocuments } from './document-schemas.js'
import type { Direction, Fitting } from './fitting.js'
import type { MemberSpec } from './member-spec.js'
import { fitMembers } from './members.js'
import { fitScalar } from './scalar.js'
import { SchemaViews } from './schema-views.js'

/**
 * Fits the schemas of an OpenAPI document onto the canonical mappings of a WSDL: gives members the names,
 * forms and places that the contract asks for. What cannot be honoured is reported with both places.
 */
export class ContractFitting implements Fitting {
  readonly #done = new Map<ValueMapping, Map<string, ValueMapping>>()
  readonly #scalars = new Map<ScalarMapping, Map<SchemaView, ScalarMapping>>()
  /** What is left to fit, the next one last: types lead into one another as deep as a schema likes. */
  #pending: (() => void)[] = []
  readonly #alternativesByName = new WeakMap<PolymorphicMapping, ReadonlyMap<string, Alternative>>()
  readonly #views: SchemaViews
  #isFitting = false
  #hasDocuments = false

  constructor(
    readonly document: OpenApiDocument,
    readonly direction: Direction,
    readonly diagnostics: Diagnostics,
    readonly documents: DocumentSchemas = noDocuments,
    views = new SchemaViews(document, diagnostics),
  ) {
    this.#views = views
  }

  /** Whether any text was fitted that is a document of its own. */
  get hasDocuments(): boolean {
    return this.#hasDocuments
  }

  view(schema: Located): SchemaView {
    return this.#views.of(schema)
  }

  value(canonical: ValueMapping, schema: Located, at: SourceLocation): ValueMapping {
    return this.#fitted(() => this.#value(canonical, schema, at))
  }

  /** Fits a value, and then all that it leads to, in the order of the contract. */
  #fitted<T>(fit: () => T): T {
    if (this.#isFitting) return fit()
    this.#isFitting = true
    try {
      const fitted = fit()
      const order = this.#pending.toReversed()
      for (let next = order.pop(); next; next = order.pop()) {
        this.#pending = []
        next()
        for (const inner of this.#pending.toReversed()) order.push(inner)
      }
      return fitted
    } finally {
      this.#pending = []
      this.#isFitting = false
    }
  }

  #value(canonical: ValueMapping, schema: Located, at: SourceLocation): ValueMapping {
    const view = this.view(schema)
    const { content } = readSchemaAnnotation(view)
    if (content) return fitDocument(this, canonical, content, { view, at })
    return this.known(canonical, view.pointer) ?? this.viewed(canonical, view, at)
  }

  viewed(canonical: ValueMapping, view: SchemaView, at: SourceLocation): ValueMapping {
    switch (canonical.kind) {
      case 'scalar':
        return this.#scalar(canonical, view, at)
      case 'document':
        return canonical
      case 'xml':
        this.expectType(view, 'string', at, 'xs:anyType or mixed content is the XML text itself')
        return canonical
      case 'array':
        return this.#array(canonical, view, at)
      case 'polymorphic':
        return this.#polymorphic(canonical, view, at)
      case 'object':
        return this.object(canonical, view, at)
    }
  }

  /** What is said of its place is the same for all that refer to the schema. */
  #scalar(canonical: ScalarMapping, view: SchemaView, at: SourceLocation): ScalarMapping {
    const ofCanonical = this.#scalars.get(canonical) ?? new Map<SchemaView, ScalarMapping>()
    const known = ofCanonical.get(view)
    if (known) return known
    const mapping = fitScalar(this, canonical, view, at)
    this.#scalars.set(canonical, ofCanonical.set(view, mapping))
    return mapping
  }

  object(canonical: ObjectMapping, view: SchemaView, at: SourceLocation): ObjectMapping {
    if (!this.expectType(view, 'object', at, 'the XSD type has members')) return canonical
    const mapping: ObjectMapping = { kind: 'object', type: canonical.type, attributes: [] }
    this.remember(canonical, view.pointer, mapping)
    this.#warnOfAttributes(canonical.type, view)
    const place = { at: this.document.locate(view.pointer), certain: true }
    const { minProperties } = view.keywords
    this.#pending.push(() => {
      Object.assign(mapping, fitMembers(this, canonical, this.specs(view), place), {
        ...(typeof minProperties === 'number' && { minMembers: minProperties }),
      })
    })
    return mapping
  }

  #warnOfAttributes({ name, attributeWildcard, at }: ObjectMapping['type'], view: SchemaView): void {
    if (!attributeWildcard || this.direction === 'request') return
    this.diagnostics.warning(
      'attributes-dropped',
      `The XSD lets ${name?.localName ?? 'the type'} have attributes of any name; those that it does not declare are left out of responses.`,
      this.document.locate(view.pointer),
      [{ message: 'xs:anyAttribute is of this type', at }],
    )
  }

  specs(view: SchemaView): MemberSpec[] {
    return [...view.properties].map(([name, schema]) => {
      return { name, schema, view: this.view(schema), required: view.required.has(name) }
    })
  }

  mismatch(
    pointer: string,
    message: string,
    at: SourceLocation,
    code: DiagnosticCode = 'schema-mismatch',
  ): void {
    this.diagnostics.error(code, message, this.document.locate(pointer), [
      { message: 'the XSD declares it here', at },
    ])
  }

  expectType(view: SchemaView, type: string, at: SourceLocation, because: string): boolean {
    const { types } = view
    const allowed = types.has(type) || (type === 'integer' && types.has('number')) || types.size === 0
    if (!allowed) {
      this.mismatch(
        view.pointer,
        `The schema says ${[...types].join(', ')}; it must be ${type}: ${because}.`,
        at,
      )
    }
    return allowed
  }

  known(canonical: ValueMapping, key: string): ValueMapping | undefined {
    return this.#done.get(canonical)?.get(key)
  }

  remember(canonical: ValueMapping, key: string, mapping: ValueMapping): void {
    if (mapping.kind === 'document') this.#hasDocuments = true
    const known = this.#done.get(canonical)
    if (known) known.set(key, mapping)
    else this.#done.set(canonical, new Map([[key, mapping]]))
  }

  /** A list of elements: a plain array, or an object with an array for those who want room for more. */
  #array(canonical: ArrayMapping, view: SchemaView, at: SourceLocation): ValueMapping {
    if (view.types.has('object')) {
      const content = canonical.item
      return this.object({ kind: 'object', type: canonical.type, attributes: [], content }, view, at)
    }
    if (!this.expectType(view, 'array', at, 'the XSD type is a list of elements') || !view.items)
      return canonical
    const mapping = { kind: 'array' as const, type: canonical.type, item: canonical.item }
    this.remember(canonical, view.pointer, mapping)
    const { items } = view
    this.#pending.push(() => {
      Object.assign(mapping, { item: this.item(canonical.item, items) })
    })
    return mapping
  }

  item(element: ElementMapping, items: Located): ElementMapping {
    const view = this.view(items)
    if (view.xml.name !== undefined && view.xml.name !== element.name.localName) {
      this.mismatch(
        view.pointer,
        `The items are elements ${element.name.localName}, not ${view.xml.name}.`,
        element.at,
      )
    }
    this.checkNull(element, view)
    return {
      ...element,
      member: { ...element.member, nullable: view.nullable },
      value: this.value(element.value, items, element.at),
    }
  }

  checkNull(element: ElementMapping, view: SchemaView): void {
    if (this.direction === 'request' && view.nullable && !element.nillable) {
      this.mismatch(
        view.pointer,
        `The schema allows null, but ${element.name.localName} is not nillable.`,
        element.at,
        'null-mismatch',
      )
    }
    const isSendable = formOfNil(element.value) !== undefined
    if (this.direction === 'request' && view.nullable && element.nillable && !isSendable) {
      const message = `null cannot be sent, such a request is a 422: ${element.name.localName} has required attributes, which null leaves no place for.`
      const declared = { message: 'the XSD declares it here', at: element.at }
      this.diagnostics.warning('null-mismatch', message, this.document.locate(view.pointer), [declared])
    }
    if (this.direction === 'response' && element.member.nullable && !view.nullable) {
      this.mismatch(
        view.pointer,
        `${element.name.localName} is nillable: the schema must allow null.`,
        element.at,
        'null-mismatch',
      )
    }
  }

  #polymorphic(canonical: PolymorphicMapping, view: SchemaView, at: SourceLocation): ValueMapping {
    if (view.alternatives.length === 0) return this.#declaredOnly(canonical, view, at)
    if (!view.discriminator) {
      this.mismatch(view.pointer, 'A choice of XSD types needs a discriminator.', at)
      return canonical
    }
    const mapping = {
      kind: 'polymorphic' as const,
      declared: canonical.declared,
      discriminator: view.discriminator.propertyName,
      alternatives: [] as Alternative[],
    }
    this.remember(canonical, view.pointer, mapping)
    for (const located of view.alternatives) {
      const alternative = this.#alternative(canonical, located, view, at)
      if (alternative) mapping.alternatives.push(alternative)
    }
    return mapping
  }

  #alternative(
    canonical: PolymorphicMapping,
    located: Located,
    parent: SchemaView,
    at: SourceLocation,
  ): Alternative | undefined {
    const view = this.view(located)
    const wanted = readSchemaAnnotation(view).type ?? view.componentName
    const found = wanted === undefined ? undefined : this.#namesOf(canonical).get(wanted)
    if (!found) {
      const names = canonical.alternatives.map((candidate) => candidate.typeName?.localName ?? '(anonymous)')
      this.mismatch(
        view.pointer,
        `No XSD type ${wanted ?? ''} here; there are ${names.join(', ')}. Name one with x-soap: { type: … }.`,
        at,
      )
      return undefined
    }
    const discriminator = parent.discriminator?.propertyName ?? ''
    const value =
      parent.discriminator?.valueOf.get(view.pointer) ??
      this.#constant(view, discriminator) ??
      view.componentName ??
      found.value
    const properties = new Map([...view.properties].filter(([name]) => name !== discriminator))
    const without = { ...view, pointer: `${view.pointer}#${discriminator}`, properties }
    return { ...found, value, mapping: this.object(found.mapping, without, at) }
  }

  /** What a contract may call each type by. */
  #namesOf(canonical: PolymorphicMapping): ReadonlyMap<string, Alternative> {
    const known = this.#alternativesByName.get(canonical)
    if (known) return known
    const byName = new Map<string, Alternative>()
    for (const alternative of canonical.alternatives) {
      const { typeName } = alternative
      if (!typeName) continue
      for (const name of [typeName.localName, clark(typeName), schemaName(typeName.localName)])
        if (!byName.has(name)) byName.set(name, alternative)
    }
    this.#alternativesByName.set(canonical, byName)
    return byName
  }

  /** The one value that a schema allows for a member. */
  #constant(view: SchemaView, member: string): string | undefined {
    const property = view.properties.get(member)
    if (!property) return undefined
    const { keywords } = this.view(property)
    const only: unknown =
      Array.isArray(keywords.enum) && keywords.enum.length === 1 ? keywords.enum[0] : keywords.const
    return typeof only === 'string' ? only : undefined
  }

  #declaredOnly(canonical: PolymorphicMapping, view: SchemaView, at: SourceLocation): ValueMapping {
    const declared = canonical.alternatives.find((alternative) => alternative.isDeclared)
    if (!declared) {
      this.mismatch(
        view.pointer,
        'The XSD type is abstract: the schema must be a oneOf with a discriminator.',
        at,
      )
      return canonical
    }
    return this.object(declared.mapping, view, at)
  }
}
