import type { OpenApiObject } from '../../src/openapi/document.js'

type Schema = Readonly<Record<string, unknown>>

/** A value that breaks its schema in one place. */
export interface SingleFault {
  readonly value: unknown
  /** JSON pointer to the place. */
  readonly pointer: string
  /** The keyword that is broken. */
  readonly kind: string
}

/**
 * Breaks values that satisfy a schema, one keyword in one place at a time, by the keywords that the repository's own
 * contract uses. It reads nothing but the document.
 */
export class SingleFaults {
  constructor(private readonly document: OpenApiObject) {}

  /** @param value satisfies the schema */
  *of(schema: unknown, value: unknown, pointer = ''): Generator<SingleFault> {
    const { oneOf, anyOf, ...own } = this.resolve(schema)
    const alternatives = [oneOf ?? anyOf ?? []].flat()
    const types = [own.type].flat()
    if (own.type !== undefined) {
      yield { value: ofOtherType(types), pointer, kind: 'type' }
      if (!types.includes('null')) yield { value: null, pointer, kind: 'null' }
    }
    if (own.enum !== undefined)
      yield { value: typeof value === 'string' ? 'no-such-value' : -1, pointer, kind: 'enum' }
    if (own.const !== undefined) yield { value: 'no-such-value', pointer, kind: 'const' }
    if (alternatives.length > 0) yield* this.#alternativeFaults(own, alternatives, value, pointer)
    if (typeof value === 'string' && own.enum === undefined) yield* textFaults(own, pointer)
    if (typeof value === 'number') yield* numberFaults(own, pointer)
    if (Array.isArray(value)) yield* this.#arrayFaults(own, value, pointer)
    else if (typeof value === 'object' && value !== null) yield* this.#objectFaults(own, value, pointer)
  }

  /** References followed and `allOf` merged. */
  resolve(schema: unknown): Schema {
    const { $ref, allOf, ...own } = (schema ?? {}) as Schema
    const target = typeof $ref === 'string' ? this.resolve(this.#at($ref)) : {}
    const parts = [target, ...(Array.isArray(allOf) ? allOf.map((part) => this.resolve(part)) : []), own]
    const properties = Object.assign({}, ...parts.map((part) => part.properties ?? {})) as object
    const required = parts.flatMap((part) => (part.required ?? []) as string[])
    return { ...(Object.assign({}, ...parts) as Schema), properties, required }
  }

  *#alternativeFaults(
    { discriminator }: Schema,
    alternatives: readonly unknown[],
    value: unknown,
    pointer: string,
  ): Generator<SingleFault> {
    const all = alternatives.map((one) => this.resolve(one))
    const real = all.filter(({ type }) => type !== 'null')
    const needs = real.map(({ required }) => required as string[])
    const members = value as Readonly<Record<string, unknown>>
    if (real.every(({ type }) => type === undefined) && needs.every(([name]) => name !== undefined)) {
      const name = needs.flat().find((one) => Object.hasOwn(members, one)) ?? ''
      yield { value: without(members, name), pointer: `${pointer}/${name}`, kind: 'oneOf' }
      return
    }
    yield { value: ofOtherType(all.flatMap(({ type }) => type)), pointer, kind: 'oneOf' }
    if (value === null) return
    if (discriminator !== undefined) {
      const { propertyName, mapping } = discriminator as { propertyName: string; mapping: Schema }
      const place = `${pointer}/${propertyName}`
      yield { value: { ...members, [propertyName]: 'no-such-value' }, pointer: place, kind: 'discriminator' }
      yield { value: without(members, propertyName), pointer: place, kind: 'discriminator' }
      yield* this.of({ $ref: mapping[String(members[propertyName])] }, value, pointer)
    } else if (real.length === 1) {
      for (const fault of this.of(real[0], value, pointer)) {
        if (fault.pointer !== pointer || fault.value !== null || real.length === all.length) yield fault
      }
    }
  }

  *#arrayFaults(schema: Schema, value: readonly unknown[], pointer: string): Generator<SingleFault> {
    const { minItems, maxItems } = schema
    if (typeof minItems === 'number' && minItems > 0) {
      yield { value: value.slice(0, minItems - 1), pointer, kind: 'minItems' }
    }
    if (typeof maxItems === 'number' && maxItems < 200 && value.length > 0) {
      yield { value: Array.from({ length: maxItems + 1 }, () => value[0]), pointer, kind: 'maxItems' }
    }
    for (const [index, item] of value.entries()) {
      for (const fault of this.of(schema.items, item, `${pointer}/${index}`)) {
        yield { ...fault, value: value.with(index, fault.value) }
      }
    }
  }

  *#objectFaults(schema: Schema, value: object, pointer: string): Generator<SingleFault> {
    const members = value as Readonly<Record<string, unknown>>
    const properties = schema.properties as Readonly<Record<string, unknown>>
    for (const name of schema.required as string[]) {
      if (!Object.hasOwn(members, name) || this.resolve(properties[name]).readOnly === true) continue
      yield { value: without(members, name), pointer: `${pointer}/${name}`, kind: 'required' }
    }
    for (const kind of ['additionalProperties', 'unevaluatedProperties'] as const) {
      if (schema[kind] !== false) continue
      yield { value: { ...members, surplus: 1 }, pointer: `${pointer}/surplus`, kind }
    }
    if (Number(schema.minProperties) > 0) yield { value: {}, pointer, kind: 'minProperties' }
    const absent = Object.keys(properties).find((name) => !Object.hasOwn(members, name))
    if (schema.maxProperties === Object.keys(members).length && absent !== undefined) {
      yield { value: { ...members, [absent]: {} }, pointer, kind: 'maxProperties' }
    }
    for (const [name, member] of Object.entries(members)) {
      for (const fault of this.of(properties[name], member, `${pointer}/${name}`)) {
        yield { ...fault, value: { ...members, [name]: fault.value } }
      }
    }
  }

  #at(ref: string): unknown {
    const steps = ref.slice(2).split('/')
    return steps.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], this.document)
  }
}

function without(members: Readonly<Record<string, unknown>>, name: string): object {
  return Object.fromEntries(Object.entries(members).filter(([other]) => other !== name))
}

function ofOtherType(types: readonly unknown[]): unknown {
  const candidates: readonly (readonly [string, unknown])[] = [
    ['array', []],
    ['boolean', true],
    ['string', 'text'],
  ]
  return candidates.find(([type]) => !types.includes(type))?.[1]
}

function* textFaults(
  { minLength, maxLength, pattern, format }: Schema,
  pointer: string,
): Generator<SingleFault> {
  if (typeof minLength === 'number' && minLength > 0) yield { value: '', pointer, kind: 'minLength' }
  if (typeof maxLength === 'number') yield { value: 'x'.repeat(maxLength + 1), pointer, kind: 'maxLength' }
  if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test('\u00a7')) {
    yield { value: '\u00a7', pointer, kind: 'pattern' }
  }
  if (format === 'date') yield { value: '2026-02-30', pointer, kind: 'format' }
  if (format === 'date-time') yield { value: '2026-02-28T25:00:00Z', pointer, kind: 'format' }
  if (format === 'decimal') yield { value: '1,5', pointer, kind: 'format' }
}

function* numberFaults({ type, minimum, maximum }: Schema, pointer: string): Generator<SingleFault> {
  if (type === 'integer') yield { value: 0.5, pointer, kind: 'type' }
  if (typeof minimum === 'number') yield { value: minimum - 1, pointer, kind: 'minimum' }
  if (typeof maximum === 'number' && maximum < 2 ** 53) yield { value: maximum + 1, pointer, kind: 'maximum' }
}
