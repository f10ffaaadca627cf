#!/usr/bin/env bash
# xml-crypto refuses a correct signature when prefixes of one element differ in case. Canonical XML orders namespace
# declarations by prefix, and prefixes by their code points (Canonical XML 1.0, section 2.2; Exclusive Canonicalization 1.0,
# section 3, takes that over): S goes before a. xml-crypto sorts them with localeCompare, where a goes before S, and makes other
# octets. So it cannot verify what xmldsigjs has signed by the specification, and the other way about; with the prefixes s and a
# both agree. Prefixes have no meaning of their own: S is what the JAX-WS RI calls the namespace of the envelope. Hyphens and
# underscores, n_1 beside n1, are ordered wrongly in the same way.
#
# Signs two documents that differ in one prefix with xmldsigjs, verifies both with xml-crypto, and compares the canonical forms
# with those of libxml2. Exits non-zero when one of them behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts xml-crypto@6.3.2 xmldsigjs@2.8.8 libxml2-wasm@0.7.2 \
  xml-core@1.2.6 @xmldom/xmldom@0.9.12 xpath@0.0.34
cat >probe.mjs <<'JS'
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import { DOMImplementation, DOMParser, XMLSerializer } from '@xmldom/xmldom'
import { XmlC14NMode, XmlDocument } from 'libxml2-wasm'
import xpath from 'xpath'
import { ExclusiveCanonicalization, SignedXml as Verifier } from 'xml-crypto'
import { setNodeDependencies } from 'xml-core'
import { Application, Parse, SignedXml as Signer } from 'xmldsigjs'

setNodeDependencies({ DOMImplementation, DOMParser, XMLSerializer, xpath })
Application.setEngine('node', webcrypto)
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const key = await webcrypto.subtle.importKey('pkcs8', privateKey.export({ type: 'pkcs8', format: 'der' }), algorithm, false, ['sign'])

const message = (envelope) =>
  `<${envelope}:Body xmlns:${envelope}="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="urn:shop" a:order="7"/>`

async function verified(text) {
  const signer = new Signer()
  const signature = await signer.Sign(algorithm, key, Parse(text), { references: [{ hash: 'SHA-256', transforms: ['enveloped', 'exc-c14n'] }] })
  const signed = text.replace('/>', `>${signature.toString()}</${text.slice(1, text.indexOf(':'))}:Body>`)
  const verifier = new Verifier({ publicCert: publicKey.export({ type: 'spki', format: 'pem' }), getCertFromKeyInfo: () => null })
  verifier.loadSignature(signature.toString())
  try {
    return verifier.checkSignature(signed)
  } catch (error) {
    return error.message
  }
}

const forms = (text) => {
  const document = XmlDocument.fromString(text)
  return {
    libxml2: document.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 }),
    xmlCrypto: new ExclusiveCanonicalization().process(new DOMParser().parseFromString(text, 'text/xml').documentElement, {}),
  }
}
const seen = {}
for (const prefix of ['s', 'S']) {
  const { libxml2, xmlCrypto } = forms(message(prefix))
  seen[prefix] = { verified: await verified(message(prefix)), sameAsLibxml2: libxml2 === xmlCrypto }
  console.log(prefix, seen[prefix], `\n  libxml2     ${libxml2}\n  xml-crypto  ${xmlCrypto}`)
}
const asKnown = seen.s.verified === true && seen.s.sameAsLibxml2 && seen.S.verified !== true && !seen.S.sameAsLibxml2
process.exit(asKnown ? 0 : 1)
JS
echo "xml-crypto 6.3.2, xmldsigjs 2.8.8, libxml2-wasm 0.7.2, node $(node --version)"
node probe.mjs
