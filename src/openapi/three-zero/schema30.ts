/** A Schema Object of OpenAPI 3.0, while it is made. */
export type Schema30 = Record<string, unknown>

/** Asks for all of several schemas, beside what is asked for already. */
export function requireAll(out: Schema30, schemas: readonly Schema30[]): void {
  const before = (out.allOf ?? []) as readonly unknown[]
  out.allOf = [...before, ...schemas]
}

/** Adds an applicator; where there is one of its kind already, both hold. */
export function requireAlso(out: Schema30, keyword: 'anyOf' | 'oneOf' | 'not', value: unknown): void {
  if (out[keyword] === undefined) out[keyword] = value
  else requireAll(out, [{ [keyword]: value }])
}
