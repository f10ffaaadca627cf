import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { checkContract, compileContract } from '../../../../src/adapter/adapter.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { withoutSecrets } from '../../../../src/tools/import/proposals/policies.js'
import { hasOpenssl, KeyFolder } from '../../../ws-security/keys.js'

const folder = mkdtempSync(join(tmpdir(), 'policy-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const keys = new KeyFolder()
afterAll(() => {
  keys.remove()
})
const credential = hasOpenssl ? keys.make('/CN=a', { extensions: ['subjectKeyIdentifier=hash'] }) : undefined
/** What a person would set. */
function environment(): Record<string, string> {
  const { keyPem = '', certificatePem = '' } = credential ?? {}
  return {
    S_USER: 'u',
    S_PASSWORD: 'p',
    S_KEY: keyPem,
    S_CERTIFICATE: certificatePem,
    S_BACKEND_CERTIFICATE: certificatePem,
    S_TRUST: certificatePem,
    S_TLS_KEY: keyPem,
    S_TLS_CERTIFICATE: certificatePem,
    S_URL: 'https://127.0.0.1:1/x',
    S_STS_URL: 'https://127.0.0.1:1/sts',
    S_STS_USER: 'u',
    S_STS_PASSWORD: 'p',
  }
}

interface Places {
  readonly root?: string
  readonly binding?: string
  readonly operation?: string
  readonly port?: string
}

const wsdl = ({ root = '', binding = '', operation = '', port = '' }: Places): string => `<definitions
  xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:p12="http://schemas.xmlsoap.org/ws/2004/09/policy" xmlns:p="http://www.w3.org/ns/ws-policy" xmlns:wsam="http://www.w3.org/2007/05/addressing/metadata"
  xmlns:wsaw="http://www.w3.org/2006/05/addressing/wsdl" xmlns:m="http://schemas.xmlsoap.org/ws/2004/09/policy/optimizedmimeserialization"
  xmlns:sp="http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702" xmlns:t="urn:t" targetNamespace="urn:t"
  xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">${root}
<types><xs:schema targetNamespace="urn:t"><xs:element name="A"><xs:complexType><xs:sequence><xs:element name="id" type="xs:string"/></xs:sequence></xs:complexType></xs:element></xs:schema></types>
<message name="I"><part name="p" element="t:A"/></message>
<portType name="P"><operation name="GetA"><input message="t:I"/><output message="t:I"/></operation></portType>
<binding name="B" type="t:P">${binding}<s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<operation name="GetA">${operation}<s:operation soapAction="a"/><input><s:body use="literal"/></input><output><s:body use="literal"/></output></operation></binding>
<service name="S"><port name="Q" binding="t:B"><s:address location="http://127.0.0.1:1/x"/>${port}</port></service></definitions>`

let number = 0
async function imported(places: Places): Promise<{ backend: Record<string, unknown>; said: string }> {
  const path = join(folder, `w${number++}.wsdl`)
  writeFileSync(path, wsdl(places))
  const { document, diagnostics, summary } = await importWsdl(path, { baseDir: folder })
  expect(diagnostics).toEqual([])
  const contract = hasOpenssl ? document : withoutSecrets(document)
  const adapter = compileContract({ contract, baseDir: folder, env: environment() })
  // What was imported meets the policy, but for what cannot be done.
  const unmet = adapter.diagnostics.filter(({ code }) => code === 'policy-unmet')
  for (const { message } of hasOpenssl ? unmet : [])
    expect(message).toMatch(
      /cannot do|encryption: give|encryption of elements: name|not in the WSDL|a backend of their own/,
    )
  await adapter.close()
  const [backend = {}] = Object.values(document['x-soap-backends'] as Record<string, Record<string, unknown>>)
  return { backend, said: [...summary.decisions, ...summary.review].join('\n') }
}

const username = '<sp:SupportingTokens><p:Policy><sp:UsernameToken/></p:Policy></sp:SupportingTokens>'

it.each<[string, Places, Record<string, unknown>, RegExp]>([
  [
    'UsingAddressing',
    { binding: '<wsaw:UsingAddressing wsdl:required="true"/>' },
    { addressing: true },
    /demands WS-Addressing/,
  ],
  ['UsingAddressing, at a port', { port: '<wsaw:UsingAddressing/>' }, {}, /offers WS-Addressing/],
  [
    'addressing in a policy',
    { port: '<p:Policy><wsam:Addressing><p:Policy/></wsam:Addressing></p:Policy>' },
    { addressing: true },
    /demands WS-Addressing/,
  ],
  [
    'optional addressing',
    { binding: '<p:Policy><wsam:Addressing p:Optional="true"/></p:Policy>' },
    {},
    /offers WS-Addressing/,
  ],
  [
    'MTOM by reference, 1.2',
    {
      root: '<p12:Policy u:Id="M"><p12:ExactlyOne><p12:All><m:OptimizedMimeSerialization/></p12:All></p12:ExactlyOne></p12:Policy>',
      binding: '<p12:PolicyReference URI="#M"/>',
    },
    { attachments: 'mtom' },
    /demands MTOM/,
  ],
  [
    'a policy that is not there',
    { binding: '<p:PolicyReference URI="oracle/wss_username_token_service_policy"/>' },
    {},
    /refers to a policy that it does not hold[^]*oracle\/wss_username_token_service_policy/,
  ],
  [
    'a policy that is not there, beside an alternative',
    {
      binding:
        '<p:Policy><p:ExactlyOne><p:PolicyReference URI="#Missing"/><p:All><wsam:Addressing/></p:All></p:ExactlyOne></p:Policy>',
    },
    { addressing: true },
    /demands WS-Addressing/,
  ],
  [
    'a UsernameToken by a list of references',
    {
      root: `<p:Policy u:Id="U">${username}</p:Policy><UsingPolicy/>`,
      operation: '<p:PolicyReference URI="#U"/>',
    },
    { security: { username: { name: '${S_USER}', password: '${S_PASSWORD}', type: 'text' } } },
    /set S_USER, S_PASSWORD[^]*|demands a UsernameToken/,
  ],
  [
    'a signature',
    { binding: '<p:Policy><sp:AsymmetricBinding/><sp:SignedParts><sp:Body/></sp:SignedParts></p:Policy>' },
    {
      security: {
        signature: { key: '${S_KEY}', certificate: '${S_CERTIFICATE}', parts: ['body'] },
        verify: { trust: '${S_TRUST}' },
      },
    },
    /demands a signature[^]*set S_KEY, S_CERTIFICATE, S_TRUST/,
  ],
  [
    'encryption with CBC and without a signature, which is not supported',
    { binding: '<p:Policy><sp:EncryptedParts><sp:Body/></sp:EncryptedParts></p:Policy>' },
    {},
    /cannot do.*EncryptedParts, .*\.wsdl:\d+/,
  ],
  [
    'one of several alternatives',
    {
      binding: `<p:Policy><p:ExactlyOne><p:All><sp:KerberosToken/></p:All><p:All>${username}</p:All></p:ExactlyOne></p:Policy>`,
    },
    { security: { username: { type: 'text' } } },
    /^(?![^]*cannot do)[^]*demands a UsernameToken/,
  ],
  [
    'all of an asymmetric binding',
    {
      binding: `<p:Policy><sp:AsymmetricBinding><p:Policy>
        <sp:InitiatorToken><p:Policy><sp:X509Token sp:IncludeToken="Never"><p:Policy><sp:RequireThumbprintReference/></p:Policy></sp:X509Token></p:Policy></sp:InitiatorToken>
        <sp:RecipientToken><p:Policy><sp:X509Token><p:Policy><sp:RequireKeyIdentifierReference/></p:Policy></sp:X509Token></p:Policy></sp:RecipientToken>
        <sp:AlgorithmSuite><p:Policy><sp:Basic128Sha256Rsa15/></p:Policy></sp:AlgorithmSuite><sp:IncludeTimestamp/><sp:EncryptBeforeSigning/>
        </p:Policy></sp:AsymmetricBinding><sp:SignedSupportingTokens><p:Policy><sp:UsernameToken><p:Policy><sp:HashPassword/></p:Policy></sp:UsernameToken></p:Policy></sp:SignedSupportingTokens>
        <wsam:Addressing/></p:Policy>`,
      operation:
        '<p:Policy><sp:SignedParts><sp:Body/><sp:Header Namespace="http://www.w3.org/2005/08/addressing"/></sp:SignedParts><sp:EncryptedParts><sp:Body/></sp:EncryptedParts></p:Policy>',
    },
    {
      addressing: true,
      security: {
        timestamp: {},
        username: { name: '${S_USER}', password: '${S_PASSWORD}', type: 'digest' },
        signature: {
          key: '${S_KEY}',
          certificate: '${S_CERTIFICATE}',
          reference: 'thumbprint',
          parts: ['body', 'timestamp', 'username', 'addressing'],
        },
        encryption: {
          certificate: '${S_BACKEND_CERTIFICATE}',
          reference: 'subject-key-identifier',
          algorithm: 'aes128-cbc',
          keyTransport: 'rsa-1_5',
          parts: ['body'],
          order: 'encrypt-then-sign',
        },
        decryption: {
          key: '${S_KEY}',
          certificate: '${S_CERTIFICATE}',
          algorithms: ['aes128-cbc'],
          keyTransports: ['rsa-1_5'],
        },
        verify: { trust: '${S_TRUST}' },
      },
    },
    /set S_USER, S_PASSWORD, S_KEY, S_CERTIFICATE, S_BACKEND_CERTIFICATE, S_TRUST/,
  ],
  [
    'GCM as Apache CXF names it, and old signatures',
    {
      binding:
        '<p:Policy><sp:AsymmetricBinding><p:Policy><sp:AlgorithmSuite><p:Policy><x:Basic256GCM xmlns:x="urn:cxf"/></p:Policy></sp:AlgorithmSuite><sp:EncryptSignature/></p:Policy></sp:AsymmetricBinding><sp:SignedParts/><sp:EncryptedParts><sp:Body/><sp:Header Name="a" Namespace="urn:h"/></sp:EncryptedParts></p:Policy>',
    },
    {
      security: {
        signature: { parts: ['body', 'headers'] },
        encryption: { algorithm: 'aes256-gcm', parts: ['body', 'headers', 'signature'] },
      },
    },
    /demands encryption/,
  ],
  [
    'a suite of SHA-1',
    {
      binding:
        '<p:Policy><sp:AsymmetricBinding><p:Policy><sp:AlgorithmSuite><p:Policy><sp:Basic256/></p:Policy></sp:AlgorithmSuite></p:Policy></sp:AsymmetricBinding></p:Policy>',
    },
    { security: { signature: { algorithm: 'rsa-sha1', digest: 'sha1' }, verify: { sha1: true } } },
    /demands a signature/,
  ],
  [
    'a symmetric binding without a certificate, which is not supported',
    {
      binding:
        '<p:Policy><sp:SymmetricBinding><p:Policy><sp:IncludeTimestamp/></p:Policy></sp:SymmetricBinding><sp:SignedParts><sp:Body/></sp:SignedParts><sp:EncryptedParts><sp:Body/></sp:EncryptedParts></p:Policy>',
    },
    { security: { timestamp: {} } },
    /cannot do.*SymmetricBinding/,
  ],
  [
    'a symmetric binding, as WCF has it for names and passwords',
    {
      binding: `<p:Policy><sp:SymmetricBinding><p:Policy><sp:ProtectionToken><p:Policy><sp:X509Token><p:Policy><sp:RequireDerivedKeys/><sp:RequireThumbprintReference/></p:Policy></sp:X509Token></p:Policy></sp:ProtectionToken>
        <sp:AlgorithmSuite><p:Policy><sp:Basic256/></p:Policy></sp:AlgorithmSuite><sp:IncludeTimestamp/><sp:EncryptSignature/><sp:OnlySignEntireHeadersAndBody/></p:Policy></sp:SymmetricBinding>
        <sp:SignedSupportingTokens><p:Policy><sp:UsernameToken/></p:Policy></sp:SignedSupportingTokens><sp:Wss11><p:Policy><sp:RequireSignatureConfirmation/></p:Policy></sp:Wss11>
        <sp:SignedParts><sp:Body/></sp:SignedParts><sp:EncryptedParts><sp:Body/></sp:EncryptedParts></p:Policy>`,
    },
    {
      security: {
        timestamp: {},
        username: { name: '${S_USER}', password: '${S_PASSWORD}', type: 'text' },
        symmetric: {
          certificate: '${S_BACKEND_CERTIFICATE}',
          reference: 'thumbprint',
          keyTransport: 'rsa-oaep-mgf1p',
          derivedKeys: 'ws-sc-1.3',
        },
        signature: { algorithm: 'hmac-sha1', digest: 'sha1', parts: ['body', 'timestamp', 'username'] },
        encryption: { algorithm: 'aes256-cbc', parts: ['body', 'signature'] },
        decryption: { algorithms: ['aes256-cbc'] },
        verify: { sha1: true, confirmation: true },
      },
    },
    /demands a key for each call/,
  ],
  [
    'a symmetric binding of 2005 that a certificate of the caller endorses',
    {
      binding: `<p:Policy><old:SymmetricBinding xmlns:old="http://schemas.xmlsoap.org/ws/2005/07/securitypolicy"><p:Policy><old:ProtectionToken><p:Policy><old:X509Token><p:Policy><old:RequireDerivedKeys/><old:RequireIssuerSerialReference/></p:Policy></old:X509Token></p:Policy></old:ProtectionToken>
        <old:AlgorithmSuite><p:Policy><old:Basic128Sha256/></p:Policy></old:AlgorithmSuite></p:Policy></old:SymmetricBinding>
        <old:ProtectTokens xmlns:old="http://schemas.xmlsoap.org/ws/2005/07/securitypolicy"/><sp:EndorsingSupportingTokens><p:Policy><sp:X509Token><p:Policy><sp:RequireThumbprintReference/></p:Policy></sp:X509Token></p:Policy></sp:EndorsingSupportingTokens></p:Policy>`,
    },
    {
      security: {
        symmetric: {
          certificate: '${S_BACKEND_CERTIFICATE}',
          reference: 'issuer-serial',
          keyTransport: 'rsa-oaep-mgf1p',
          derivedKeys: 'ws-sc-2005',
        },
        signature: { parts: ['body', 'token'] },
        endorsement: { key: '${S_KEY}', certificate: '${S_CERTIFICATE}', reference: 'thumbprint' },
        // Without IncludeTimestamp responses have none (WS-SecurityPolicy 1.3, section 6.2).
        verify: { parts: ['body'] },
      },
    },
    /demands a key for each call/,
  ],
  [
    'a bearer token of a token service',
    {
      binding: `<p:Policy><sp:SignedSupportingTokens><p:Policy><sp:IssuedToken><sp:Issuer><a:Address xmlns:a="http://www.w3.org/2005/08/addressing">https://sts.example/issue</a:Address></sp:Issuer>
        <sp:RequestSecurityTokenTemplate xmlns:w="http://docs.oasis-open.org/ws-sx/ws-trust/200512"><w:TokenType>http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1</w:TokenType>
        <w:KeyType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer</w:KeyType></sp:RequestSecurityTokenTemplate></sp:IssuedToken></p:Policy></sp:SignedSupportingTokens></p:Policy>`,
    },
    {
      security: {
        issuedToken: {
          endpoint: '${S_STS_URL:-https://sts.example/issue}',
          tokenType: 'saml-1.1',
          security: { username: { name: '${S_STS_USER}', password: '${S_STS_PASSWORD}', type: 'text' } },
        },
      },
    },
    /demands a token of a security token service/,
  ],
  [
    'a token with a symmetric key, which is not supported',
    {
      binding: `<p:Policy><sp:IssuedToken><sp:RequestSecurityTokenTemplate xmlns:w="http://docs.oasis-open.org/ws-sx/ws-trust/200512">
        <w:KeyType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/SymmetricKey</w:KeyType></sp:RequestSecurityTokenTemplate></sp:IssuedToken></p:Policy>`,
    },
    {},
    /demands IssuedToken \(a token with a symmetric key\), which soapstone cannot do: ask the provider for a port that takes bearer/,
  ],
  [
    'HTTP Digest, of WCF',
    {
      binding:
        '<p12:Policy><p12:ExactlyOne><p12:All><h:DigestAuthentication xmlns:h="http://schemas.microsoft.com/ws/06/2004/policy/http"/></p12:All></p12:ExactlyOne></p12:Policy>',
    },
    { credentials: { type: 'digest', username: '${S_USER}', password: '${S_PASSWORD}' } },
    /demands HTTP Digest/,
  ],
  [
    'HTTP Basic, of WCF',
    {
      binding:
        '<p:Policy><h:BasicAuthentication xmlns:h="http://schemas.microsoft.com/ws/06/2004/policy/http"/></p:Policy>',
    },
    { credentials: { type: 'basic', username: '${S_USER}', password: '${S_PASSWORD}' } },
    /demands HTTP Basic/,
  ],
  ...(
    [
      ['RMAssertion', /WS-ReliableMessaging\)[^]*Idempotency-Key/],
      ['ATAssertion', /WS-AtomicTransaction and WS-Coordination\)[^]*one operation that does it all/],
      ['NtlmAuthentication', /Windows authentication\)[^]*sidecar/],
      ['SecureConversationToken', /establishSecurityContext="false"/],
    ] as const
  ).map(([assertion, said]): [string, Places, Record<string, unknown>, RegExp] => [
    `${assertion}, which is not supported`,
    { binding: `<p:Policy><x:${assertion} xmlns:x="urn:x"/></p:Policy>` },
    {},
    said,
  ]),
  [
    'a name without a password',
    {
      binding:
        '<p:Policy><sp:SupportingTokens><p:Policy><sp:UsernameToken><p:Policy><sp:NoPassword/></p:Policy></sp:UsernameToken></p:Policy></sp:SupportingTokens></p:Policy>',
    },
    {},
    /demands NoPassword \(a name without a password\), which soapstone cannot do: ask the provider for a port that takes/,
  ],
  [
    'a client certificate',
    {
      binding:
        '<p:Policy><sp:TransportBinding><p:Policy><sp:TransportToken><p:Policy><sp:HttpsToken><p:Policy><sp:RequireClientCertificate/></p:Policy></sp:HttpsToken></p:Policy></sp:TransportToken></p:Policy></sp:TransportBinding></p:Policy>',
    },
    { tls: { certificate: '${S_TLS_CERTIFICATE}', key: '${S_TLS_KEY}' } },
    /demands a client certificate/,
  ],
  [
    'policies that refer to themselves and to others twice',
    {
      root: Array.from(
        { length: 40 },
        (_, i) =>
          `<p:Policy u:Id="P${i}"><p:PolicyReference URI="#P${i + 1}"/><p:PolicyReference URI="#P${i + 1}"/><p:PolicyReference URI="#P${i}"/></p:Policy>`,
      ).join(''),
      binding: '<p:PolicyReference URI="#P0"/><wsaw:UsingAddressing wsdl:required="true"/>',
    },
    { addressing: true },
    /demands WS-Addressing/,
  ],
  [
    'policies that refer to one another without end, asked for thousands of times',
    {
      root: Array.from(
        { length: 14 },
        (_, i) =>
          `<p:Policy u:Id="P${i}"><p:PolicyReference URI="#P${i + 1}"/><p:PolicyReference URI="#P${i + 1}"/></p:Policy>`,
      ).join(''),
      binding: `${'<p:Policy><p:PolicyReference URI="#P0"/></p:Policy>'.repeat(5000)}<wsaw:UsingAddressing wsdl:required="true"/>`,
    },
    { addressing: true },
    /demands WS-Addressing/,
  ],
  [
    'a chain of references that is longer than the stack is deep',
    {
      root: Array.from(
        { length: 10_000 },
        (_, i) => `<p:Policy u:Id="P${i}"><p:PolicyReference URI="#P${i + 1}"/></p:Policy>`,
      ).join(''),
      binding: '<p:PolicyReference URI="#P0"/><wsaw:UsingAddressing wsdl:required="true"/>',
    },
    { addressing: true },
    /demands WS-Addressing/,
  ],
  [
    'attachments, signed with their header fields and encrypted',
    {
      binding:
        '<p:Policy><sp:AsymmetricBinding><p:Policy><sp:AlgorithmSuite><p:Policy><sp:Basic256Sha256/></p:Policy></sp:AlgorithmSuite><sp:IncludeTimestamp/></p:Policy></sp:AsymmetricBinding><sp:SignedParts><sp:Attachments/></sp:SignedParts><sp:EncryptedParts><sp:Body/><sp:Attachments/></sp:EncryptedParts></p:Policy>',
    },
    {
      security: {
        signature: { parts: ['body', 'timestamp', 'complete-attachments'] },
        verify: { parts: ['body', 'timestamp', 'complete-attachments'] },
        encryption: { parts: ['body', 'complete-attachments'] },
        decryption: { parts: ['body', 'complete-attachments'] },
      },
    },
    /demands a signature/,
  ],
  [
    'contents of attachments',
    {
      binding:
        '<p:Policy><sp:AsymmetricBinding/><sp:SignedParts><sp:Body/><sp:Attachments><sp:ContentSignatureTransform/></sp:Attachments></sp:SignedParts></p:Policy>',
    },
    {
      security: {
        signature: { parts: ['body', 'attachments'] },
        verify: { parts: ['body', 'timestamp', 'attachments'] },
      },
    },
    /demands a signature/,
  ],
  [
    'attachments of which one policy wants the contents and another the header fields signed',
    {
      binding:
        '<p:Policy><sp:AsymmetricBinding/><sp:SignedParts><sp:Body/><sp:Attachments><sp:ContentSignatureTransform/></sp:Attachments></sp:SignedParts><sp:SignedParts><sp:Attachments/></sp:SignedParts></p:Policy>',
    },
    {
      security: {
        signature: { parts: ['body', 'complete-attachments'] },
        verify: { parts: ['body', 'timestamp', 'complete-attachments'] },
      },
    },
    /demands a signature/,
  ],
  [
    'attachments that are encrypted with CBC, which are signed as well',
    {
      binding:
        '<p:Policy><sp:AsymmetricBinding/><sp:SignedParts><sp:Body/></sp:SignedParts><sp:EncryptedParts><sp:Attachments/></sp:EncryptedParts></p:Policy>',
    },
    {
      security: {
        signature: { parts: ['body', 'attachments'] },
        encryption: { parts: ['complete-attachments'] },
        decryption: { parts: ['complete-attachments'] },
      },
    },
    /demands encryption/,
  ],
  [
    'elements by plain paths',
    {
      binding: `<p:Policy xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><sp:AsymmetricBinding><p:Policy><sp:IncludeTimestamp/></p:Policy></sp:AsymmetricBinding><sp:SignedElements><sp:XPath>/e:Envelope/e:Header/wsse:Security/wsse:UsernameToken</sp:XPath><sp:XPath>//e:Body</sp:XPath></sp:SignedElements><sp:SupportingTokens><p:Policy><sp:UsernameToken/></p:Policy></sp:SupportingTokens><sp:EncryptedElements><sp:XPath>/e:Envelope/e:Body/t:A/id</sp:XPath><sp:XPath>//wsse:UsernameToken</sp:XPath></sp:EncryptedElements></p:Policy>`,
    },
    {
      security: {
        signature: { parts: ['body', 'timestamp', 'username'] },
        encryption: { parts: ['username'], elements: ['A/id'] },
        decryption: { parts: [] },
      },
    },
    /demands encrypted elements/,
  ],
  [
    'contents of elements, anywhere',
    {
      binding: `<p:Policy><sp:AsymmetricBinding/><sp:SignedParts><sp:Body/></sp:SignedParts><sp:ContentEncryptedElements><sp:XPath>//id</sp:XPath></sp:ContentEncryptedElements></p:Policy>`,
    },
    { security: { encryption: { contents: ['A/id'] }, decryption: { parts: [] } } },
    /demands encrypted elements/,
  ],
  [
    'signed elements of the body, which is signed whole',
    {
      binding: `<p:Policy><sp:AsymmetricBinding/><sp:SignedElements><sp:XPath>//id</sp:XPath></sp:SignedElements></p:Policy>`,
    },
    { security: { signature: { parts: ['body'] } } },
    /signed elements of the body \(A\/id\)/,
  ],
  [
    'elements by paths that are not plain, or lead nowhere',
    {
      binding: `<p:Policy><sp:AsymmetricBinding/><sp:SignedParts><sp:Body/></sp:SignedParts><sp:EncryptedElements><sp:XPath>//id[1]</sp:XPath><sp:XPath>//nobody</sp:XPath></sp:EncryptedElements></p:Policy>`,
    },
    { security: { signature: { parts: ['body'] } } },
    /encrypted elements by XPath that is not understood, or leads to no declared element \(\/\/id\[1\], \/\/nobody\)/,
  ],
  [
    'attachments, with a key for each call',
    {
      binding: `<p:Policy><sp:SymmetricBinding><p:Policy><sp:ProtectionToken><p:Policy><sp:X509Token/></p:Policy></sp:ProtectionToken><sp:AlgorithmSuite><p:Policy><sp:Basic256/></p:Policy></sp:AlgorithmSuite></p:Policy></sp:SymmetricBinding>
        <sp:SignedParts><sp:Body/><sp:Attachments/></sp:SignedParts><sp:EncryptedParts><sp:Attachments/></sp:EncryptedParts></p:Policy>`,
    },
    {
      security: {
        signature: { parts: ['body', 'complete-attachments'] },
        encryption: { parts: ['complete-attachments'] },
        decryption: { parts: ['complete-attachments'] },
      },
    },
    /demands a key for each call/,
  ],
  [
    'encryption before a signature that is encrypted too, which is not supported',
    {
      binding: `<p:Policy><sp:SymmetricBinding><p:Policy><sp:ProtectionToken><p:Policy><sp:X509Token/></p:Policy></sp:ProtectionToken><sp:IncludeTimestamp/><sp:EncryptSignature/><sp:EncryptBeforeSigning/></p:Policy></sp:SymmetricBinding>
        <sp:SignedParts><sp:Body/></sp:SignedParts><sp:EncryptedParts><sp:Body/></sp:EncryptedParts></p:Policy>`,
    },
    { security: { encryption: { parts: ['body', 'signature'] } } },
    /demands EncryptBeforeSigning \(.*\), which soapstone cannot do: ask the provider for a port without/,
  ],
  [
    'encryption before the signature, of a name and a password too',
    {
      binding: `<p:Policy><sp:AsymmetricBinding><p:Policy><sp:IncludeTimestamp/><sp:EncryptBeforeSigning/></p:Policy></sp:AsymmetricBinding>
        <sp:SignedEncryptedSupportingTokens><p:Policy><sp:UsernameToken/></p:Policy></sp:SignedEncryptedSupportingTokens>
        <sp:SignedParts><sp:Body/></sp:SignedParts><sp:EncryptedParts><sp:Body/></sp:EncryptedParts></p:Policy>`,
    },
    { security: { encryption: { parts: ['body', 'username'] } } },
    /demands EncryptBeforeSigning \(.*\), which soapstone cannot do/,
  ],
  [
    'a symmetric binding that is not supported, of a suite with GCM',
    {
      binding:
        '<p:Policy><sp:SymmetricBinding><p:Policy><sp:AlgorithmSuite><p:Policy><x:Basic256GCM xmlns:x="urn:cxf"/></p:Policy></sp:AlgorithmSuite><sp:IncludeTimestamp/></p:Policy></sp:SymmetricBinding><sp:EncryptedParts><sp:Body/></sp:EncryptedParts></p:Policy>',
    },
    { security: expect.not.objectContaining({ encryption: expect.anything() as unknown }) as unknown },
    /cannot do.*SymmetricBinding/,
  ],
  [
    'a policy that two refer to, one of them as optional',
    {
      root: `<p:Policy u:Id="A"><wsam:Addressing/></p:Policy>`,
      binding:
        '<p:Policy><p:PolicyReference URI="#A" p:Optional="true"/></p:Policy><p:Policy><p:PolicyReference URI="#A"/></p:Policy>',
    },
    { addressing: true },
    /demands WS-Addressing/,
  ],
])('%s is read', async (_, places, backend, said) => {
  const made = await imported(places)
  expect(made.backend).toMatchObject(backend)
  if (Object.keys(backend).length === 0) expect(Object.keys(made.backend)).toEqual(['wsdl', 'endpoint'])
  expect(made.said).toMatch(said)
})

it.skipIf(!hasOpenssl)(
  'a backend that does not do what the policy of its port demands is told so',
  async () => {
    const path = join(folder, 'unmet.wsdl')
    const policy = `<p:Policy><sp:AsymmetricBinding><p:Policy><sp:IncludeTimestamp/><sp:EncryptBeforeSigning/></p:Policy></sp:AsymmetricBinding>
    <sp:SignedParts><sp:Body/><sp:Header Name="a" Namespace="urn:h"/></sp:SignedParts><sp:EncryptedParts><sp:Attachments/></sp:EncryptedParts><wsam:Addressing/><m:OptimizedMimeSerialization/>
    <sp:SupportingTokens><p:Policy><sp:UsernameToken><p:Policy><sp:HashPassword/></p:Policy></sp:UsernameToken></p:Policy></sp:SupportingTokens><sp:RequireClientCertificate/><sp:KerberosToken/></p:Policy>`
    writeFileSync(path, wsdl({ binding: policy }))
    const { document } = await importWsdl(path, { baseDir: folder })
    const told = unmet('unmet.wsdl', document)
    expect(told({})).toEqual([
      'a signature: give security.signature.',
      'a Timestamp: give security.timestamp.',
      'encryption: give security.encryption.',
      'WS-Addressing: set addressing: true.',
      'MTOM: set attachments: mtom.',
      'a UsernameToken: give security.username.',
      'a client certificate: give tls.',
      'KerberosToken (Windows authentication), which soapstone cannot do: ask the provider for a port without, or put a sidecar that speaks it before the backend, such as YARP on .NET.',
    ])
    const security = {
      timestamp: {},
      username: { name: 'u', password: '${S_PASSWORD}', type: 'text' },
      signature: { key: '${S_KEY}', certificate: '${S_CERTIFICATE}', parts: ['body'] },
      encryption: { certificate: '${S_CERTIFICATE}' },
    }
    expect(told({ security, addressing: true })).toEqual([
      'encryption before the signature: set security.encryption.order: encrypt-then-sign.',
      'that headers is signed: add it to security.signature.parts.',
      'that complete-attachments is encrypted: add it to security.encryption.parts.',
      'MTOM: set attachments: mtom.',
      'a password digest: set security.username.type: digest.',
      'a client certificate: give tls.',
      'KerberosToken (Windows authentication), which soapstone cannot do: ask the provider for a port without, or put a sidecar that speaks it before the backend, such as YARP on .NET.',
    ])
  },
)

it.skipIf(!hasOpenssl)(
  'a backend is told which elements and attachments of a policy it leaves out',
  async () => {
    const path = join(folder, 'selected.wsdl')
    const policy = `<p:Policy xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><sp:AsymmetricBinding/>
    <sp:SignedParts><sp:Body/><sp:Attachments/></sp:SignedParts><sp:SignedElements><sp:XPath>//wsse:UsernameToken</sp:XPath></sp:SignedElements>
    <sp:EncryptedElements><sp:XPath>/e:Envelope/e:Body/t:A/id</sp:XPath><sp:XPath>//id[2]</sp:XPath></sp:EncryptedElements></p:Policy>`
    writeFileSync(path, wsdl({ binding: policy }))
    const { document } = await importWsdl(path, { baseDir: folder })
    const [name = ''] = Object.keys(document['x-soap-backends'] as object)
    const told = (parts: readonly string[], encryption: object): string[] => {
      const security = {
        username: { name: 'u', password: '${S_PASSWORD}', type: 'digest' },
        signature: { key: '${S_KEY}', certificate: '${S_CERTIFICATE}', parts },
        encryption: { certificate: '${S_CERTIFICATE}', ...encryption },
      }
      const contract = {
        ...document,
        'x-soap-backends': { [name]: { wsdl: 'selected.wsdl', endpoint: 'https://127.0.0.1:1/', security } },
      }
      return checkContract({ contract, baseDir: folder, env: environment() })
        .diagnostics.filter(({ code }) => code === 'policy-unmet')
        .map(({ message }) => message.replace('The policy of the port Q demands ', ''))
    }
    expect(told(['body', 'attachments'], { parts: ['username'] })).toEqual([
      'that complete-attachments is signed: put it in place of attachments in security.signature.parts, or give operations that need it a backend of their own.',
      'that username is signed: add it to security.signature.parts.',
      'that A/id is encrypted: add it to security.encryption.elements.',
    ])
    const parts = ['body', 'complete-attachments', 'username']
    expect(told(parts, { elements: ['A/id'] })).toEqual([])
    expect(told(parts, { contents: ['A/id'] })).toEqual([
      'that A/id is encrypted: add it to security.encryption.elements.',
    ])
    expect(told(parts, {})).toEqual([])
  },
)

it.skipIf(!hasOpenssl)('a backend without what a symmetric binding demands is told so', async () => {
  const path = join(folder, 'symmetric.wsdl')
  const policy = `<p:Policy><sp:SymmetricBinding><p:Policy><sp:ProtectionToken><p:Policy><sp:X509Token><p:Policy><sp:RequireDerivedKeys/></p:Policy></sp:X509Token></p:Policy></sp:ProtectionToken>
    <sp:EncryptSignature/><sp:ProtectTokens/></p:Policy></sp:SymmetricBinding><sp:EndorsingSupportingTokens><p:Policy><sp:X509Token/></p:Policy></sp:EndorsingSupportingTokens>
    <sp:Wss11><p:Policy><sp:RequireSignatureConfirmation/></p:Policy></sp:Wss11><sp:EncryptedParts><sp:Body/></sp:EncryptedParts></p:Policy>`
  writeFileSync(path, wsdl({ binding: policy }))
  const told = unmet('symmetric.wsdl', (await importWsdl(path, { baseDir: folder })).document)
  expect(told({})).toEqual([
    'a key for each call: give security.symmetric.',
    'a signature: give security.signature.',
    'encryption: give security.encryption.',
  ])
  const certificate = '${S_BACKEND_CERTIFICATE}'
  const security = { symmetric: { certificate }, signature: {}, encryption: {}, verify: {} }
  expect(told({ security })).toEqual([
    'derived keys: set security.symmetric.derivedKeys.',
    'an encrypted signature: add signature to security.encryption.parts.',
    'that the token of the signature is signed: add token to security.signature.parts.',
    'a signature with a key of yours over that of the call: give security.endorsement.',
    'that responses confirm the signatures of requests: set security.verify.confirmation: true.',
  ])
  expect(
    told({ security: { ...security, symmetric: { certificate, derivedKeys: 'ws-sc-2005' } } }),
  ).toContain('derived keys of another version: set security.symmetric.derivedKeys: ws-sc-1.3.')
})

it.skipIf(!hasOpenssl)('a certificate that the key of the call must sign is said to be none', async () => {
  const path = join(folder, 'signed-endorsing.wsdl')
  const policy = `<p:Policy><sp:SymmetricBinding><p:Policy><sp:ProtectionToken><p:Policy><sp:X509Token/></p:Policy></sp:ProtectionToken></p:Policy></sp:SymmetricBinding>
    <sp:SignedEndorsingSupportingTokens><p:Policy><sp:X509Token/></p:Policy></sp:SignedEndorsingSupportingTokens></p:Policy>`
  writeFileSync(path, wsdl({ binding: policy }))
  const { document } = await importWsdl(path, { baseDir: folder })
  const security = {
    symmetric: { certificate: '${S_BACKEND_CERTIFICATE}' },
    signature: {},
    endorsement: { key: '${S_KEY}', certificate: '${S_CERTIFICATE}' },
  }
  const told = unmet('signed-endorsing.wsdl', document)
  expect(told({ security })).toEqual([
    'SignedEndorsingSupportingTokens (a certificate that the key of the call signs), which soapstone cannot do: ask the provider for EndorsingSupportingTokens.',
  ])
})

/** What a backend is told that it does not do of the policy of its port. */
function unmet(
  file: string,
  document: Awaited<ReturnType<typeof importWsdl>>['document'],
): (backend: Record<string, unknown>) => string[] {
  return (backend) => {
    const [name = ''] = Object.keys(document['x-soap-backends'] as object)
    const contract = {
      ...document,
      'x-soap-backends': { [name]: { wsdl: file, endpoint: 'https://127.0.0.1:1/', ...backend } },
    }
    return checkContract({ contract, baseDir: folder, env: environment() })
      .diagnostics.filter(({ code }) => code === 'policy-unmet')
      .map(({ message }) => message.replace('The policy of the port Q demands ', ''))
  }
}
