import type { RestOperation } from '../adapter/rest.js'
import type { OperationCalls } from '../http/operations/calls.js'
import { takesJson } from '../openapi/json-request.js'
import { onlyReads, Tool } from './tool.js'
import { ToolSchemas } from './tool-schema.js'

export { Tool } from './tool.js'

/** An operation that was named, or only reads, and cannot be a tool; and why. */
export interface LeftOut {
  readonly operationId: string
  readonly reason: string
}

/**
 * The operations that agents may use: what `mcp` of the contract says; where it says nothing, those that only read, and those that
 * are named.
 *
 * @param named operationIds; `*` for all
 * @returns tools by their names
 */
export function toolsOf(
  { document, contracts, operations }: Pick<OperationCalls, 'document' | 'contracts' | 'operations'>,
  named: readonly string[],
): { readonly tools: ReadonlyMap<string, Tool>; readonly leftOut: readonly LeftOut[] } {
  const tools = new Map<string, Tool>()
  const leftOut: LeftOut[] = named.flatMap((operationId) => {
    if (operationId === '*') return []
    const operation = operations.get(operationId)
    if (!operation) return [{ operationId, reason: 'the contract has no such operation' }]
    return operation.mcp === false ? [{ operationId, reason: 'the contract says mcp: false' }] : []
  })
  const schemas = new ToolSchemas(document)
  for (const contract of contracts) {
    const { operationId } = contract
    const operation = operations.get(operationId)
    if (!operation || !isForAgents(operation, named)) continue
    if (!takesJson(contract, { takesBytes: operation.takesBytes === true })) {
      leftOut.push({ operationId, reason: 'its request is no JSON' })
      continue
    }
    const tool = new Tool(document, { operation, contract }, schemas)
    if (tools.has(tool.definition.name)) leftOut.push({ operationId, reason: 'another tool has its name' })
    else tools.set(tool.definition.name, tool)
  }
  return { tools, leftOut }
}

/** What the contract says goes before what a deployment says: `mcp: false` is for all of them. */
function isForAgents(operation: RestOperation, named: readonly string[]): boolean {
  return (
    operation.mcp ?? (onlyReads(operation) || named.includes(operation.operationId) || named.includes('*'))
  )
}
