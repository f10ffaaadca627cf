import { nearest } from '../../../base/diagnostic/did-you-mean.js'
import { elementsOf } from '../../canonical/content-walk.js'
import type { ElementMapping, ObjectMapping, ValueMapping } from '../../canonical/value-mapping.js'
import { TEXT_STEP } from '../../fit/member-spec.js'
import { asObject } from '../../fit/members.js'
import type { OperationJoin } from '../both-sides.js'

/** Where a path leads: to an element, to the object itself, or nowhere and why. */
export function followPath(
  object: ObjectMapping,
  path: readonly string[],
): { readonly element?: ElementMapping; readonly value?: ValueMapping; readonly lost?: string } {
  let here: ObjectMapping | undefined = object
  let element: ElementMapping | undefined
  for (const step of path) {
    if (step === TEXT_STEP && element && here?.text) return { element, value: here.text.value }
    if (element && element.maxOccurs > 1) return { lost: `${element.name.localName} repeats` }
    const elements: ElementMapping[] = elementsOf(here?.content)
    element = elements.find((candidate) => candidate.name.localName === step)
    if (!element) {
      const names = elements.map((candidate) => candidate.name.localName)
      const meant = nearest(step, names)
      const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`
      return { lost: `there is no ${step}${hint}; there is ${names.join(', ') || 'nothing'}` }
    }
    here = asObject(element.value)
  }
  return element ? { element, value: element.value } : {}
}

/**
 * What may be absent is answered with 404, so the contract must say so.
 *
 * @param nilElement that may be nil, where nil is nothing
 */
export function checkAbsence(
  { document, rest, diagnostics }: OperationJoin,
  object: ObjectMapping,
  nilElement: string | undefined,
): void {
  const element = optionalOnTheWay(object, { certain: true }) ?? nilElement
  if (!element || rest.responses.some((response) => response.status === '404')) return
  diagnostics.error(
    'response-absent',
    `The element ${element} may be absent, which is answered with 404: declare a 404 response.`,
    document.locate(rest.pointer),
  )
}

function optionalOnTheWay(
  object: ObjectMapping,
  { certain }: { readonly certain: boolean },
): string | undefined {
  for (const element of elementsOf(object.content)) {
    if (element.member.hidden) continue
    const sure = certain && element.minOccurs > 0
    if (element.flattened && element.value.kind === 'object')
      return optionalOnTheWay(element.value, { certain: sure })
    if (element.maxOccurs > 1) return undefined
    return sure || element.value.kind === 'array' ? undefined : element.name.localName
  }
  return undefined
}
