import { AdapterError } from '../../base/errors.js'
import type { Binary } from '../../json/value.js'
import type { AttachedMember } from '../../mapping/operation/mapping.js'
import { covers } from '../../openapi/media-type.js'
import { contentIdOf, type MessagePart, type ReceivedAttachments } from '../../soap/xop.js'
import type { MimePart } from '../../wsdl/model.js'

/**
 * Finds the parts that the WSDL declares among those that came. A Content-ID tells the part that it begins with (WS-I
 * Attachments Profile 1.0, section 3.8: `name=…`); stacks that are older than that rule send parts in the order of
 * the binding. Where nothing vouches for the order, one that is left is told by there being no other.
 */
export function declaredParts(
  declared: readonly MimePart[],
  received: ReceivedAttachments | undefined,
): ReadonlyMap<string, MessagePart> {
  const found = new Map<string, MessagePart>()
  let left = received?.unreferred ?? []
  for (const { part } of declared) {
    const match = left.find(({ contentId }) => contentId !== undefined && names(contentId, part))
    if (!match) continue
    found.set(part, match)
    left = left.filter((other) => other !== match)
  }
  const open = declared.filter(({ part }) => !found.has(part))
  if (received?.areOrdered === false && (open.length > 1 || left.length > 1)) return found
  for (const { part, types } of open) {
    const next = left.find(({ mediaType }) => isOneOf(types, mediaType))
    if (!next) continue
    found.set(part, next)
    left = left.filter((other) => other !== next)
  }
  return found
}

/**
 * The members of a response that came beside the envelope.
 *
 * @throws AdapterError `backend-mismatch` where one that the contract requires did not come
 */
export function attachedMembers(
  declared: readonly AttachedMember[],
  received: ReceivedAttachments | undefined,
): ReadonlyMap<string, Binary> {
  const found = declaredParts(declared, received)
  const members = new Map<string, Binary>()
  for (const { part, member, required } of declared) {
    const attachment = found.get(part)
    if (attachment && received) members.set(member, received.taken(attachment))
    else if (required) throw new AdapterError('backend-mismatch', `The response has no attachment ${part}.`)
  }
  return members
}

function names(contentId: string, part: string): boolean {
  const [name = ''] = contentId.split('=')
  return name === part || contentIdOf(`cid:${name}`) === part
}

function isOneOf(types: readonly string[], mediaType: string | undefined): boolean {
  return types.length === 0 || mediaType === undefined || types.some((type) => covers(type, mediaType))
}
