import type { GraphQLFieldConfig } from 'graphql'
import { isJsonObject, type JsonValue } from '../json/value.js'
import type { CallContext, Context } from './call-context.js'

/** Asks an operation, for a field of an object, or for one at the root. @param given arguments of the field, coerced */
export type Call = (
  given: Readonly<Record<string, unknown>>,
  calls: CallContext,
  source: JsonValue,
) => Promise<JsonValue>

/** A field that calls an operation. */
export class OperationWork {
  constructor(
    readonly operationId: string,
    readonly call: Call,
  ) {}
}

/** A field that is read off its object, whatever the arguments and the request; of a union, the name of the type that a value has. */
export class ReadWork {
  constructor(readonly read: (source: JsonValue) => unknown) {}
}

const WORK = 'soapstone'

type Extensions = Readonly<Record<string, unknown>>

/** What a field or a union does, for those who look at a query before it is executed; undefined for those of GraphQL itself. */
export function workOf({
  extensions,
}: {
  readonly extensions: Extensions
}): OperationWork | ReadWork | undefined {
  const work = extensions[WORK]
  return work instanceof OperationWork || work instanceof ReadWork ? work : undefined
}

export function extensionsOf(work: OperationWork | ReadWork): Extensions {
  return { [WORK]: work }
}

type Behaviour = Pick<GraphQLFieldConfig<JsonValue, Context>, 'resolve' | 'extensions'>

/** Of a field that is read off its object. */
export function reads(read: (source: JsonValue) => unknown): Behaviour {
  return { resolve: read, extensions: extensionsOf(new ReadWork(read)) }
}

/** Of a field that is a member of its object. */
export function readsMember(member: string): Behaviour {
  // What every object inherits is no member: `constructor`.
  if (member in Object.prototype)
    return reads((source) =>
      isJsonObject(source) && Object.hasOwn(source, member) ? source[member] : undefined,
    )
  return reads((source) => (isJsonObject(source) ? source[member] : undefined))
}
