import { UniqueNames } from '../base/unique-names.js'
import type { OpenApiDocument } from '../openapi/document.js'
import type { SchemaView } from '../openapi/schema-view.js'
import { typeName } from './names.js'
import { Base64, DateScalar, DateTime, Decimal, DecimalNumber, Json, Long } from './scalars.js'

const OWN = [Long, Decimal, DecimalNumber, DateScalar, DateTime, Base64, Json].map(({ name }) => name)
const BUILT_IN = ['Int', 'Float', 'String', 'Boolean', 'ID', 'Query', 'Mutation', 'Subscription', 'Content']

/** Names of types: that of the component, or that of the place where the schema stands. Components choose first. */
export class TypeNames {
  readonly #taken = new UniqueNames([...BUILT_IN, ...OWN])
  readonly #components = new Map<string, string>()

  constructor(document: OpenApiDocument) {
    const schemas = document.at('/components/schemas')?.value
    for (const name of Object.keys(typeof schemas === 'object' && schemas !== null ? schemas : {}))
      this.#components.set(name, this.#taken.take(typeName(name)))
  }

  /** @param place names the schema where it is no component */
  of({ componentName }: SchemaView, place: string): string {
    const known = componentName === undefined ? undefined : this.#components.get(componentName)
    return known ?? this.#taken.take(typeName(place))
  }

  /** Of an input that has the same schema as an output: GraphQL keeps them apart. */
  ofInput({ componentName }: SchemaView, place: string): string {
    const own =
      componentName === undefined ? typeName(place) : (this.#components.get(componentName) ?? componentName)
    return this.#taken.take(own.endsWith('Input') ? own : `${own}Input`)
  }
}
