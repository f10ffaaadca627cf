import type { Located } from '../../../openapi/document.js'
import type { OpenApiOperation } from '../../../openapi/operations.js'
import type { SchemaView } from '../../../openapi/schema-view.js'
import type { Fitting } from '../../fit/fitting.js'

/** The response that a status has in an operation: its own, that of its range, or the default one. */
export function responseFor(
  operation: OpenApiOperation,
  status: number,
): OpenApiOperation['responses'][number] | undefined {
  const wanted = [String(status), `${String(status).charAt(0)}XX`, 'default']
  for (const key of wanted) {
    const found = operation.responses.find((response) => response.status === key)
    if (found) return found
  }
  return undefined
}

/** A status that several faults share may have a `oneOf` of problems. */
export function problemViews(fitting: Fitting, schema: Located): SchemaView[] {
  const problem = fitting.view(schema)
  return problem.alternatives.length === 0
    ? [problem]
    : problem.alternatives.map((alternative) => fitting.view(alternative))
}

/** What the `fault` member of a problem may be; none where the problem says nothing of it. */
export function faultSchemas(fitting: Fitting, problem: SchemaView): readonly Located[] {
  const property = problem.properties.get('fault')
  if (!property) return []
  const { alternatives, discriminator } = fitting.view(property)
  return alternatives.length > 0 && !discriminator ? alternatives : [property]
}

/** Whether a schema says nothing of an object's members. */
export function isOpen(view: SchemaView): boolean {
  const anyObject = view.types.size === 0 || view.types.has('object')
  return anyObject && view.properties.size === 0 && view.alternatives.length === 0 && !view.items
}

/** `AccountNotFoundFault` → `Account not found`. */
export function titleOf(name: string): string {
  const words = name
    .replace(/[_-]?(Fault|Exception|Error)$/i, '')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase()
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1)
}
