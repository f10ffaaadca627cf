import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { didYouMean } from '../../base/diagnostic/did-you-mean.js'
import type { OpenApiDocument } from '../../openapi/document.js'
import { join } from '../../openapi/pointer.js'
import type { SoapOperation } from '../../wsdl/model.js'
import type { BackendMapping } from './mapping.js'

const byName = new WeakMap<readonly SoapOperation[], ReadonlyMap<string, readonly SoapOperation[]>>()

/** The operations of a binding, overloads together. */
function operationsByName(
  operations: readonly SoapOperation[],
): ReadonlyMap<string, readonly SoapOperation[]> {
  const known = byName.get(operations)
  if (known) return known
  const made = new Map<string, SoapOperation[]>()
  for (const operation of operations) {
    const overloads = made.get(operation.name)
    if (overloads) overloads.push(operation)
    else made.set(operation.name, [operation])
  }
  byName.set(operations, made)
  return made
}

interface Named {
  readonly operation: string
  /** Of the wsdl:input, where operations are overloaded. */
  readonly input?: string
  readonly pointer: string
}

/** Finds the WSDL operation that an annotation names; reports where there is none or more than one. */
export function soapOperationOf(
  document: OpenApiDocument,
  annotation: Named,
  backend: BackendMapping,
  diagnostics: Diagnostics,
): SoapOperation | undefined {
  const named = operationsByName(backend.operations).get(annotation.operation) ?? []
  const matching =
    annotation.input === undefined
      ? named
      : named.filter((operation) => operation.inputName === annotation.input)
  const [only, ...others] = matching
  if (only && others.length === 0) return only
  const leftOut = backend.leftOut.find(({ name }) => name === annotation.operation)
  if (leftOut && matching.length === 0) {
    diagnostics.error(
      'operation-unknown',
      `${annotation.operation} cannot be called: what it needs of ${backend.wsdl.file} is missing or wrong.`,
      document.locate(join(annotation.pointer, 'operation')),
      leftOut.findings.flatMap(({ message, at, related = [] }) => [
        { message, at: at ?? leftOut.at },
        ...related,
      ]),
    )
    return undefined
  }
  const message =
    named.length === 0
      ? `${backend.wsdl.file} has no operation ${annotation.operation}; it has ${backend.operations.map((o) => o.name).join(', ')}.${didYouMean(
          annotation.operation,
          backend.operations.map((o) => o.name),
        )}`
      : `${annotation.operation} is overloaded: name its input, ${named.map((o) => o.inputName).join(' or ')}.`
  diagnostics.error('operation-unknown', message, document.locate(join(annotation.pointer, 'operation')))
  return undefined
}
