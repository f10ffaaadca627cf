import type { X509Certificate } from 'node:crypto'
import { randomUUID } from 'node:crypto'
import type { SoapDialect } from '../../soap/envelope.js'
import { escapeText } from '../../xml/escape.js'
import { element, instant, textElement } from '../document/markup.js'
import { DS, SAML_TOKEN_TYPES, WSA, WSP, WST, WST_14, WSU } from '../names.js'
import type { IssuedTokenPolicy } from '../policy.js'
import { assertionMarkup } from '../tokens/assertion.js'

export type TrustAction = 'Issue' | 'Renew' | 'Cancel'

/** What one request to a security token service is about. */
export interface TrustRequest {
  readonly action: TrustAction
  /** The token of the caller, for whom one is asked. */
  readonly callerToken?: string
  /** The token that is renewed or cancelled. */
  readonly target?: string
}

/** The Action of WS-Addressing, and the SOAPAction (WS-Trust 1.3, sections 4.1, 5.1 and 6.1). */
export function trustAction(action: TrustAction): string {
  return `${WST}/RST/${action}`
}

/**
 * Writes the envelope of a RequestSecurityToken (WS-Trust 1.3, sections 3.1, 5 and 6), with the addresses that token services
 * want.
 *
 * @throws AdapterError `request-invalid` where the token of the caller is no SAML assertion
 */
export function trustEnvelope(
  policy: IssuedTokenPolicy,
  { action, callerToken, target }: TrustRequest,
  { namespace }: SoapDialect,
  now: Date,
): string {
  const { endpoint, tokenType, keyType, appliesTo, lifetimeSeconds, proof } = policy
  const isIssue = action === 'Issue'
  const content =
    (action === 'Cancel' ? '' : textElement('wst:TokenType', {}, SAML_TOKEN_TYPES[tokenType])) +
    textElement('wst:RequestType', {}, `${WST}/${action}`) +
    (isIssue
      ? appliesToMarkup(appliesTo) +
        (callerToken === undefined ? '' : caller(callerToken, policy)) +
        textElement('wst:KeyType', {}, `${WST}/${keyType === 'bearer' ? 'Bearer' : 'PublicKey'}`) +
        (proof ? useKey(proof) : '')
      : element(`wst:${action}Target`, {}, target ?? '')) +
    (lifetimeSeconds === undefined || action === 'Cancel' ? '' : lifetime(now, lifetimeSeconds))
  const header =
    textElement('wsa:Action', { 'soap:mustUnderstand': '1' }, trustAction(action)) +
    textElement('wsa:MessageID', {}, `urn:uuid:${randomUUID()}`) +
    element('wsa:ReplyTo', {}, textElement('wsa:Address', {}, `${WSA}/anonymous`)) +
    textElement('wsa:To', { 'soap:mustUnderstand': '1' }, endpoint)
  return (
    `<soap:Envelope xmlns:soap="${namespace}"><soap:Header xmlns:wsa="${WSA}">${header}</soap:Header>` +
    `<soap:Body><wst:RequestSecurityToken xmlns:wst="${WST}">${content}</wst:RequestSecurityToken></soap:Body></soap:Envelope>`
  )
}

function caller(token: string, { callerRole }: IssuedTokenPolicy): string {
  const markup = assertionMarkup(token)
  return callerRole === 'actAs'
    ? element('wst14:ActAs', { 'xmlns:wst14': WST_14 }, markup)
    : element('wst:OnBehalfOf', {}, markup)
}

function appliesToMarkup(address: string): string {
  return `<wsp:AppliesTo xmlns:wsp="${WSP}"><wsa:EndpointReference xmlns:wsa="${WSA}"><wsa:Address>${escapeText(address)}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>`
}

/** WS-Trust 1.3, section 4.2: the signature of the message proves that the key is ours. */
function useKey(certificate: X509Certificate): string {
  const data = textElement('ds:X509Certificate', {}, certificate.raw.toString('base64'))
  return element(
    'wst:UseKey',
    {},
    element('ds:KeyInfo', { 'xmlns:ds': DS }, element('ds:X509Data', {}, data)),
  )
}

function lifetime(now: Date, seconds: number): string {
  const expires = new Date(now.getTime() + seconds * 1000)
  return element(
    'wst:Lifetime',
    { 'xmlns:wsu': WSU },
    textElement('wsu:Created', {}, instant(now)) + textElement('wsu:Expires', {}, instant(expires)),
  )
}
