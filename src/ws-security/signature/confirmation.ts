import { attributeOf, childElements, type ElementNode } from '../document/document.js'
import type { SignedAnswer } from '../document/signed-answer.js'
import { WSSE_11 } from '../names.js'
import type { VerificationPolicy } from '../policy.js'
import type { SentMessage } from '../tokens/call-key.js'
import { CONFIRMATION, untrusted } from '../untrusted.js'

/**
 * Checks that a response is to the request that was sent, by the values of its signatures (SOAP Message Security 1.1, section 8.5): each is
 * confirmed, and no other. A request without a signature is confirmed by an element without a value.
 *
 * @param signed what the signature of the response covers
 * @throws AdapterError `backend-untrusted`
 */
export function checkConfirmations(
  { security }: SignedAnswer,
  signed: ReadonlySet<ElementNode>,
  { confirmation }: VerificationPolicy,
  sent: SentMessage | undefined,
): void {
  const found = (security ? childElements(security) : []).filter(
    ({ name }) => name === `{${WSSE_11}}SignatureConfirmation`,
  )
  if (found.length === 0 && !confirmation) return
  if (found.length === 0)
    throw untrusted('The response does not confirm the signatures of its request', CONFIRMATION)
  if (!found.every((each) => signed.has(each))) {
    throw untrusted('A SignatureConfirmation is not signed together with the soap:Body', CONFIRMATION)
  }
  // Whoever decodes a response apart from its call has nothing to compare with.
  if (!sent && !confirmation) return
  const expected = sent?.signatures.map((value) => value.toString('base64')) ?? []
  const values = found.map((each) =>
    Buffer.from(attributeOf(each, 'Value') ?? '', 'base64').toString('base64'),
  )
  const asked = expected.length === 0 ? [''] : expected
  const isSame = values.length === asked.length && asked.every((each) => values.includes(each))
  if (!sent || !isSame) {
    throw untrusted('The response confirms other signatures than those of its request', CONFIRMATION)
  }
}
