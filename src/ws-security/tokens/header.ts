import { element, instant, newId, textElement } from '../document/markup.js'
import { DS, SAML, WSSE, WSU, XENC } from '../names.js'
import type {
  EncryptedPart,
  SignedPart,
  TimestampPolicy,
  TokenPolicies,
  WsSecurityPolicy,
} from '../policy.js'
import type { CallKey } from './call-key.js'
import type { DerivedKey } from './derived-key.js'
import { binarySecurityToken } from './key-reference.js'
import { usernameToken } from './username-token.js'

/** What one message is secured with. */
export interface MessageContext {
  readonly now: Date
  /** A name for the token that the signature refers to. */
  readonly tokenId: string
  /** That is made of the password, where the policy signs with it. */
  readonly derivedKey?: DerivedKey | undefined
  /** That is made for the call, where the policy asks for one. */
  readonly callKey?: CallKey | undefined
  /** What only the call knows; nothing where the policy has none. */
  readonly assertion: string
}

/** One kind of token in the wsse:Security header. */
interface Token {
  /** In Clark notation, and what `signature.parts` calls it; absent where it cannot be signed. */
  readonly signed?: { readonly name: string; readonly part: SignedPart }
  /** @returns what writes the token, or undefined where the policy does not ask for it */
  readonly applies: (policy: TokenPolicies) => ((context: MessageContext) => string) | undefined
}

/** Every token, in the order of the header; the signature, which covers them, comes last. */
const tokens: readonly Token[] = [
  {
    signed: { name: `{${WSU}}Timestamp`, part: 'timestamp' },
    applies: ({ timestamp }) => timestamp && (({ now }) => timestampMarkup(timestamp, now)),
  },
  {
    signed: { name: `{${XENC}}EncryptedKey`, part: 'token' },
    applies: ({ symmetric }) => symmetric && (({ callKey }) => callKey?.markup ?? ''),
  },
  {
    signed: { name: `{${WSSE}}BinarySecurityToken`, part: 'token' },
    applies: ({ signature }) =>
      signature?.reference === 'binary-token'
        ? ({ tokenId }) => binarySecurityToken(signature.key.certificate, tokenId)
        : undefined,
  },
  {
    signed: { name: `{${WSSE}}UsernameToken`, part: 'username' },
    applies: ({ username }) => username && ((context) => usernameToken(username, context)),
  },
  { applies: ({ saml }) => (saml ? ({ assertion }) => assertion : undefined) },
]

/** Compiles what writes the tokens of a policy, those that come before the signature. */
export function compileTokens(policy: TokenPolicies): (context: MessageContext) => string {
  const writers = tokens.flatMap(({ applies }) => applies(policy) ?? [])
  return (context) => writers.map((write) => write(context)).join('')
}

/** Does the policy ask for a wsse:Security header in requests? */
export function asksForHeader(policy: WsSecurityPolicy): boolean {
  if (policy.signature || policy.encryption) return true
  return tokens.some(({ applies }) => applies(policy) !== undefined)
}

/** What `signature.parts` calls each token that can be signed, by its name in Clark notation. */
export const signedTokens: ReadonlyMap<string, SignedPart> = new Map(
  tokens.flatMap(({ signed }) => (signed ? [[signed.name, signed.part]] : [])),
)

/** What `encryption.parts` calls each child of wsse:Security that can be encrypted, by its name in Clark notation. */
export const encryptedTokens: ReadonlyMap<string, EncryptedPart> = new Map([
  [`{${WSSE}}UsernameToken`, 'username'],
  [`{${DS}}Signature`, 'signature'],
  ...SAML.map((namespace) => [`{${namespace}}Assertion`, 'saml'] as const),
])

/** SOAP Message Security 1.1, section 10. */
function timestampMarkup({ ttlSeconds }: TimestampPolicy, now: Date): string {
  const expires = new Date(now.getTime() + ttlSeconds * 1000)
  return element(
    'wsu:Timestamp',
    { 'wsu:Id': newId('TS') },
    textElement('wsu:Created', {}, instant(now)) + textElement('wsu:Expires', {}, instant(expires)),
  )
}
