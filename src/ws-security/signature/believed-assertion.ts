import { createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto'
import { digestOf, isMac, isSignatureOf } from '../algorithms/signature.js'
import { isStrongKey } from '../certificates/certificate.js'
import { type CertificatePath, TrustStore } from '../certificates/trust.js'
import { bytes } from '../document/base64.js'
import { attributeOf, childElements, type ElementNode, textOf } from '../document/document.js'
import type { SignedAnswer } from '../document/signed-answer.js'
import { DS, DSIG_11, SAML, SAML_IDENTIFIERS, WSSE } from '../names.js'
import type { AssertionPolicy, tokenTypes, VerificationPolicy } from '../policy.js'
import { instantOf } from '../tokens/freshness.js'
import { fromX509Data } from '../tokens/key-info.js'
import { ASSERTION, SIGNATURE, untrusted } from '../untrusted.js'
import type { NamedPath } from './believed-message.js'
import { boundedForm, budgetOf, SHORT } from './bounded-form.js'
import { type Accepted, readSignature } from './reader.js'

type Version = (typeof tokenTypes)[number]

/** Whose key it is, as far as the message or the policy says. */
export interface Signer {
  readonly key: KeyObject
  readonly certificate?: X509Certificate
  /** What the belief rests on. */
  readonly paths: readonly NamedPath[]
}

type ConfirmedKey = Omit<Signer, 'paths'>

/**
 * The wsse:KeyIdentifier by which a wsse:SecurityTokenReference names an assertion (SAML Token Profile 1.1, section 3.4).
 *
 * @returns undefined for any other reference
 */
export function assertionIdentifier(
  reference: ElementNode | undefined,
): { readonly version: Version; readonly id: string } | undefined {
  const [only, ...more] = reference ? childElements(reference) : []
  if (only?.name !== `{${WSSE}}KeyIdentifier` || more.length > 0) return undefined
  const valueType = attributeOf(only, 'ValueType')
  const version = (['saml-2.0', 'saml-1.1'] as const).find((each) => SAML_IDENTIFIERS[each] === valueType)
  return version && { version, id: textOf(only) ?? '' }
}

/**
 * The assertion of wsse:Security that has an ID which nothing else in the message has.
 *
 * @returns undefined where there is none
 */
export function assertionIn(
  { security, bearers }: SignedAnswer,
  id: string,
  versions: readonly Version[] = ['saml-2.0', 'saml-1.1'],
): ElementNode | undefined {
  if (bearers.get(id) !== 1) return undefined
  return (security ? childElements(security) : []).find((token) =>
    versions.some((version) => isAssertion(token, version) && idOf(token, version) === id),
  )
}

const NAMESPACES: Readonly<Record<Version, string>> = { 'saml-2.0': SAML[0] ?? '', 'saml-1.1': SAML[1] ?? '' }
const METHODS: Readonly<Record<Version, string>> = {
  'saml-2.0': 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key',
  'saml-1.1': 'urn:oasis:names:tc:SAML:1.0:cm:holder-of-key',
}

function isAssertion({ localName, namespace }: ElementNode, version: Version): boolean {
  return localName === 'Assertion' && namespace === NAMESPACES[version]
}

function idOf(assertion: ElementNode, version: Version): string | undefined {
  return attributeOf(assertion, version === 'saml-2.0' ? 'ID' : 'AssertionID')
}

/**
 * Judges assertions that come with messages before the keys which they confirm count (SAML Token Profile 1.1, sections 3.5.1
 * and 3.6; SAML 2.0 core, sections 2.4, 2.5 and 5.4; SAML 1.1 core, sections 2.3 and 2.4).
 */
export class BelievedAssertions {
  readonly #policy: AssertionPolicy
  readonly #accepted: Accepted
  readonly #skewMs: number
  readonly #trust: TrustStore

  constructor(policy: AssertionPolicy, verification: VerificationPolicy) {
    this.#policy = policy
    // No secret is shared with an issuer.
    this.#accepted = { sha1: verification.sha1, inclusive: verification.inclusive, isEnveloped: true }
    this.#skewMs = verification.clockSkewSeconds * 1000
    this.#trust = new TrustStore(policy.trust, policy.certificates, {
      name: 'verify.assertion.trust',
      sha1: verification.sha1,
    })
  }

  /**
   * The key that an assertion of the message confirms, once the assertion is believed.
   *
   * @param now milliseconds since 1970
   * @throws AdapterError `backend-untrusted`
   */
  holder(
    { version, id }: { readonly version: Version; readonly id: string },
    answer: SignedAnswer,
    now: number,
  ): Signer {
    const assertion = assertionIn(answer, id, [version])
    if (!assertion) {
      throw untrusted(
        'KeyInfo refers to an assertion that is not one of wsse:Security, of the version that the reference says, with an ID of its own; encrypted assertions are not supported',
        SIGNATURE,
      )
    }
    const path = this.#issuer(assertion, id, answer, now)
    this.#checkConditions(assertion, now)
    this.#checkNames(assertion, version)
    return { ...this.#confirmed(assertion, version, now), paths: [{ path, of: 'the assertion’s issuer' }] }
  }

  /** Judges its own signature, enveloped, which covers all of it. */
  #issuer(assertion: ElementNode, id: string, answer: SignedAnswer, now: number): CertificatePath {
    const [element, ...more] = childElements(assertion).filter(({ name }) => name === `{${DS}}Signature`)
    if (!element || more.length > 0) {
      throw untrusted('The assertion is not signed by its issuer, with one signature of its own', ASSERTION)
    }
    const { document } = answer
    const signature = readSignature(element, this.#accepted)
    const [reference, ...others] = signature.references
    if (reference?.uri !== `#${id}` || reference.isToTokenReference || others.length > 0) {
      throw untrusted('The signature of the assertion does not cover the assertion, and it alone', ASSERTION)
    }
    const [data, ...rest] = childElements(signature.keyInfo)
    if (data?.name !== `{${DS}}X509Data` || rest.length > 0) {
      throw untrusted('The signature of the assertion does not name a certificate by X509Data', ASSERTION)
    }
    const { certificate, offered } = fromX509Data(data, {
      known: [...this.#policy.certificates, ...this.#policy.trust],
      parse: (der) => this.#trust.certificate(der),
      unknown:
        'The signature of the assertion refers to a certificate that is neither in verify.assertion.certificates nor in verify.assertion.trust',
      unreadable: 'The certificate of the assertion’s issuer cannot be read',
    })
    const belief = this.#trust.judge(certificate, now, offered)
    if ('problem' in belief) {
      throw untrusted(`The certificate of the assertion’s issuer ${belief.problem}`, ASSERTION)
    }
    const { signedInfo, canonicalization, algorithm, value } = signature
    const info = boundedForm(signedInfo, { canonicalization, document, length: SHORT })
    if (isMac(algorithm) || !isSignatureOf(info.bytes, algorithm, certificate.publicKey, value)) {
      throw untrusted(
        'The signature of the assertion is not that of its certificate over SignedInfo',
        ASSERTION,
      )
    }
    const unsigned = { ...assertion, children: assertion.children.filter((child) => child !== element) }
    const form = boundedForm(unsigned, {
      canonicalization: reference.canonicalization,
      document,
      length: budgetOf(document),
    })
    if (!digestOf(form.bytes, reference.digest).equals(reference.value)) {
      throw untrusted('The assertion has been changed since its issuer signed it', ASSERTION)
    }
    return belief.path
  }

  #checkConditions(assertion: ElementNode, now: number): void {
    const conditions = child(assertion, 'Conditions')
    const end = conditions && attributeOf(conditions, 'NotOnOrAfter')
    if (!conditions || end === undefined) {
      throw untrusted('The assertion does not say how long it holds (Conditions, NotOnOrAfter)', ASSERTION)
    }
    this.#checkTime(conditions, now, 'The assertion')
    const { audience } = this.#policy
    let isForUs = audience === undefined
    for (const condition of childElements(conditions)) {
      if (NO_CONDITION_FOR_US.has(condition.localName)) continue
      if (!AUDIENCES.has(condition.localName) || condition.namespace !== assertion.namespace) {
        throw untrusted('The assertion has a condition that is not supported', ASSERTION)
      }
      const audiences = childElements(condition).map((each) => textOf(each))
      if (audience === undefined || !audiences.includes(audience)) {
        throw untrusted('The assertion is for other audiences than verify.assertion.audience', ASSERTION)
      }
      isForUs = true
    }
    if (!isForUs) {
      throw untrusted(
        'The assertion does not say for which audience it is, and verify.assertion.audience asks for one',
        ASSERTION,
      )
    }
  }

  /** Of Conditions and of SubjectConfirmationData. */
  #checkTime(element: ElementNode, now: number, what: string): void {
    const [from, end] = ['NotBefore', 'NotOnOrAfter'].map((name) => attributeOf(element, name))
    if (from !== undefined && instantOf(from, 'NotBefore', ASSERTION) > now + this.#skewMs) {
      throw untrusted(
        `${what} does not hold yet; compare the clocks, or raise verify.clockSkewSeconds`,
        ASSERTION,
      )
    }
    if (end !== undefined && instantOf(end, 'NotOnOrAfter', ASSERTION) <= now - this.#skewMs) {
      throw untrusted(`${what} has expired`, ASSERTION)
    }
  }

  #checkNames(assertion: ElementNode, version: Version): void {
    const { issuer, subject } = this.#policy
    const says = version === 'saml-2.0' ? textIn(assertion, 'Issuer') : attributeOf(assertion, 'Issuer')
    if (issuer !== undefined && says !== issuer) {
      throw untrusted('The assertion is of another issuer than verify.assertion.issuer', ASSERTION)
    }
    if (subject === undefined) return
    const names = subjectsOf(assertion, version).map((each) =>
      textIn(each, version === 'saml-2.0' ? 'NameID' : 'NameIdentifier'),
    )
    if (names.length === 0 || names.some((name) => name !== subject)) {
      throw untrusted('The assertion is of another subject than verify.assertion.subject', ASSERTION)
    }
  }

  /** Where, and by whom, SubjectConfirmationData lets the assertion be used (SAML 2.0 core, section 2.4.1.2). */
  #checkUse(data: ElementNode): void {
    const recipient = attributeOf(data, 'Recipient')
    if (recipient !== undefined && recipient !== this.#policy.audience) {
      throw untrusted(
        'The confirmation of the assertion’s subject is for another Recipient than verify.assertion.audience',
        ASSERTION,
      )
    }
    const unknown = UNCHECKED.find((name) => attributeOf(data, name) !== undefined)
    if (unknown !== undefined) {
      throw untrusted(
        `The confirmation of the assertion’s subject has ${unknown}, which cannot be checked here: the issuer should leave it out`,
        ASSERTION,
      )
    }
  }

  #confirmed(assertion: ElementNode, version: Version, now: number): ConfirmedKey {
    const confirmations = subjectsOf(assertion, version)
      .flatMap((subject) => childElements(subject))
      .filter(({ localName }) => localName === 'SubjectConfirmation')
      .filter((each) => methodsOf(each, version).includes(METHODS[version]))
    const holders = confirmations.map((each): ConfirmedKey => {
      const data = version === 'saml-2.0' ? child(each, 'SubjectConfirmationData') : each
      if (data) {
        this.#checkTime(data, now, 'The confirmation of the assertion’s subject')
        this.#checkUse(data)
      }
      const [keyInfo, ...more] = (data ? childElements(data) : []).filter(
        ({ name }) => name === `{${DS}}KeyInfo`,
      )
      if (!keyInfo || more.length > 0) {
        throw untrusted('The assertion confirms its subject by something else than one key', ASSERTION)
      }
      return keyIn(keyInfo)
    })
    const [holder, ...others] = holders
    if (!holder) {
      throw untrusted(
        'The assertion confirms no key (holder-of-key): it says nothing of who signed',
        ASSERTION,
      )
    }
    if (others.some(({ key }) => !key.equals(holder.key))) {
      throw untrusted('The assertion confirms several keys', ASSERTION)
    }
    if (!isStrongKey(holder.key)) {
      throw untrusted(
        'The assertion confirms a key that is too short or of a kind that is not supported',
        ASSERTION,
      )
    }
    return holder
  }
}

/** SAML 2.0 core, section 2.5.1, and SAML 1.1 core, section 2.3.2.1: what whoever reads one message need not heed. */
const NO_CONDITION_FOR_US = new Set(['OneTimeUse', 'ProxyRestriction', 'DoNotCacheCondition'])
/** No request of the SAML protocol was sent, and addresses are those of proxies. */
const UNCHECKED = ['InResponseTo', 'Address']
const AUDIENCES = new Set(['AudienceRestriction', 'AudienceRestrictionCondition'])

/** SAML 1.1 has a subject in each of its statements. */
function subjectsOf(assertion: ElementNode, version: Version): ElementNode[] {
  const parents = version === 'saml-2.0' ? [assertion] : childElements(assertion)
  return parents.flatMap((each) =>
    childElements(each).filter(
      ({ localName, namespace }) => localName === 'Subject' && namespace === NAMESPACES[version],
    ),
  )
}

function methodsOf(confirmation: ElementNode, version: Version): (string | undefined)[] {
  if (version === 'saml-2.0') return [attributeOf(confirmation, 'Method')]
  return childElements(confirmation)
    .filter(({ localName }) => localName === 'ConfirmationMethod')
    .map((method) => textOf(method))
}

function child(parent: ElementNode, localName: string): ElementNode | undefined {
  return childElements(parent).find(
    (each) => each.localName === localName && each.namespace === parent.namespace,
  )
}

function textIn(parent: ElementNode, localName: string): string | undefined {
  const found = child(parent, localName)
  return found && textOf(found)
}

/** XML Signature 1.1, sections 4.5.2 and 4.5.4: a certificate, or a key alone, for which the issuer vouches. */
function keyIn(keyInfo: ElementNode): ConfirmedKey {
  const [only, ...more] = childElements(keyInfo)
  const [first] = only ? childElements(only) : []
  if (only && more.length === 0) {
    try {
      if (only.name === `{${DS}}X509Data` && first?.name === `{${DS}}X509Certificate`) {
        const certificate = new X509Certificate(bytes(first))
        return { key: certificate.publicKey, certificate }
      }
      if (only.name === `{${DS}}KeyValue` && first) return { key: keyValue(first) }
    } catch {
      throw untrusted('The key that the assertion confirms cannot be read', ASSERTION)
    }
  }
  throw untrusted(
    'The assertion confirms its key otherwise than by an X509Certificate or a KeyValue; symmetric keys (EncryptedKey) are not supported',
    ASSERTION,
  )
}

const CURVES: Readonly<Record<string, string>> = {
  'urn:oid:1.2.840.10045.3.1.7': 'P-256',
  'urn:oid:1.3.132.0.34': 'P-384',
  'urn:oid:1.3.132.0.35': 'P-521',
}

/** @throws Error where it is neither an RSA key nor a point on a curve that we know */
function keyValue(value: ElementNode): KeyObject {
  const [first, second] = childElements(value)
  if (!first || !second) throw new Error('no key')
  const jwk: JsonWebKey =
    value.name === `{${DS}}RSAKeyValue`
      ? { kty: 'RSA', n: bytes(first).toString('base64url'), e: bytes(second).toString('base64url') }
      : pointOf(value, first, second)
  return createPublicKey({ format: 'jwk', key: jwk })
}

/** XML Signature 1.1, section 4.5.2.3: NamedCurve, then the point, uncompressed. */
function pointOf({ name }: ElementNode, curve: ElementNode, point: ElementNode): JsonWebKey {
  const crv = CURVES[attributeOf(curve, 'URI') ?? '']
  const octets = bytes(point)
  const length = (octets.length - 1) / 2
  if (name !== `{${DSIG_11}}ECKeyValue` || crv === undefined || octets[0] !== 4) throw new Error('no point')
  const [x, y] = [octets.subarray(1, 1 + length), octets.subarray(1 + length)]
  return { kty: 'EC', crv, x: x.toString('base64url'), y: y.toString('base64url') }
}
