import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runInProcess } from '../../../cli/in-process.js'

const SP = 'http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702'
const WSP = 'http://schemas.xmlsoap.org/ws/2004/09/policy'

const folder = mkdtempSync(join(tmpdir(), 'explain-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** @param policies children of wsp:Policy */
function wsdl(policies: string, beside = ''): string {
  const path = join(folder, 'bank.wsdl')
  writeFileSync(
    path,
    `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:wsp="${WSP}" xmlns:sp="${SP}" xmlns:rm="http://docs.oasis-open.org/ws-rx/wsrmp/200702" xmlns:t="urn:t" targetNamespace="urn:t">
<types><xs:schema targetNamespace="urn:t"><xs:element name="A" type="xs:string"/></xs:schema></types>
<message name="I"><part name="p" element="t:A"/></message>
<portType name="P"><operation name="GetA"><input message="t:I"/><output message="t:I"/></operation></portType>
<binding name="B" type="t:P">${beside}<wsp:Policy>${policies}</wsp:Policy><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<operation name="GetA"><s:operation soapAction="a"/><input><s:body use="literal"/></input><output><s:body use="literal"/></output></operation></binding>
<service name="BankService"><port name="BankPort" binding="t:B"><s:address location="http://127.0.0.1:1/x"/></port></service></definitions>`,
  )
  return path
}

const inPolicy = (content: string): string => `<wsp:Policy>${content}</wsp:Policy>`
const ASYMMETRIC = `<sp:AsymmetricBinding>${inPolicy(
  `<sp:InitiatorToken>${inPolicy(`<sp:X509Token>${inPolicy('<sp:RequireThumbprintReference/>')}</sp:X509Token>`)}</sp:InitiatorToken>` +
    `<sp:AlgorithmSuite>${inPolicy('<sp:Basic256Sha256/>')}</sp:AlgorithmSuite><sp:IncludeTimestamp/><sp:EncryptSignature/><sp:ProtectTokens/>`,
)}</sp:AsymmetricBinding><sp:SignedParts><sp:Body/><sp:Header Namespace="http://www.w3.org/2005/08/addressing"/></sp:SignedParts>`

describe('explain', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'a signature',
      ASYMMETRIC,
      [
        'It demands, and soapstone does',
        '- a signature, which is security.signature, and security.verify of responses (AsymmetricBinding,',
        '- The certificate of the InitiatorToken is named by its thumbprint: reference: thumbprint (RequireThumbprintReference,',
        '- Basic256Sha256 is AES-256 with CBC, RSA-OAEP for keys, and SHA-256 (Basic256Sha256,',
        '- The signature covers the token that it is made with: signature.parts has token (ProtectTokens,',
        '- The body and the WS-Addressing headers must be signed: signature.parts (SignedParts,',
        'The entry of the backend',
        'Set BANK_KEY, BANK_CERTIFICATE, BANK_TRUST: a text, PEM, or a file by NAME_FILE.',
      ],
    ],
    [
      'a password',
      `<sp:SupportingTokens>${inPolicy(`<sp:UsernameToken>${inPolicy('<sp:HashPassword/>')}</sp:UsernameToken>`)}</sp:SupportingTokens>`,
      [
        '- a UsernameToken, which is security.username (UsernameToken,',
        '- The password is sent as a digest: username.type: digest (HashPassword,',
      ],
    ],
    [
      'a name alone',
      `<sp:SupportingTokens>${inPolicy(`<sp:UsernameToken>${inPolicy('<sp:NoPassword/>')}</sp:UsernameToken>`)}</sp:SupportingTokens>`,
      [
        'It demands, and soapstone cannot',
        '- NoPassword (a name without a password), which soapstone cannot do: ask the provider for a port that takes a password',
      ],
    ],
    [
      'what cannot be done',
      '<rm:RMAssertion/><sp:SymmetricBinding/>',
      [
        'It demands, and soapstone cannot',
        '- RMAssertion (WS-ReliableMessaging), which soapstone cannot do: ask the provider for a port without',
        '- SymmetricBinding (a key for each call that something else than a certificate protects), which soapstone cannot do',
      ],
    ],
    [
      'attachments',
      `${ASYMMETRIC.replace('<sp:Body/>', '<sp:Body/><sp:Attachments><sp:ContentSignatureTransform/></sp:Attachments>')}<sp:EncryptedParts><sp:Attachments/></sp:EncryptedParts>`,
      [
        'It demands, and soapstone does',
        '- The body and the attachments and the WS-Addressing headers must be signed: signature.parts (SignedParts,',
        '- The attachments with their header fields must be encrypted: encryption.parts (EncryptedParts,',
        'attachments',
      ],
    ],
    [
      'a key for each call',
      `<sp:SymmetricBinding>${inPolicy(`<sp:ProtectionToken>${inPolicy(`<sp:X509Token>${inPolicy('<sp:RequireDerivedKeys/>')}</sp:X509Token>`)}</sp:ProtectionToken><sp:OnlySignEntireHeadersAndBody/>`)}</sp:SymmetricBinding><sp:Wss11>${inPolicy('<sp:RequireSignatureConfirmation/>')}</sp:Wss11>`,
      [
        '- a key for each call, which is security.symmetric: it signs and encrypts both ways (SymmetricBinding,',
        '- Keys that sign and encrypt are derived of that of the call: symmetric.derivedKeys',
        '- Signatures cover headers and the body as a whole, as they always do',
        '- Responses confirm the signatures of requests: verify.confirmation',
      ],
    ],
    [
      'an old suite',
      `<sp:AlgorithmSuite>${inPolicy('<sp:TripleDesRsa15/>')}</sp:AlgorithmSuite>`,
      ['- Triple DES, which soapstone cannot do: ask the provider'],
    ],
    [
      'what a person must say',
      '<sp:EncryptedElements><sp:XPath>/x</sp:XPath></sp:EncryptedElements><sp:SamlToken/>',
      [
        'It demands, and you must say more',
        '- encrypted elements: name them in security.encryption.elements',
        '- a SAML assertion: security.saml where callers bring it',
      ],
    ],
    [
      'what is offered',
      `<wsp:ExactlyOne><wsp:All><sp:RequireClientCertificate wsp:Optional="true"/></wsp:All></wsp:ExactlyOne>`,
      ['It offers', '- a client certificate, which is tls (RequireClientCertificate,'],
    ],
    [
      'a policy elsewhere',
      '<wsp:PolicyReference URI="http://policies.example/p"/>',
      [
        'It refers to',
        '- a policy that it does not hold; ask the provider what it demands (http://policies.example/p,',
      ],
    ],
    ['nothing', '', ['Its policies demand nothing.']],
  ])('says of a policy: %s', async (_, policies, expected) => {
    const { code, stdout } = await runInProcess('explain', wsdl(policies))
    expect(code).toBe(0)
    expect(stdout).toMatch(/^BankService \/ BankPort \(.*bank\.wsdl:\d+/)
    let from = 0
    for (const line of expected) {
      expect(stdout.slice(from)).toContain(line)
      from = stdout.indexOf(line, from)
    }
  })

  it('gives the keys that import writes', async () => {
    const path = wsdl(ASYMMETRIC)
    const [{ keys }] = JSON.parse((await runInProcess('explain', path, '--json')).stdout) as [
      { keys: object },
    ]
    const out = join(folder, 'bank.json')
    await runInProcess('import', path, '--json', '--output', out, '--quiet')
    const document = JSON.parse(readFileSync(out, 'utf8')) as { 'x-soap-backends': Record<string, object> }
    expect(Object.values(document['x-soap-backends'])[0]).toMatchObject(keys)
  })

  it('says what is wrong with a file that is no WSDL', async () => {
    const path = join(folder, 'none.wsdl')
    writeFileSync(path, '<a/>')
    const { code, stderr } = await runInProcess('explain', path)
    expect(code).toBe(1)
    expect(stderr).toContain('none.wsdl')
  })
})
