import { Diagnostics } from '../base/diagnostic.js'
import { clark } from '../base/qname.js'
import { didYouMean } from '../base/did-you-mean.js'
import { type OpenApiDocument } from '../openapi/document.js'
import { type OpenApiOperation } from '../openapi/operations.js'
import { join } from '../openapi/pointer.js'
import { type SchemaView } from '../openapi/schema-view.js'
import { type SoapFault, type SoapOperation } from '../wsdl/model.js'
import { type OperationAnnotation } from './operation-annotation.js'
import { type CanonicalMappings } from './canonical.js'
import { type OperationJoin } from './operation-join.js'
import { ContractFitting } from './fit.js'
import { type Fitting } from './fitting.js'
import { type FaultMapping } from './operation-mapping.js'
import { type ValueMapping } from './value-mapping.js'

/** Maps each declared fault to a status and a typed `fault` member of the problem: docs/annotation.md, "faults". */
export function mapFaults(operationJoin: OperationJoin): FaultMapping[] {
  const { document, rest: operation, annotation, backend, soap, diagnostics } = operationJoin
  const { canonical } = backend
  for (const [name, status] of Object.entries(annotation.faults)) {
    const at = document.locate(join(annotation.pointer, 'faults', name))
    if (!soap.faults.some((fault) => fault.name === name)) {
      const names = soap.faults.map((fault) => fault.name).join(', ') || 'none'
      diagnostics.error(
        'fault-unknown',
        `${soap.name} declares no fault ${name}; it declares ${names}.${didYouMean(
          name,
          soap.faults.map((fault) => fault.name),
        )}`,
        at,
        [{ message: 'the WSDL operation', at: soap.at }],
      )
    }
    if (!responseFor(operation, status)) {
      diagnostics.error('fault-undeclared', `The fault ${name} becomes ${status}: declare that response.`, at)
    }
  }
  checkElements(document, annotation, soap, diagnostics)
  return soap.faults.map((fault): FaultMapping => {
    const status = annotation.faults[fault.name] ?? 502
    return {
      name: fault.name,
      element: fault.element.name,
      status,
      value: detailOf(document, operation, fault, status, canonical, diagnostics),
      title: titleOf(fault.name),
    }
  })
}

/** Faults are told apart by the element in their detail: two of one element cannot have two statuses. */
function checkElements(
  document: OpenApiDocument,
  annotation: OperationAnnotation,
  soap: SoapOperation,
  diagnostics: Diagnostics,
): void {
  const first = new Map<string, SoapFault>()
  for (const fault of soap.faults) {
    const key = clark(fault.element.name)
    const other = first.get(key)
    if (!other) first.set(key, fault)
    else if (annotation.faults[other.name] !== annotation.faults[fault.name]) {
      diagnostics.error(
        'fault-ambiguous',
        `The faults ${other.name} and ${fault.name} have the same element and cannot be told apart: map both to one status.`,
        document.locate(join(annotation.pointer, 'faults')),
        [{ message: 'the second one', at: fault.at }],
      )
    }
  }
}

function responseFor(
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

/** The detail in the form that the problem's schema gives its `fault` member; in its canonical form where it gives none. */
function detailOf(
  document: OpenApiDocument,
  operation: OpenApiOperation,
  fault: SoapFault,
  status: number,
  canonical: CanonicalMappings,
  diagnostics: Diagnostics,
): ValueMapping {
  const value = canonical.value(fault.element.type)
  const problem = responseFor(operation, status)?.content[0]
  if (!problem) return value
  const fitting = new ContractFitting(document, 'response', diagnostics)
  const schema = problemViews(fitting, fitting.view(problem.schema))
    .map((view) => view.properties.get('fault'))
    .filter((property) => property !== undefined)
  const candidates = schema.flatMap((property) => {
    const { alternatives, discriminator } = fitting.view(property)
    return alternatives.length > 0 && !discriminator ? alternatives : [property]
  })
  const [only, ...others] = candidates
  if (!only) return value
  if (others.length === 0)
    return isOpen(fitting.view(only)) ? value : fitting.value(value, only, fault.element.at)
  for (const candidate of candidates) {
    const trial = new Diagnostics()
    const fitted = new ContractFitting(document, 'response', trial).value(value, candidate, fault.element.at)
    if (!trial.hasErrors) return fitted
  }
  diagnostics.error(
    'fault-schema',
    `No alternative of the ${status} response's fault member fits the detail of ${fault.name}.`,
    document.locate(problem.schema.pointer),
    [{ message: 'the XSD declares it here', at: fault.element.at }],
  )
  return value
}

/** A status that several faults share may have a `oneOf` of problems. */
function problemViews(fitting: Fitting, problem: SchemaView): SchemaView[] {
  return problem.alternatives.length === 0
    ? [problem]
    : problem.alternatives.map((schema) => fitting.view(schema))
}

function isOpen(view: SchemaView): boolean {
  const anyObject = view.types.size === 0 || view.types.has('object')
  return anyObject && view.properties.size === 0 && view.alternatives.length === 0 && !view.items
}

/** `AccountNotFoundFault` → `Account not found`. */
function titleOf(name: string): string {
  const words = name
    .replace(/[_-]?(Fault|Exception|Error)$/i, '')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase()
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1)
}
