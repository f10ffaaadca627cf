import type { MappedFaultAnnotation, MappedFaultValue } from '../../../annotation/message/faults.js'
import type { Located } from '../../../openapi/document.js'
import type { SchemaView } from '../../../openapi/schema-view.js'
import { builtInType } from '../../../xsd/model/built-in-types.js'
import { scalar } from '../../canonical/scalar.js'
import type { ScalarMapping } from '../../canonical/value-mapping.js'
import type { ContractFitting } from '../../fit/contract-fitting.js'
import type { OperationJoin } from '../both-sides.js'
import type { MappedFaultMapping, MappedValue } from '../mapping.js'
import { faultSchemas, isOpen, problemViews, responseFor, titleOf } from './problem-response.js'

/**
 * Maps the faults that the WSDL does not declare: docs/annotation.md, "Undeclared faults". Those of the operation come
 * before those of its backend; of one name, that of the operation is meant.
 */
export function mapForeignFaults(operation: OperationJoin): MappedFaultMapping[] {
  const own = operation.annotation.mappedFaults ?? []
  const all = operation.backendAnnotation.mappedFaults ?? []
  const shared = all.filter(({ name }) => !own.some((fault) => fault.name === name))
  return [...own, ...shared].map((fault) => mapFault(operation, fault))
}

function mapFault(operation: OperationJoin, fault: MappedFaultAnnotation): MappedFaultMapping {
  const { document, rest, soap, diagnostics } = operation
  const { name, when, status, title = titleOf(name) } = fault
  const at = document.locate(fault.pointer)
  const declared = soap.faults.find((each) => each.name === name)
  if (declared) {
    diagnostics.error(
      'annotation-invalid',
      `${soap.name} declares a fault ${name}, which is told by its detail: map it to a status alone, or give this one another name.`,
      at,
      [{ message: 'declared here', at: declared.at }],
    )
  }
  if (!responseFor(rest, status)) {
    diagnostics.error(
      'fault-undeclared',
      `The fault ${name} becomes ${status}: declare that response of ${rest.operationId}.`,
      at,
      [{ message: 'the operation', at: document.locate(rest.pointer) }],
    )
  }
  return { name, when, status, title, values: valuesOf(operation, fault) }
}

/** Each value as the problem's schema types it; as text where the schema says nothing. */
function valuesOf(
  { document, rest, diagnostics, fittings }: OperationJoin,
  { name, status, values, pointer }: MappedFaultAnnotation,
): MappedValue[] {
  const asTexts = (): MappedValue[] =>
    values.map((value) => ({ ...value, value: scalar(builtInType('string')), required: false }))
  const problem = responseFor(rest, status)?.content[0]
  if (!problem) return asTexts()
  const fitting = fittings.response
  const refuse = (message: string): MappedValue[] => {
    const related = [{ message: 'the response', at: document.locate(problem.schema.pointer) }]
    diagnostics.error('fault-schema', message, document.locate(pointer), related)
    return asTexts()
  }
  const views = problemViews(fitting, problem.schema).filter((view) => takesCode(fitting, view, name))
  if (views.length === 0) return refuse(`The ${status} response takes no problem whose code is ${name}.`)
  if (values.length === 0) {
    if (views.some((view) => !view.required.has('fault'))) return []
    return refuse(`The ${status} response requires the member fault: give values to the fault ${name}.`)
  }
  const candidates = views.flatMap((view) => faultSchemas(fitting, view))
  if (candidates.length === 0) return asTexts()
  const chosen = candidates
    .map((schema) => fitting.view(schema))
    .find((view) => isOpen(view) || holds(view, values))
  if (!chosen) {
    const named = values.map((value) => value.name).join(', ')
    return refuse(
      `The fault member of the ${status} response does not hold just what ${name} gives: ${named}.`,
    )
  }
  return values.map((value) => {
    const schema = chosen.properties.get(value.name)
    const required = chosen.required.has(value.name)
    return {
      ...value,
      value: schema ? typed(fitting, value, schema) : scalar(builtInType('string')),
      required,
    }
  })
}

/** Whether `code` of a problem may be the name. */
function takesCode(fitting: ContractFitting, { properties }: SchemaView, name: string): boolean {
  const code = properties.get('code')
  const { const: only, enum: listed } = code ? fitting.view(code).keywords : {}
  if (only !== undefined) return only === name
  return !Array.isArray(listed) || listed.includes(name)
}

/** Whether the schema has a place for each value, and requires no other. */
function holds(view: SchemaView, values: readonly MappedFaultValue[]): boolean {
  const names = new Set(values.map(({ name }) => name))
  return (
    [...names].every((name) => view.properties.has(name)) &&
    [...view.required].every((name) => names.has(name))
  )
}

function typed(
  fitting: ContractFitting,
  { name, pointer }: MappedFaultValue,
  schema: Located,
): ScalarMapping {
  const view = fitting.view(schema)
  const at = fitting.document.locate(pointer)
  const type = builtInType(typeNameOf(view))
  const isScalar =
    view.types.size === 0 || [...view.types].some((each) => each !== 'array' && each !== 'object')
  const fitted =
    isScalar && view.alternatives.length === 0 ? fitting.value(scalar(type), schema, at) : undefined
  if (fitted?.kind === 'scalar') return fitted
  fitting.diagnostics.error(
    'fault-schema',
    `The value ${name} is a text in the fault: its schema must be a string, integer, number or boolean.`,
    fitting.document.locate(view.pointer),
    [{ message: 'the value', at }],
  )
  return scalar(type)
}

/** The type whose texts are what the schema takes. */
function typeNameOf({
  types,
  keywords,
}: SchemaView): 'string' | 'date' | 'dateTime' | 'integer' | 'decimal' | 'boolean' {
  if (types.size === 0 || types.has('string')) {
    if (keywords.format === 'date') return 'date'
    return keywords.format === 'date-time' ? 'dateTime' : 'string'
  }
  if (types.has('number')) return 'decimal'
  return types.has('integer') ? 'integer' : 'boolean'
}
