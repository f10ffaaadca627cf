import { assertionIdentifier, BelievedAssertions, type Signer } from './believed-assertion.js'
import { distinguishedName, sameDistinguishedName } from './certificate.js'
import { childElements, type ElementNode } from './document.js'
import { WSSE } from './names.js'
import type { VerificationPolicy } from './policy.js'
import type { SignedAnswer } from './signed-answer.js'
import { signerOf } from './signer.js'
import { TrustStore } from './trust.js'
import { SIGNATURE, untrusted } from './untrusted.js'

/** Says who has signed, and whether a policy believes them: before their key is used. */
export class Signers {
  readonly #policy: VerificationPolicy
  readonly #trust: TrustStore
  readonly #assertions: BelievedAssertions | undefined

  constructor(policy: VerificationPolicy) {
    this.#policy = policy
    this.#trust = new TrustStore(policy.trust, policy.certificates)
    this.#assertions = policy.assertion && new BelievedAssertions(policy.assertion, policy)
  }

  /**
   * @param now milliseconds since 1970
   * @throws AdapterError `backend-untrusted`
   */
  believed(keyInfo: ElementNode, answer: SignedAnswer, now: number): Signer {
    const signer = this.#signer(keyInfo, answer, now)
    const { certificateSubject } = this.#policy
    const { certificate } = signer
    if (
      certificateSubject !== undefined &&
      !(certificate && sameDistinguishedName(distinguishedName(certificate.subject), certificateSubject))
    ) {
      throw untrusted('The response is signed by another subject than verify.certificateSubject', SIGNATURE)
    }
    return signer
  }

  #signer(keyInfo: ElementNode, answer: SignedAnswer, now: number): Signer {
    const [reference, ...more] = childElements(keyInfo)
    const isReference = reference?.name === `{${WSSE}}SecurityTokenReference` && more.length === 0
    const identifier = isReference ? assertionIdentifier(reference) : undefined
    if (identifier) {
      if (this.#assertions) return this.#assertions.holder(identifier, answer, now)
      throw untrusted(
        'KeyInfo refers to a SAML assertion, and verify.assertion does not say whose assertions are believed',
        SIGNATURE,
      )
    }
    const { certificate, offered } = signerOf(keyInfo, answer, {
      known: [...this.#policy.certificates, ...this.#policy.trust],
      parse: (der) => this.#trust.certificate(der),
    })
    const belief = this.#trust.judge(certificate, now, offered)
    if ('problem' in belief) {
      throw untrusted(`The certificate of the signature ${belief.problem}`, SIGNATURE)
    }
    const paths = [{ path: belief.path, of: 'the signature' as const }]
    return { key: certificate.publicKey, certificate, paths }
  }
}
