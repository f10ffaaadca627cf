import { kebab } from '../words/names.js'
import { isNamedAfter, ownerOf, withoutOwner } from './anchors.js'
import type { Route } from './route.js'
import { plural, type Subject } from './subject.js'

const joins = new Set(
  'add attach assign associate link include enroll enrol join bind grant register map put insert append connect subscribe place pin knytt'.split(
    ' ',
  ),
)
const parts = new Set(
  (
    'remove detach unassign disassociate dissociate unassociate unlink exclude unenroll unenrol leave revoke delete unbind unmap ' +
    'disconnect unsubscribe deregister unregister unpin fjern'
  ).split(' '),
)

/** `addPrincipalToRole` and `removePrincipalFromRole`: `/roles/{role}/principals/{principal}`. */
export function linkRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const { name, inputs } = subject
  const verb = name.verb ?? ''
  const isJoin = joins.has(verb)
  if ((!isJoin && !parts.has(verb)) || name.owner.length === 0) return []
  const owner = ownerOf(subject, noun)
  const rest = withoutOwner(noun, name.owner)
  const members = plural(rest, subject)
  if (!owner) {
    if (!/^(?:to|from)$/.test(name.tail[0] ?? '')) return []
    const collection = kebab([...name.owner, members])
    return [{ method: 'post', segments: isJoin ? [collection] : [collection, verb], query: [] }]
  }
  const left = inputs.scalars.filter((scalar) => !owner.taken.includes(scalar))
  const own = left.find((scalar) => isNamedAfter(scalar, rest))
  const isAll = inputs.others.length === 0 && !inputs.isOpen && left.length === (own ? 1 : 0)
  const base = [...owner.segments, members]
  if (own && isAll && own.required)
    return [{ method: isJoin ? 'put' : 'delete', segments: [...base, own], query: [] }]
  if (isJoin) return [{ method: 'post', segments: base, query: [] }]
  return [
    ...(left.length + inputs.others.length === 0 && !inputs.isOpen
      ? [{ method: 'delete' as const, segments: base, query: [] }]
      : []),
    { method: 'post', segments: [...base, verb], query: [] },
  ]
}
