import { Option } from 'commander'
import type { Adapter } from '../../adapter/adapter.js'
import type { RestOperation } from '../../adapter/rest.js'
import { nearest } from '../../base/diagnostic/did-you-mean.js'
import { Failure } from '../terminal/report.js'

/**
 * `--contract FILE`, for commands that work with a contract.
 *
 * @param fallback with a description, where the path says nothing to people
 */
export function contractOption(
  fallback: readonly [file: string, description?: string] = ['openapi.yaml'],
): Option {
  return new Option('-c, --contract <file>', 'the OpenAPI document').default(...fallback)
}

/**
 * `--contract FILE`, as often as there are contracts, for commands that serve or judge several beside each other.
 *
 * @param fallback with a description, where the path says nothing to people
 */
export function contractsOption(
  fallback: readonly [file: string, description?: string] = ['openapi.yaml'],
): Option {
  const [file, description] = fallback
  const ifNone = [file]
  return new Option('-c, --contract <file>', 'the OpenAPI document; several for several versions')
    .default(ifNone, description ?? `"${file}"`)
    .argParser((value, before: readonly string[]) => (before === ifNone ? [value] : [...before, value]))
}

/**
 * Loads a contract for one operation of it.
 *
 * @throws ContractError, and Failure where the contract has no such operation
 */
export async function loadOperation(contract: string, operationId: string): Promise<RestOperation> {
  const { compileContract } = await import('../../adapter/adapter.js')
  const adapter = compileContract({ contract })
  const operation = adapter.operations.get(operationId)
  if (!operation) throw new Failure(unknownOperation(adapter, contract, operationId), 2)
  return operation
}

/**
 * An operation as one WSDL operation serves it.
 *
 * @throws Failure where that one does not serve it
 */
export function servedBy(operation: RestOperation, soapOperation: string | undefined): RestOperation {
  const { operationId, alternatives = [operation] } = operation
  if (soapOperation === undefined) return operation
  const found = alternatives.find((each) => each.soapOperation === soapOperation)
  if (found) return found
  const names = alternatives.flatMap((each) => each.soapOperation ?? [])
  const hint = nearest(soapOperation, names)
  throw new Failure(
    `${soapOperation} does not serve ${operationId}. ${hint === undefined ? `It is served by ${names.join(', ')}.` : `Did you mean ${hint}?`}`,
    2,
  )
}

function unknownOperation(adapter: Adapter, contract: string, wanted: string): string {
  const ids = [...adapter.operations.keys()]
  const lower = wanted.toLowerCase()
  const meant = nearest(wanted, ids)
  const alike =
    meant === undefined
      ? ids.filter((id) => id.toLowerCase().includes(lower) || lower.includes(id.toLowerCase()))
      : [meant]
  const hint = alike.length > 0 ? `Did you mean ${alike.join(' or ')}?` : `It has:\n  ${ids.join('\n  ')}`
  return `${contract} has no operation ${wanted}. ${hint}`
}
