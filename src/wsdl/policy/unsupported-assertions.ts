/** Assertions of policies that soapstone cannot meet: what each asks for, and what to do instead. */
const known = new Map<string, readonly [name: string, instead: string]>([
  [
    'RMAssertion',
    [
      'WS-ReliableMessaging',
      'ask the provider for a port without, and send writes with an Idempotency-Key, which makes sure that each is done once',
    ],
  ],
  [
    'ATAssertion',
    [
      'WS-AtomicTransaction and WS-Coordination',
      'ask the provider for a port without, and for one operation that does it all, or one that undoes what was done',
    ],
  ],
  [
    'SecureConversationToken',
    [
      'WS-SecureConversation',
      'ask the provider for a port without; of WCF, one with establishSecurityContext="false"',
    ],
  ],
  [
    'SymmetricBinding',
    [
      'a key for each call that something else than a certificate protects',
      'ask the provider for a port whose ProtectionToken is an X509Token, or with AsymmetricBinding or TransportBinding',
    ],
  ],
  [
    'IssuedToken',
    [
      'a token with a symmetric key',
      'ask the provider for a port that takes bearer tokens, or tokens with a public key',
    ],
  ],
  [
    'RequireImpliedDerivedKeys',
    ['derived keys that no token names', 'ask the provider for RequireDerivedKeys, or for a port without'],
  ],
  [
    'SignedEndorsingSupportingTokens',
    ['a certificate that the key of the call signs', 'ask the provider for EndorsingSupportingTokens'],
  ],
  [
    'EncryptBeforeSigning',
    [
      'encryption before the signature, where the signature or a UsernameToken is encrypted too',
      'ask the provider for a port without it, which is signed first',
    ],
  ],
  [
    'NoPassword',
    ['a name without a password', 'ask the provider for a port that takes a password, or a SAML assertion'],
  ],
  ...['KerberosToken', 'SpnegoContextToken', 'NegotiateAuthentication', 'NtlmAuthentication'].map(
    (assertion) =>
      [
        assertion,
        [
          'Windows authentication',
          'ask the provider for a port without, or put a sidecar that speaks it before the backend, such as YARP on .NET',
        ],
      ] as const,
  ),
])

/**
 * @param demanded local name of an assertion, or what a policy demands in words
 * @returns the part of a sentence that follows "demands"
 */
export function unsupported(demanded: string): string {
  const [name, instead] = known.get(demanded) ?? ['', 'ask the provider for a port without']
  return `${demanded}${name === '' ? '' : ` (${name})`}, which soapstone cannot do: ${instead}`
}
