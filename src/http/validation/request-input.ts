/** A request as far as a schema can judge it. Nothing of it is changed. */
export interface RequestInput {
  readonly path: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** As the contract writes it; undefined where there is no body. */
  readonly mediaType: string | undefined
  readonly body: unknown
  /** How many values the body holds. */
  readonly values: number
}

/** A request as the middleware of express-openapi-validator sees it. */
export interface ValidatorRequest {
  readonly method: string
  readonly path: Readonly<Record<string, unknown>>
  readonly query: Record<string, unknown>
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: unknown
}
