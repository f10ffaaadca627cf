import { basename, dirname, relative, resolve } from 'node:path'
import { type Diagnostic, Diagnostics, type SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { Environment } from '../../base/environment.js'
import { ContractError } from '../../base/errors.js'
import { joinContracts, type Joined } from '../../mapping/operation/join.js'
import type { BackendMapping, OperationMapping } from '../../mapping/operation/mapping.js'
import { isObject, loadOpenApi, OpenApiDocument, type OpenApiObject } from '../../openapi/document.js'
import { type ChangedOperation, Changes } from './change.js'
import { placeKey } from './contract-view.js'
import type { Desk } from './desk.js'
import { compareDetails } from './detail.js'
import { compareOperations } from './operation.js'
import { lostOperation, nameOf, partnerOf } from './partner.js'
import type { DiffReport } from './report.js'
import { TypeWalk } from './walk.js'

export interface ContractDiffOptions {
  /** Path of the OpenAPI document; its WSDL is the old one. */
  readonly contract: string
  /** The backend whose WSDL changes; by default the only one. */
  readonly backend?: string | undefined
  /** Path of the new WSDL, a local file. */
  readonly wsdl: string
  /** By default the environment of the process. */
  readonly env?: Environment
}

/** The backend that was asked for is not one of the contract's. */
export class BackendError extends Error {
  override readonly name = 'BackendError'

  constructor(readonly backends: readonly string[]) {
    super(`The contract has the backends ${backends.join(', ')}.`)
  }
}

/**
 * Compares a contract's WSDL with its next version, for the REST operations that use it. Besides, the contract is
 * joined with the new WSDL: what disagrees then and did not before is reported too.
 *
 * @throws ContractError where the contract does not agree with its present WSDL, or the new one cannot be used
 * @throws BackendError
 */
export function diffContract({
  contract,
  backend,
  wsdl,
  env = process.env,
}: ContractDiffOptions): DiffReport {
  const directory = dirname(resolve(contract))
  const document = usable((diagnostics) => loadOpenApi(resolve(contract), basename(contract), diagnostics))
  const name = backendOf(document, backend)
  const before = new Diagnostics()
  const old = joinContracts(document, directory, env, before)
  if (before.hasErrors) throw new ContractError(before.list)
  const after = new Diagnostics()
  const rebased = new RebasedDocument(document, name, relative(directory, resolve(wsdl)))
  const next = joinContracts(rebased, directory, env, after)
  const [from, to] = [mappedBackend(old, name), mappedBackend(next, name)]
  if (!from || !to) throw new ContractError(after.list)
  const diagnostics = newFindings(before.list, after.list, document.file)
  const walk = new TypeWalk({ old: from.wsdl.schemas, new: to.wsdl.schemas })
  const desk: Desk = { walk, changes: new Changes(), disagreements: placesOf(diagnostics) }
  const operations = old.operations.filter((operation) => operation.backend === from)
  compareBackends(desk, from.at, from, to)
  for (const mapping of operations) {
    const { rest, soap } = mapping
    const concerned: ChangedOperation = {
      operation: nameOf(soap, from.operations),
      rest: { operationId: rest.operationId, method: rest.method, path: rest.path },
    }
    const mapped = next.operations.find((candidate) => isSameIn(candidate, mapping))
    const partner = mapped?.soap ?? partnerOf(soap, to.operations, from.operations)
    if (partner)
      compareOperations(desk, {
        old: soap,
        next: partner,
        operation: concerned,
        mappings: { old: mapping, new: mapped },
      })
    else {
      const at = { file: to.wsdl.file, line: 1 }
      lostOperation(desk.changes, soap, { leftOut: to.leftOut, at }, concerned)
    }
  }
  return {
    old: from.wsdl.file,
    new: to.wsdl.file,
    changes: desk.changes.sorted(),
    operations: new Set(operations.map(({ rest }) => rest.operationId)).size,
    diagnostics,
    unused: changedButUnused(walk, from, to, operations),
  }
}

/** Of one contract: what serves an operation, and of several alternatives the one that the same parameters choose. */
function isSameIn(a: OperationMapping, b: OperationMapping): boolean {
  const chosenBy = ({ rest, selection }: OperationMapping): string =>
    JSON.stringify([rest.operationId, selection?.when])
  return chosenBy(a) === chosenBy(b)
}

/** A contract with another WSDL for one of its backends; everything stands where it stood. */
class RebasedDocument extends OpenApiDocument {
  readonly #original: OpenApiDocument

  constructor(original: OpenApiDocument, backend: string, wsdl: string) {
    super(original.file, withWsdl(original.root, backend, wsdl))
    this.#original = original
  }

  override locate(pointer: string): SourceLocation {
    return this.#original.locate(pointer)
  }
}

function withWsdl(root: OpenApiObject, backend: string, wsdl: string): OpenApiObject {
  const backends = backendsOf(root)
  const entry = backends[backend]
  return { ...root, 'x-soap-backends': { ...backends, [backend]: { ...(isObject(entry) && entry), wsdl } } }
}

function backendsOf(root: OpenApiObject): OpenApiObject {
  const backends = root['x-soap-backends']
  return isObject(backends) ? backends : {}
}

function usable(load: (diagnostics: Diagnostics) => OpenApiDocument | undefined): OpenApiDocument {
  const diagnostics = new Diagnostics()
  const document = load(diagnostics)
  if (!document || diagnostics.hasErrors) throw new ContractError(diagnostics.list)
  return document
}

function backendOf({ root }: OpenApiDocument, wanted: string | undefined): string {
  const names = Object.keys(backendsOf(root))
  const name = wanted ?? (names.length === 1 ? names[0] : undefined)
  if (name === undefined || !names.includes(name)) throw new BackendError(names)
  return name
}

function mappedBackend({ backends }: Joined, name: string): BackendMapping | undefined {
  return backends.find((backend) => backend.name === name)
}

/** What was not found before; what is said of a WSDL counts as the same wherever it stands there. */
function newFindings(
  before: readonly Diagnostic[],
  after: readonly Diagnostic[],
  contract: string,
): readonly Diagnostic[] {
  const keyOf = ({ code, message, at }: Diagnostic): string =>
    [code, message, at?.file === contract ? at.line : ''].join('\n')
  const known = new Set(before.map(keyOf))
  return after.filter((diagnostic) => diagnostic.severity !== 'note' && !known.has(keyOf(diagnostic)))
}

function placesOf(diagnostics: readonly Diagnostic[]): ReadonlySet<string> {
  return new Set(diagnostics.flatMap(({ related = [] }) => related.map(({ at }) => placeKey(at))))
}

function compareBackends(desk: Desk, at: SourceLocation, old: BackendMapping, next: BackendMapping): void {
  const ends = { old: at, new: { file: next.wsdl.file, line: 1 } }
  const details = [
    ['SOAP version', old.soapVersion, next.soapVersion],
    ['address', old.endpoint, next.endpoint],
  ] as const
  compareDetails(desk, details, ends, { operation: '' })
}

function changedButUnused(
  walk: TypeWalk,
  old: BackendMapping,
  next: BackendMapping,
  used: readonly OperationMapping[],
): readonly string[] {
  const names = new Set(used.map(({ soap }) => soap))
  return old.operations
    .filter((operation) => !names.has(operation))
    .filter((operation) => {
      const partner = partnerOf(operation, next.operations, old.operations)
      if (!partner) return true
      const changes = new Changes()
      compareOperations(
        { walk, changes },
        { old: operation, next: partner, operation: { operation: operation.name } },
      )
      return changes.sorted().length > 0
    })
    .map((operation) => nameOf(operation, old.operations))
    .sort()
}
