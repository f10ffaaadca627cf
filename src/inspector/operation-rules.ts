import { ownElementsOf } from '../mapping/canonical/content-walk.js'
import type { OperationMapping, RequestMember } from '../mapping/operation/mapping.js'
import type { Source } from '../mapping/operation/source.js'
import { type RestPlace, type Rules, RuleWriter, type XmlStep } from './rules.js'

/** What moves the values of an operation, message by message. */
export interface OperationRules {
  readonly request: Rules
  readonly response: Rules
  readonly faults: readonly FaultRules[]
}

export interface FaultRules extends Rules {
  readonly name: string
  readonly status: number
}

/** Names the rules of an operation; of one of its alternatives by what chooses it, too: `listDesigns?stateId`. */
export function rulesIdOf({ rest, selection }: OperationMapping): string {
  return selection ? `${rest.operationId}?${selection.when.join('&')}` : rest.operationId
}

const known = new WeakMap<OperationMapping, OperationRules>()

/** Written once, when somebody looks. */
export function operationRules(mapping: OperationMapping): OperationRules {
  let rules = known.get(mapping)
  if (!rules) {
    rules = { request: requestRules(mapping), response: responseRules(mapping), faults: faultRules(mapping) }
    known.set(mapping, rules)
  }
  return rules
}

const BODY: readonly XmlStep[] = [{ name: 'Body' }]
const HEADER: readonly XmlStep[] = [{ name: 'Header' }]

function requestRules({ request }: OperationMapping): Rules {
  const writer = new RuleWriter()
  const { wrapper, object } = request.body
  const body = wrapper ? [...BODY, { name: wrapper.localName }] : BODY
  members(writer, object, { members: request.members, above: body })
  if (request.headers) {
    members(writer, request.headers.object, { members: request.headers.members, above: HEADER })
  }
  return writer.result
}

function members(
  writer: RuleWriter,
  object: OperationMapping['request']['body']['object'],
  {
    members: given,
    above,
  }: { readonly members: readonly RequestMember[]; readonly above: readonly XmlStep[] },
): void {
  const byKey = new Map(given.map((member) => [member.key, member]))
  for (const element of ownElementsOf(object.content)) {
    const member = byKey.get(element.member.name)
    if (!member) {
      const within = [...above, { name: element.name.localName }]
      if (!element.flattened) writer.leaveOut(element, above)
      else if (element.value.kind === 'object')
        members(writer, element.value, { members: given, above: within })
      continue
    }
    const place = placeOf(member.source)
    if (place) writer.element(element, place, above)
    else {
      const xml = [...above, { name: element.name.localName }]
      writer.add({
        rest: { in: 'call', steps: [] },
        xml,
        says: `${element.name.localName} ← ${sourceSays(member.source)}`,
      })
    }
  }
  for (const attribute of object.attributes) {
    const place = byKey.get(attribute.member.name)
    const rest = place && placeOf(place.source)
    if (rest) {
      const xml = [...above, { name: `@${attribute.name.localName}` }]
      writer.add({
        rest,
        xml,
        says: `${rest.steps.at(-1) ?? 'the value'} ↔ attribute ${attribute.name.localName}`,
      })
    }
  }
}

function placeOf(source: Source): RestPlace | undefined {
  if (source.kind === 'parameter') return { in: source.in, steps: [source.name] }
  return source.kind === 'body' ? { in: 'body', steps: source.steps } : undefined
}

function sourceSays(source: Source): string {
  switch (source.kind) {
    case 'constant':
      return `a constant of the contract, ${String(source.value)}`
    case 'identity':
      return `the ${source.part} that calls`
    case 'claim':
      return `the claim ${source.steps.join('/')} of the access token`
    case 'session':
      return 'the token of the session'
    case 'request-id':
      return 'the id of the request'
    case 'parameter':
    case 'body':
      return 'the request'
  }
}

function responseRules({ response }: OperationMapping): Rules {
  const writer = new RuleWriter()
  if (!response.body) return writer.result
  const { wrapper, object } = response.body
  const above = wrapper ? [...BODY, { name: wrapper.localName }] : BODY
  if (response.selected === undefined) {
    writer.value(object, { in: 'body', steps: [] }, above, [])
    return writer.result
  }
  for (const element of ownElementsOf(object.content)) {
    if (element.member.name === response.selected) writer.element(element, { in: 'body', steps: [] }, above)
    else if (element.flattened) selectedWithin(writer, element, { selected: response.selected, above })
    else writer.leaveOut(element, above)
  }
  return writer.result
}

/** The selected member of an element whose members stand in the object around it. */
function selectedWithin(
  writer: RuleWriter,
  outer: ReturnType<typeof ownElementsOf>[number],
  { selected, above }: { readonly selected: string; readonly above: readonly XmlStep[] },
): void {
  if (outer.value.kind !== 'object') return
  const xml = [...above, { name: outer.name.localName }]
  for (const element of ownElementsOf(outer.value.content)) {
    if (element.member.name === selected) writer.element(element, { in: 'body', steps: [] }, xml)
    else if (element.flattened) selectedWithin(writer, element, { selected, above: xml })
    else writer.leaveOut(element, xml)
  }
}

function faultRules({ faults, backend }: OperationMapping): readonly FaultRules[] {
  const detail = backend.soapVersion === '1.1' ? 'detail' : 'Detail'
  return faults.map(({ name, status, element, value }) => {
    const writer = new RuleWriter()
    const xml = [...BODY, { name: 'Fault' }, { name: detail }, { name: element.localName }]
    const rest: RestPlace = { in: 'body', steps: ['fault'] }
    writer.add({ rest, xml, says: `the detail ${element.localName} ↔ fault, with status ${status}` })
    writer.value(value, rest, xml, [])
    return { name, status, ...writer.result }
  })
}
