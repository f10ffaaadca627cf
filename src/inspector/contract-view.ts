import type { Adapter } from '../adapter/adapter.js'
import { formatLocation } from '../base/diagnostic/diagnostic.js'
import type { OperationMapping } from '../mapping/operation/mapping.js'
import { type OperationRules, operationRules, rulesIdOf } from './operation-rules.js'

/** A contract, as the page shows it. */
export interface ContractView {
  readonly title: string
  readonly basePath: string
  readonly operations: readonly OperationView[]
  readonly backends: readonly BackendView[]
}

/** An operation, or one of its alternatives. */
export interface OperationView {
  /** By which its rules are asked for. */
  readonly rulesId: string
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly summary?: string
  readonly backend: string
  readonly soapOperation: string
  /** The query parameters that choose it, where several SOAP operations serve the operation. */
  readonly when?: readonly string[]
  /** Numbers of what the lists of its rules have. */
  readonly mapped: number
  readonly unmapped: number
  /** Faults that the WSDL declares and the contract gives no status: they become a 502. */
  readonly undeclaredFaults: readonly string[]
}

export interface BackendView {
  readonly name: string
  readonly wsdl: string
  readonly soapVersion: string
  readonly at: string
  /** Operations of the port that no operation of the contract calls. */
  readonly unused: readonly string[]
  /** Those that cannot be called, and why. */
  readonly leftOut: readonly { readonly name: string; readonly why: string }[]
}

export function contractView({ document, basePath, joined }: Adapter): ContractView {
  const { operations, backends } = joined
  const called = new Set(operations.map(({ soap }) => soap))
  return {
    title: titleOf(document),
    basePath,
    operations: operations.map((mapping) => operationView(mapping, document)),
    backends: backends.map(({ name, wsdl, soapVersion, at, operations: offered, leftOut }) => ({
      ...{ name, wsdl: wsdl.file, soapVersion, at: formatLocation(at) },
      unused: offered.filter((each) => !called.has(each)).map((each) => each.name),
      leftOut: leftOut.map((each) => ({ name: each.name, why: each.findings[0]?.message ?? '' })),
    })),
  }
}

function operationView(mapping: OperationMapping, document: Adapter['document']): OperationView {
  const { rest, backend, soap, faults, selection } = mapping
  const { mapped, unmapped } = totals(operationRules(mapping))
  const summary = summaryOf(document, rest)
  const known = new Set(faults.map(({ name }) => name))
  return {
    ...{ rulesId: rulesIdOf(mapping), operationId: rest.operationId },
    ...{ method: rest.method, path: rest.path, backend: backend.name },
    ...(selection && { when: selection.when }),
    ...(summary !== undefined && { summary }),
    ...{ soapOperation: soap.name, mapped, unmapped },
    undeclaredFaults: soap.faults.map(({ name }) => name).filter((name) => !known.has(name)),
  }
}

function totals({ request, response, faults }: OperationRules): {
  readonly mapped: number
  readonly unmapped: number
} {
  const all = [request, response, ...faults]
  return {
    mapped: all.reduce((sum, { rules }) => sum + rules.length, 0),
    unmapped: all.reduce((sum, { unmapped }) => sum + unmapped.length, 0),
  }
}

function titleOf({ info }: Adapter['document']): string {
  return typeof info === 'object' && info !== null && 'title' in info ? String(info.title) : 'API'
}

function summaryOf(
  { paths }: Adapter['document'],
  { path, method }: OperationMapping['rest'],
): string | undefined {
  let value: unknown = paths
  for (const step of [path, method, 'summary']) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Readonly<Record<string, unknown>>)[step]
  }
  return typeof value === 'string' ? value : undefined
}
