import { Diagnostics } from '../../../base/diagnostic/diagnostic.js'
import { didYouMean } from '../../../base/diagnostic/did-you-mean.js'
import { clark } from '../../../base/qname.js'
import { join } from '../../../openapi/pointer.js'
import type { SoapFault } from '../../../wsdl/model.js'
import type { ElementDeclaration } from '../../../xsd/model/model.js'
import { valuesWithin } from '../../canonical/content-walk.js'
import type { ValueMapping } from '../../canonical/value-mapping.js'
import { ContractFitting } from '../../fit/contract-fitting.js'
import type { OperationJoin } from '../both-sides.js'
import type { FaultMapping, ResponseMapping } from '../mapping.js'
import { faultSchemas, isOpen, problemViews, responseFor, titleOf } from './problem-response.js'

/** Maps each declared fault to a status and a typed `fault` member of the problem: docs/annotation.md, "faults". */
export function mapFaults(operationJoin: OperationJoin): FaultMapping[] {
  const { document, rest: operation, annotation, soap, diagnostics } = operationJoin
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
  checkElements(operationJoin)
  return soap.faults.map((fault): FaultMapping => {
    const status = annotation.faults[fault.name] ?? 502
    return {
      name: fault.name,
      element: fault.element.name,
      type: fault.element.type.name,
      status,
      value: detailOf(operationJoin, {
        ...fault,
        value: operationJoin.backend.canonical.value(fault.element.type),
        status,
      }),
      title: titleOf(fault.name),
    }
  })
}

/**
 * Faults are told apart by the element in their detail, those of one element by xsi:type: two of one element and one type
 * cannot have two statuses.
 */
function checkElements({ document, annotation, soap, diagnostics }: OperationJoin): void {
  const first = new Map<string, SoapFault>()
  for (const fault of soap.faults) {
    const key = `${clark(fault.element.name)} ${fault.element.type.name ? clark(fault.element.type.name) : ''}`
    const other = first.get(key)
    if (!other) first.set(key, fault)
    else if (annotation.faults[other.name] !== annotation.faults[fault.name]) {
      diagnostics.error(
        'fault-ambiguous',
        `The faults ${other.name} and ${fault.name} have the same element and type and cannot be told apart: map both to one status.`,
        document.locate(join(annotation.pointer, 'faults')),
        [{ message: 'the second one', at: fault.at }],
      )
    }
  }
}

/** The faults that stand instead of a document in a text of the response (docs/annotation.md, "Documents in texts"). */
export function mapDocumentFaults(operationJoin: OperationJoin, { body }: ResponseMapping): FaultMapping[] {
  const { document, rest, annotation, soap, diagnostics } = operationJoin
  const found = new Map<string, FaultMapping>()
  for (const value of body ? valuesWithin([body.object]) : []) {
    if (value.kind !== 'document') continue
    for (const fault of value.faults) {
      const { name: element } = fault.declaration
      const name = element.localName
      const at = document.locate(annotation.pointer)
      if (soap.faults.some((declared) => declared.name === name)) {
        const message = `The fault ${name} of a document is called like one that ${soap.name} declares; the two cannot be told apart.`
        diagnostics.error('fault-ambiguous', message, at)
      }
      if (!responseFor(rest, fault.status)) {
        const message = `The fault ${name} of a document becomes ${fault.status}: declare that response of ${rest.operationId}.`
        diagnostics.error('fault-undeclared', message, at)
      }
      found.set(clark(element), {
        name,
        element,
        status: fault.status,
        value: detailOf(operationJoin, { ...fault, name, element: fault.declaration }),
        title: titleOf(name),
      })
    }
  }
  return [...found.values()]
}

/** A fault that is about to be fitted. */
interface Detail {
  readonly name: string
  readonly element: ElementDeclaration
  /** In its canonical form. */
  readonly value: ValueMapping
  readonly status: number
}

/** The detail in the form that the problem's schema gives its `fault` member; in its canonical form where it gives none. */
function detailOf(
  { document, rest, backend, diagnostics, fittings }: OperationJoin,
  { name, element, value, status }: Detail,
): ValueMapping {
  const problem = responseFor(rest, status)?.content[0]
  if (!problem) return value
  const fitting = fittings.response
  const candidates = problemViews(fitting, problem.schema).flatMap((view) => faultSchemas(fitting, view))
  const [only, ...others] = candidates
  if (!only) return value
  if (others.length === 0) return isOpen(fitting.view(only)) ? value : fitting.value(value, only, element.at)
  for (const candidate of candidates) {
    const trial = new Diagnostics()
    const trying = new ContractFitting(document, 'response', trial, backend.documents)
    const fitted = trying.value(value, candidate, element.at)
    if (!trial.hasErrors) return fitted
  }
  diagnostics.error(
    'fault-schema',
    `No alternative of the ${status} response's fault member fits the detail of ${name}.`,
    document.locate(problem.schema.pointer),
    [{ message: 'the XSD declares it here', at: element.at }],
  )
  return value
}
