import { type OperationCalls, takesJson } from '../http/operation-calls.js'
import { Tool } from './tool.js'
import { ToolSchemas } from './tool-schema.js'

export { Tool } from './tool.js'

/** An operation that was named, or is GET, and cannot be a tool; and why. */
export interface LeftOut {
  readonly operationId: string
  readonly reason: string
}

/**
 * The operations that agents may use: those that are GET, and those that are named.
 *
 * @param named operationIds; `*` for all
 * @returns tools by their names
 */
export function toolsOf(
  { document, contracts, operations }: Pick<OperationCalls, 'document' | 'contracts' | 'operations'>,
  named: readonly string[],
): { readonly tools: ReadonlyMap<string, Tool>; readonly leftOut: readonly LeftOut[] } {
  const tools = new Map<string, Tool>()
  const leftOut: LeftOut[] = named
    .filter((operationId) => operationId !== '*' && !operations.has(operationId))
    .map((operationId) => ({ operationId, reason: 'the contract has no such operation' }))
  const schemas = new ToolSchemas(document)
  for (const contract of contracts) {
    const { operationId, method } = contract
    const operation = operations.get(operationId)
    const isWanted = method === 'get' || named.includes(operationId) || named.includes('*')
    if (!operation || !isWanted) continue
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
