import { resolve, dirname, basename } from 'node:path'
import { ContractError } from '../base/errors.js'
import { type Diagnostic, Diagnostics } from '../base/diagnostic.js'
import { type Backend } from '../backend/backend.js'
import { type Environment } from '../mapping/environment.js'
import { joinContracts, type Joined } from '../mapping/join.js'
import {
  loadOpenApi,
  openApiFromObject,
  type OpenApiDocument,
  type OpenApiObject,
} from '../openapi/document.js'
import { basePathOf, publishedDocument } from '../openapi/published.js'
import { openBackends } from './open-backends.js'
import { CompiledOperation } from './operation.js'
import { type BackendState, type RestOperation } from './rest.js'

export interface AdapterOptions {
  /** Path of an OpenAPI document, or the document itself. */
  readonly contract: string | OpenApiObject
  /** What the paths of WSDLs are relative to; by default the directory of the contract, or the working directory. */
  readonly baseDir?: string
  /** By default the environment of the process. */
  readonly env?: Environment
}

/** Both contracts, checked and compiled: all that can be known before the first request. */
export class Adapter {
  readonly basePath: string
  readonly document: OpenApiObject
  readonly contract: OpenApiDocument
  readonly operations: ReadonlyMap<string, RestOperation>
  readonly #compiled: readonly CompiledOperation[]
  readonly #backends: readonly Backend[]

  constructor(
    document: OpenApiDocument,
    joined: Joined,
    /** Warnings and notes; errors never get here. */
    readonly diagnostics: readonly Diagnostic[],
  ) {
    const runtimes = openBackends(joined)
    this.#compiled = joined.operations.flatMap((mapping) => {
      const runtime = runtimes.get(mapping.backend)
      return runtime ? [new CompiledOperation(mapping, runtime)] : []
    })
    this.#backends = [...runtimes.values()].map(({ backend }) => backend)
    this.basePath = basePathOf(document)
    this.document = publishedDocument(document)
    this.contract = document.as(this.document)
    this.operations = new Map(this.#compiled.map((operation) => [operation.operationId, operation]))
  }

  /** State of each backend. */
  backends = (): readonly BackendState[] => this.#backends.map((backend) => backend.state())

  /** @returns a function that ends the subscription */
  onBackendChange(listener: Parameters<Backend['onStateChange']>[0]): () => void {
    const ends = this.#backends.map((backend) => backend.onStateChange(listener))
    return () => {
      for (const end of ends) end()
    }
  }

  /** Compiles all operations; without it each is compiled at its first call. */
  warmUp(): void {
    for (const operation of this.#compiled) operation.warmUp()
  }

  /** Waits for the calls in flight and closes the connections. */
  async close(): Promise<void> {
    await Promise.all(this.#backends.map((backend) => backend.close()))
  }
}

export interface CheckedContract {
  readonly document: OpenApiDocument | undefined
  readonly joined: Joined
  readonly diagnostics: readonly Diagnostic[]
}

/** Loads and checks both contracts; nothing is thrown and nothing is called. */
export function checkContract({ contract, baseDir, env = process.env }: AdapterOptions): CheckedContract {
  const diagnostics = new Diagnostics()
  const path = typeof contract === 'string' ? resolve(contract) : undefined
  const directory = resolve(baseDir ?? (path === undefined ? '.' : dirname(path)))
  const document =
    typeof contract === 'string'
      ? loadOpenApi(resolve(contract), basename(contract), diagnostics)
      : openApiFromObject(contract, 'openapi', diagnostics)
  const joined = document
    ? joinContracts(document, directory, env, diagnostics)
    : { backends: [], operations: [], sessions: new Map() }
  return { document, joined, diagnostics: diagnostics.list }
}

/**
 * Loads both contracts and compiles them.
 *
 * @throws ContractError with every diagnostic
 */
export function compileContract(options: AdapterOptions): Adapter {
  const { document, joined, diagnostics } = checkContract(options)
  const hasErrors = diagnostics.some((diagnostic) => diagnostic.severity === 'error')
  if (!document || hasErrors) throw new ContractError(diagnostics)
  return new Adapter(document, joined, diagnostics)
}
