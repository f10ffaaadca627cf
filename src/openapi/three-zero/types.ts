import type { OpenApiObject } from '../document.js'
import { BY_TYPE } from './keywords.js'
import type { Schema30 } from './schema30.js'
import { hasType, listedValues, typeOf } from './values.js'

const ALL_TYPES = ['string', 'number', 'boolean', 'object', 'array', 'null']

/** A schema of `null` alone: `nullable` says something beside a type only, and the type matters to no value. */
export function nullSchema(): Schema30 {
  return { type: 'object', nullable: true, enum: [null] }
}

/** A schema that no value fits. */
export function nothing(): Schema30 {
  return { not: {} }
}

/** Writes `type`, `const` and `enum`: one type, `nullable`, and a list of values. */
export function writeTypes(schema: OpenApiObject, out: Schema30): void {
  const types = typesOf(schema)
  const listed = listedValues(schema)
  const values = types === undefined ? listed : listed?.filter((value) => hasType(value, types))
  if (values?.length === 0) {
    Object.assign(out, nothing())
    return
  }
  const real = (types ?? typesOfValues(values)).filter((type) => type !== 'null')
  const isNullable = values ? values.includes(null) : types?.includes('null') === true
  const isNull = isNullable && (values ?? [null]).every((value) => value === null)
  if (real.length === 0 && isNull) Object.assign(out, nullSchema())
  else if (real.length > 1) split(out, real, { isNullable })
  else if (real[0] !== undefined) Object.assign(out, { type: real[0], ...(isNullable && { nullable: true }) })
  if (values) out.enum = [...values]
  if (out.type === 'array') out.items ??= {}
}

/** Undefined where a value may be of any type. */
function typesOf({ type }: OpenApiObject): readonly string[] | undefined {
  if (typeof type === 'string') return [type]
  if (!Array.isArray(type)) return undefined
  const types = type.filter((each): each is string => typeof each === 'string')
  if (ALL_TYPES.every((each) => types.includes(each))) return undefined
  return types.includes('number') ? types.filter((each) => each !== 'integer') : types
}

/** The type of values that are alike; without one nothing need be said. */
function typesOfValues(values: readonly unknown[] = []): readonly string[] {
  const types = new Set(values.map(typeOf))
  if (types.has('number')) types.delete('integer')
  const real = [...types].filter((type) => type !== 'null')
  return real.length > 1 ? [] : [...types]
}

/** Several types become alternatives, each with the keywords that look at its values. */
function split(
  out: Schema30,
  types: readonly string[],
  { isNullable }: { readonly isNullable: boolean },
): void {
  const branches = types.map((type, index): Schema30 => {
    const branch: Schema30 = { type, ...(isNullable && index === 0 && { nullable: true }) }
    for (const keyword of BY_TYPE.get(type === 'integer' ? 'number' : type) ?? []) {
      if (out[keyword] !== undefined) branch[keyword] = out[keyword]
    }
    if (type === 'array') branch.items ??= {}
    return branch
  })
  for (const keyword of [...BY_TYPE.values()].flat()) Reflect.deleteProperty(out, keyword)
  out.anyOf = branches
}
