import { elementsOf } from '../canonical/content-walk.js'
import type { ObjectMapping, ValueMapping } from '../canonical/value-mapping.js'
import { asObject } from '../fit/members.js'
import type { BlockMapping } from './mapping.js'

/**
 * Follows the steps of a JSON pointer to a scalar, for values that the adapter itself reads from a response.
 *
 * @param from the body as one object, or header blocks
 * @param where of messages: "the response"
 * @returns what is wrong, or undefined
 */
export function unknownScalar(
  from: ObjectMapping | readonly BlockMapping[] | undefined,
  steps: readonly string[],
  where: string,
): string | undefined {
  const [first = '', ...rest] = steps
  let value = from && ('kind' in from ? memberAt(from, first) : from.find((b) => b.member === first)?.value)
  if (!value) {
    const names = from === undefined ? [] : 'kind' in from ? namesOf(from) : from.map((b) => b.member)
    return `${where} has no /${first}; it has ${names.join(', ') || 'nothing'}`
  }
  for (const step of rest) {
    const object = asObject(value)
    value = object && memberAt(object, step)
    if (!value) return `${where} has no /${steps.join('/')}`
  }
  return value.kind === 'scalar' && value.form !== 'list' ? undefined : `/${steps.join('/')} is not a scalar`
}

function memberAt(object: ObjectMapping, name: string): ValueMapping | undefined {
  if (object.text?.member.name === name) return object.text.value
  const attribute = object.attributes.find(({ member }) => member.name === name)
  const element = elementsOf(object.content).find(({ member }) => member.name === name)
  return attribute?.value ?? (element?.maxOccurs === 1 ? element.value : undefined)
}

function namesOf(object: ObjectMapping): string[] {
  return elementsOf(object.content).map(({ member }) => member.name)
}
