import type { Choice } from '../../../mapping/operation/selection.js'
import type { OpenApiObject } from '../../../openapi/document.js'
import type { RequestParts } from '../messages/request.js'
import type { ResponsePlace } from '../messages/response.js'
import { sentence } from '../words/names.js'
import { statusesOf } from './fault-statuses.js'
import type { Reading } from './reading.js'

/** A SOAP operation of those that one GET serves. */
export interface Alternative {
  readonly reading: Reading
  readonly request: RequestParts
  readonly response: ResponsePlace
  readonly choice: Choice
}

/** `x-soap` of an operation with alternatives, without its backend; what all of them say stands beside them. */
export function annotationOfAll(alternatives: readonly Alternative[]): OpenApiObject {
  const faults = new Map(alternatives.flatMap(({ reading }) => [...statusesOf(reading.soap)]))
  const mapped = [...faults].filter(([, status]) => status !== 502)
  const [first] = alternatives
  const paths = new Set(alternatives.map(({ response }) => response.path))
  const [shared] = paths.size === 1 ? paths : []
  const own = ({ path, items }: ResponsePlace): OpenApiObject => {
    if (paths.size > 1 && path !== undefined) return { response: path }
    // The schema says in `xml` which element the items of the first are.
    const isOther = items !== undefined && items !== first?.response.items
    return isOther ? { response: { items: `/${items}` } } : {}
  }
  return {
    ...(shared !== undefined && { response: shared }),
    ...(mapped.length > 0 && { faults: Object.fromEntries(mapped) }),
    oneOf: alternatives.map(({ reading: { identity }, request: { targets }, response, choice }) => ({
      ...(choice.when.length > 0 && { when: choice.when }),
      ...(choice.optional.length > 0 && { optional: choice.optional }),
      operation: identity.operation,
      ...(identity.input !== undefined && { input: identity.input }),
      ...(Object.keys(targets).length > 0 && { request: targets }),
      ...own(response),
    })),
  }
}

/** The parameters of all alternatives; what only some of them need is required of no request. */
export function parametersOfAll(alternatives: readonly Alternative[]): readonly OpenApiObject[] {
  const chosenBy = new Set(alternatives.flatMap(({ choice: { when, optional } }) => [...when, ...optional]))
  const found = new Map<string, OpenApiObject>()
  for (const { request } of alternatives) {
    for (const parameter of request.parameters) {
      const { $ref: reference, in: place, name } = parameter
      const key = JSON.stringify([reference, place, name])
      if (found.has(key)) continue
      const isChoosing = place === 'query' && chosenBy.has(String(name))
      const kept = Object.entries(parameter).filter(([member]) => !isChoosing || member !== 'required')
      found.set(key, Object.fromEntries(kept))
    }
  }
  return [...found.values()]
}

/** What an operation does, and which of its parameters go together. */
export function descriptionOfAll(description: string, alternatives: readonly Alternative[]): string {
  const lines = alternatives.map(({ choice, reading: { soap, subject } }) => {
    const said = soap.documentation?.trim() ?? ''
    const isLine = said !== '' && !/[\n<]/.test(said)
    return `- ${askedWith(choice)}: ${isLine ? said : `${sentence(subject.name.words)}.`}`
  })
  return `${description}\n\nThe filters that go together:\n\n${lines.join('\n')}`
}

/** The parameters that choose an alternative, for people. */
export function askedWith({ when, optional }: Choice): string {
  const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')
  const besides = optional.length === 0 ? '' : `, perhaps with ${quoted(optional)}`
  if (when.length > 0) return quoted(when) + besides
  return optional.length === 0 ? 'none of them' : `none of them but perhaps ${quoted(optional)}`
}
