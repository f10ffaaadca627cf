import type { MimePart } from '../../../wsdl/model.js'
import { builtInType } from '../../../xsd/model/built-in-types.js'
import { memberName } from '../../canonical/member-names.js'
import { scalar } from '../../canonical/scalar.js'
import type { Fitting } from '../../fit/fitting.js'
import type { MemberSpec } from '../../fit/member-spec.js'
import type { OperationJoin } from '../both-sides.js'
import type { AttachedMember, SentAttachment } from '../mapping.js'
import type { Drafted } from './request-sources.js'

/** Bytes as a text, whatever the type of the part: mime:content says that they are sent as they are (WSDL 1.1, 5). */
const bytes = scalar(builtInType('base64Binary'))

/** The part that the WSDL carries beside the envelope and a target or member names. */
export function partNamed(parts: readonly MimePart[], target: string): MimePart | undefined {
  return parts.find(({ part }) => part === target)
}

/**
 * Takes what is for parts beside the envelope from among the drafts.
 *
 * @returns the attachments, and the drafts of the body
 */
export function splitAttachments(
  { soap, diagnostics, document, annotation }: OperationJoin,
  drafts: readonly Drafted[],
): { readonly attachments: readonly SentAttachment[]; readonly inBody: readonly Drafted[] } {
  const { attachments: parts } = soap.input
  const attachments: SentAttachment[] = []
  const inBody: Drafted[] = []
  for (const drafted of drafts) {
    const part = partOf(parts, drafted.spec)
    if (!part || attachments.some((other) => other.part === part.part)) inBody.push(drafted)
    else attachments.push(attachmentOf(part, drafted))
  }
  const unsent = parts.filter(({ part }) => !attachments.some((attachment) => attachment.part === part))
  if (unsent.length > 0) {
    const names = unsent.map(({ part }) => part).join(', ')
    diagnostics.warning(
      'attachment-unsent',
      `${soap.name} declares the attachments ${names}, which are not sent: name their sources in x-soap.request.`,
      document.locate(annotation.pointer),
      [{ message: 'the WSDL operation', at: soap.at }],
    )
  }
  return { attachments, inBody }
}

function attachmentOf({ part, types }: MimePart, { spec, draft }: Drafted): SentAttachment {
  return { part, types, required: spec.required, member: { ...draft, value: bytes, repeated: false } }
}

/** A target is the part's name; a member is, or its JSON name is. */
function partOf(parts: readonly MimePart[], { path, name, view }: MemberSpec): MimePart | undefined {
  if (path) return path.length === 1 ? partNamed(parts, path[0] ?? '') : undefined
  const named = partNamed(parts, view.xml.name ?? name)
  return named ?? parts.find(({ part }) => memberName(part) === name)
}

/**
 * Takes the members that parts of the response give from among those of the body.
 *
 * @returns the parts with their members, and what the envelope has to give
 */
export function splitMembers(
  { soap }: OperationJoin,
  specs: readonly MemberSpec[],
  fitting: Fitting,
): { readonly attached: readonly AttachedMember[]; readonly inBody: readonly MemberSpec[] } {
  const parts = soap.output?.attachments ?? []
  const attached: AttachedMember[] = []
  const inBody: MemberSpec[] = []
  for (const spec of specs) {
    const part = partOf(parts, spec)
    if (!part) inBody.push(spec)
    else if (fitting.expectType(spec.view, 'string', soap.at, 'it is an attachment, in base64')) {
      attached.push({ ...part, member: spec.name, required: spec.required })
    }
  }
  return { attached, inBody }
}
