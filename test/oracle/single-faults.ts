import { type OpenApiObject } from '../../src/openapi/document.js'

type Schema = Readonly<Record<string, unknown>>

/** A value that breaks its schema in one place. */
export interface SingleFault {
  readonly value: unknown
  /** JSON pointer to the place. */
  readonly pointer: string
  readonly kind: string
}

/** Breaks values that satisfy a schema, one keyword in one place at a time. It reads nothing but the document. */
export class SingleFaults {
  constructor(private readonly document: OpenApiObject) {}

  /** @param value satisfies the schema */
  *of(schema: unknown, value: unknown, pointer = ''): Generator<SingleFault> {
    const { oneOf, anyOf, ...own } = this.resolve(schema)
    const types = [own.type].flat()
    if (own.type !== undefined) yield { value: ofOtherType(types), pointer, kind: 'type' }
    if (own.enum !== undefined)
      yield { value: typeof value === 'string' ? 'no-such-value' : -1, pointer, kind: 'enum' }
    if (oneOf !== undefined || anyOf !== undefined || value === null) return
    if (typeof value === 'string' && own.enum === undefined) yield* textFaults(own, pointer)
    if (typeof value === 'number') yield* numberFaults(own, pointer)
    if (Array.isArray(value)) yield* this.#arrayFaults(own, value, pointer)
    else if (typeof value === 'object') yield* this.#objectFaults(own, value, pointer)
  }

  /** References followed and `allOf` merged. */
  resolve(schema: unknown): Schema {
    if (typeof schema !== 'object' || schema === null) return {}
    const { $ref, allOf, ...own } = schema as Schema
    const target = typeof $ref === 'string' ? this.resolve(this.#at($ref)) : {}
    const parts = [target, ...(Array.isArray(allOf) ? allOf.map((part) => this.resolve(part)) : []), own]
    const properties = Object.assign({}, ...parts.map((part) => part.properties ?? {})) as object
    const required = parts.flatMap((part) => (part.required ?? []) as string[])
    return { ...(Object.assign({}, ...parts) as Schema), properties, required }
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

  *#objectFaults(schema: Schema, value: object | null, pointer: string): Generator<SingleFault> {
    const members = value as Readonly<Record<string, unknown>>
    const properties = schema.properties as Readonly<Record<string, unknown>>
    for (const name of schema.required as string[]) {
      if (!Object.hasOwn(members, name) || this.resolve(properties[name]).readOnly === true) continue
      const others = Object.entries(members).filter(([other]) => other !== name)
      yield { value: Object.fromEntries(others), pointer: `${pointer}/${name}`, kind: 'required' }
    }
    if (schema.additionalProperties === false) {
      yield { value: { ...members, surplus: 1 }, pointer: `${pointer}/surplus`, kind: 'additionalProperties' }
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
  if (type === 'integer') yield { value: 0.5, pointer, kind: 'integer' }
  if (typeof minimum === 'number') yield { value: minimum - 1, pointer, kind: 'minimum' }
  if (typeof maximum === 'number' && maximum < 2 ** 53) yield { value: maximum + 1, pointer, kind: 'maximum' }
}
