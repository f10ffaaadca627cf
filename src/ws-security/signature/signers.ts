import { distinguishedName, sameDistinguishedName } from '../certificates/certificate.js'
import { TrustStore } from '../certificates/trust.js'
import { attributeOf, childElements, type ElementNode } from '../document/document.js'
import { referenced, type SignedAnswer } from '../document/signed-answer.js'
import { USERNAME_TOKEN, WSSE } from '../names.js'
import type { VerificationPolicy } from '../policy.js'
import { namedCallKey, type SentMessage } from '../tokens/call-key.js'
import { signerOf } from '../tokens/key-info.js'
import { isUsernameToken, type SecretSigner, UsernameSigner } from '../tokens/username-signer.js'
import { SIGNATURE, untrusted } from '../untrusted.js'
import { assertionIdentifier, BelievedAssertions, type Signer } from './believed-assertion.js'

/** Says who has signed, and whether a policy believes them: before their key is used. */
export class Signers {
  readonly #policy: VerificationPolicy
  readonly #username: UsernameSigner | undefined
  readonly #trust: TrustStore
  readonly #assertions: BelievedAssertions | undefined

  /** @param isOwn whether a salt of a UsernameToken is one that we have sent */
  constructor(policy: VerificationPolicy, isOwn: (salt: Buffer) => boolean) {
    this.#policy = policy
    this.#username = policy.username && new UsernameSigner(policy.username, isOwn)
    this.#trust = new TrustStore(policy.trust, policy.certificates, { sha1: policy.sha1 })
    this.#assertions = policy.assertion && new BelievedAssertions(policy.assertion, policy)
  }

  /**
   * @param now milliseconds since 1970
   * @param sent the request that a response is to
   * @throws AdapterError `backend-untrusted`
   */
  believed(
    keyInfo: ElementNode,
    answer: SignedAnswer,
    now: number,
    sent: SentMessage | undefined,
  ): Signer | SecretSigner {
    if (this.#policy.symmetric) return callSigner(keyInfo, answer, sent)
    const token = usernameTokenOf(keyInfo, answer)
    if (token) {
      if (this.#username) return this.#username.signer(token)
      throw untrusted(
        'KeyInfo refers to a UsernameToken, and verify.username does not say with whose password messages are signed',
        SIGNATURE,
      )
    }
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

/** Whoever knows the key of the call: nobody but the backend, for which it was encrypted. */
function callSigner(keyInfo: ElementNode, answer: SignedAnswer, sent: SentMessage | undefined): SecretSigner {
  const [reference, ...more] = childElements(keyInfo)
  const isReference = reference?.name === `{${WSSE}}SecurityTokenReference` && more.length === 0
  const secret = namedCallKey(isReference ? reference : undefined, answer, sent)
  const name = `call ${sent?.key?.name.toString('base64') ?? ''}`
  return { secret: () => secret, isOfPassword: false, name, paths: [] }
}

/** The UsernameToken that ds:KeyInfo refers to (UsernameToken Profile 1.1, section 3.1); undefined for what it else names. */
function usernameTokenOf(keyInfo: ElementNode, answer: SignedAnswer): ElementNode | undefined {
  const [reference, ...more] = childElements(keyInfo)
  if (reference?.name !== `{${WSSE}}SecurityTokenReference` || more.length > 0) return undefined
  const [only, ...others] = childElements(reference)
  if (only?.name !== `{${WSSE}}Reference` || others.length > 0) return undefined
  const tokens = answer.security ? childElements(answer.security) : []
  const token = referenced(attributeOf(only, 'URI'), tokens, answer)
  if (!isUsernameToken(token)) return undefined
  const valueType = attributeOf(only, 'ValueType')
  if (valueType === undefined || valueType === USERNAME_TOKEN) return token
  throw untrusted('KeyInfo refers to a UsernameToken as if it were a token of another kind', SIGNATURE)
}
