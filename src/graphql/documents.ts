import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { Diagnostics } from '../base/diagnostic/diagnostic.js'
import { ContractError } from '../base/errors.js'
import { limitRule, type QueryLimits } from './cost.js'

export interface DocumentOptions extends QueryLimits {
  /** Whether clients may ask for the schema. */
  readonly introspection: boolean
}

/** Longer queries are refused unread; all that follows takes time by their tokens. */
const MAX_TOKENS = 5_000
const REMEMBERED = 500
/** Longer texts are not remembered. */
const LONGEST = 20_000

/** Parses and validates queries; one that was asked before costs neither again. */
export class Documents {
  readonly #schema: GraphQLSchema
  readonly #rules
  readonly #known = new Map<string, DocumentNode>()

  constructor(schema: GraphQLSchema, { introspection, ...limits }: DocumentOptions) {
    this.#schema = schema
    this.#rules = [
      ...specifiedRules,
      limitRule(limits),
      ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
    ]
  }

  /** @returns the document, or what is wrong with the query */
  read(query: string): DocumentNode | readonly GraphQLError[] {
    const known = this.#known.get(query)
    if (known) return known
    let document: DocumentNode
    try {
      document = parse(query, { maxTokens: MAX_TOKENS })
    } catch (error) {
      if (error instanceof GraphQLError) return [error]
      throw error
    }
    const errors = validate(this.#schema, document, this.#rules)
    if (errors.length > 0) return errors
    if (query.length <= LONGEST) this.#remember(query, document)
    return document
  }

  #remember(query: string, document: DocumentNode): void {
    if (this.#known.size >= REMEMBERED) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest)
        break
      }
    }
    this.#known.set(query, document)
  }
}

const HASH = /^(?:sha256:)?([0-9a-f]{64})$/

/**
 * Reads trusted documents: a JSON object of queries by the SHA-256 of each, as client generators write it. Where there is one, no other
 * query is taken.
 *
 * @returns queries by their SHA-256 in hexadecimal
 * @throws ContractError where the file cannot be read, or a hash is not that of its query
 */
export function readTrustedDocuments(file: string): ReadonlyMap<string, string> {
  const refuse = (message: string): never => {
    const diagnostics = new Diagnostics()
    diagnostics.error('setting-invalid', `GRAPHQL_DOCUMENTS: ${message}`)
    throw new ContractError(diagnostics.list)
  }
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return refuse('it must name a JSON file that can be read.')
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    return refuse('the file must hold an object, { "<SHA-256 of the query>": "<query>" }.')
  const documents = new Map<string, string>()
  for (const [key, query] of Object.entries(content)) {
    const [, hash] = HASH.exec(key) ?? []
    if (typeof query !== 'string' || hash === undefined || sha256(query) !== hash)
      return refuse(`"${key.slice(0, 80)}" must be the SHA-256, in hexadecimal, of the query beside it.`)
    documents.set(hash, query)
  }
  return documents
}

/** @param id `sha256:…`, or the hash alone */
export function trustedQuery(documents: ReadonlyMap<string, string>, id: unknown): string | undefined {
  const [, hash] = typeof id === 'string' ? (HASH.exec(id) ?? []) : []
  return hash === undefined ? undefined : documents.get(hash)
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}
