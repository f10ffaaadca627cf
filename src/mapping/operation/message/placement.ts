import type { SourceLocation } from '../../../base/diagnostic/diagnostic.js'
import { partsOf } from '../../canonical/content-walk.js'
import type { ContentMapping, ObjectMapping, ValueMapping } from '../../canonical/value-mapping.js'
import { checkHeld } from '../../fit/constant.js'
import type { Fitting } from '../../fit/fitting.js'
import type { MemberSpec } from '../../fit/member-spec.js'
import { fitMembers } from '../../fit/members.js'
import type { RequestMember } from '../mapping.js'
import type { Draft, Drafted } from './request-sources.js'

/**
 * Gives each draft its place in the XML.
 *
 * @param at where the contract writes what the object is made from
 * @returns the fitted object, and the members that found a place
 */
export function fitDrafts(
  fitting: Fitting,
  canonical: ObjectMapping,
  drafts: readonly Drafted[],
  at: SourceLocation,
): { readonly object: ObjectMapping; readonly members: readonly RequestMember[] } {
  const specs = drafts.map(({ spec }) => spec)
  const object = fitMembers(fitting, canonical, specs, { at, certain: true })
  const targets = targetsByKey(object)
  for (const { spec, draft } of drafts) checkConstant(fitting, spec, draft, targets.get(draft.key)?.value)
  const members = drafts.flatMap(({ draft }) => {
    const target = targets.get(draft.key)
    return target ? [{ ...draft, ...target }] : []
  })
  return { object, members }
}

/** What is constant can be judged once: a constant or a default that its type cannot hold would fail every request. */
function checkConstant(
  fitting: Fitting,
  spec: MemberSpec,
  draft: Draft,
  value: ValueMapping | undefined,
): void {
  if (draft.source.kind === 'constant' && value && value.kind !== 'scalar' && value.kind !== 'array') {
    fitting.diagnostics.error(
      'request-source',
      `${spec.name} has members of its own; a constant cannot be its value.`,
      fitting.document.locate(spec.schema.pointer),
    )
  }
  if (draft.source.kind !== 'constant')
    checkHeld(fitting, {
      memberSpec: spec,
      value,
      constant: draft.default,
      what: `The default of ${spec.name}`,
    })
  // What stands in the annotation is written as it is: names of the contract for values are no matter there.
  else if (value?.kind === 'scalar' && !value.values)
    checkHeld(fitting, {
      memberSpec: spec,
      value,
      constant: draft.source.value,
      what: `The constant for ${spec.name}`,
    })
}

/** Where each key of the assembled object ended up. */
function targetsByKey(object: ObjectMapping): Map<string, { value: ValueMapping; repeated: boolean }> {
  const targets = new Map<string, { value: ValueMapping; repeated: boolean }>()
  const pending = [object]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const attribute of next.attributes) {
      if (!attribute.member.hidden)
        targets.set(attribute.member.name, { value: attribute.value, repeated: false })
    }
    if (next.text && !next.text.member.hidden)
      targets.set(next.text.member.name, { value: next.text.value, repeated: false })
    for (const part of partsOf(next.content)) {
      const { member } = part
      if (part.kind === 'element' && part.flattened && part.value.kind === 'object') pending.push(part.value)
      else if (!member.hidden)
        targets.set(member.name, { value: valueOf(part, next), repeated: part.maxOccurs > 1 })
    }
  }
  return targets
}

function valueOf(part: ContentMapping, parent: ObjectMapping): ValueMapping {
  if (part.kind === 'element') return part.value
  if (part.kind === 'any') return { kind: 'xml', type: parent.type }
  return { kind: 'object', type: parent.type, attributes: [], content: part }
}
