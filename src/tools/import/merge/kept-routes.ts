/** What a document that is there already gave to its operations: they keep it, and no other gets it. */
export interface KeptRoutes {
  /** Names of backends by what they stand for. */
  readonly backends: readonly KeptBackend[]
  /** By `operationKey`. */
  readonly operations: ReadonlyMap<string, KeptRoute>
  /** All that new operations must keep away from. */
  readonly taken: readonly Pick<KeptRoute, 'method' | 'path'>[]
  readonly operationIds: ReadonlySet<string>
  /** Names of component schemas by what they stand for; see `Imported`. */
  readonly components: ReadonlyMap<string, string>
  /** All names of component schemas, also of those that a person has made: none gets another meaning. */
  readonly componentNames: readonly string[]
}

export interface KeptBackend {
  readonly name: string
  /** What import called it: the variable of its endpoint has that name. */
  readonly madeAs: string
  /** The file, absolute. */
  readonly wsdl: string
  readonly port: string | undefined
}

export interface KeptRoute {
  readonly method: string
  readonly path: string
  readonly operationId: string
}

/** What tells the operations of a document apart, whatever their paths are. */
export function operationKey(backend: string, operation: string, input: string | undefined): string {
  return `${backend} ${operation} ${input ?? ''}`
}
