import type { Attachment } from '../../soap/xop.js'
import type { AttachmentCoverage } from '../attachments/form.js'
import type { ElementNode } from '../document/document.js'
import type { SignedAnswer } from '../document/signed-answer.js'
import type { SecretSigner } from '../tokens/username-signer.js'
import { BODY, HEADER, TIMESTAMP, untrusted } from '../untrusted.js'
import type { Signer } from './believed-assertion.js'
import type { SignatureElement } from './reader.js'

/** A signature that is believed. */
export interface Believed {
  readonly element: ElementNode
  readonly signature: SignatureElement
  readonly signer: Signer | SecretSigner
  readonly covered: ReadonlySet<ElementNode>
  readonly attachments: ReadonlyMap<Attachment, AttachmentCoverage>
}

/** What one signature vouches for: what it covers, and what the signatures that it covers do. */
export interface Coverage {
  readonly elements: ReadonlySet<ElementNode>
  readonly attachments: ReadonlyMap<Attachment, AttachmentCoverage>
  /** That signature, and those that it covers. */
  readonly believed: readonly Believed[]
}

/**
 * What is signed together with the soap:Body. Parts that different signatures cover are of one message only where one of them covers the
 * other: else whoever is on the way could take each with its signature from another message.
 *
 * @param required what must be signed beside the body
 * @throws AdapterError `backend-untrusted`
 */
export function coverageOf(
  believed: readonly Believed[],
  required: readonly ElementNode[],
  { body, timestamp }: SignedAnswer,
): Coverage {
  // Two that cover the body are not of one message for that: bodies can be alike.
  const [best] = believed
    .map((each) => vouchedFor(each, believed))
    .filter(({ elements }) => elements.has(body))
    .sort(
      (a, b) =>
        met(required, b) - met(required, a) ||
        b.attachments.size - a.attachments.size ||
        b.elements.size - a.elements.size,
    )
  if (!best) throw untrusted('The soap:Body is not signed', BODY)
  const missing = required.find((each) => !best.elements.has(each))
  if (!missing) return best
  const [what, path] =
    missing === timestamp
      ? ['The Timestamp', TIMESTAMP]
      : ['A header that must be signed', `${HEADER}/${missing.localName}`]
  if (!believed.some(({ covered }) => covered.has(missing))) throw untrusted(`${what} is not signed`, path)
  throw untrusted(
    `${what} and the soap:Body are signed apart, so that they could be of two messages: one signature must cover both, or cover the signature over the other`,
    path,
  )
}

function met(required: readonly ElementNode[], { elements }: Coverage): number {
  return required.filter((each) => elements.has(each)).length
}

function vouchedFor(first: Believed, all: readonly Believed[]): Coverage {
  const believed = new Set([first])
  // A set gives what is added while it is gone through.
  for (const { covered } of believed) {
    for (const other of all) if (covered.has(other.element)) believed.add(other)
  }
  const elements = new Set([...believed].flatMap(({ covered }) => [...covered]))
  const attachments = new Map<Attachment, AttachmentCoverage>()
  for (const [part, coverage] of [...believed].flatMap((each) => [...each.attachments])) {
    if (attachments.get(part) !== 'complete') attachments.set(part, coverage)
  }
  return { elements, attachments, believed: [...believed] }
}
