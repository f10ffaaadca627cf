/** Signing and verifying envelopes beside node-soap, which signs with xml-crypto, and xml-crypto, on the same octets. */
import { createRequire } from 'node:module'
import { WSSecurityCert } from 'soap'
import { importFrom, ownBuild } from './builds.mjs'
import { credential, cpuMicros } from './credential.mjs'
import { median } from './load.mjs'
import { transactionList } from './messages.mjs'

const require = createRequire(import.meta.url)
const { SignedXml } = createRequire(require.resolve('soap'))('xml-crypto')
const { DOMParser } = createRequire(require.resolve('soap'))('@xmldom/xmldom')
const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/** Rows that make so many kilobytes. */
const SIZES = { '5 kB': 18, '500 kB': 1900 }

/** @returns by size and job, by engine: CPU microseconds, and how many times as long as soapstone */
export async function measureSignatures({ rounds, milliseconds, directory, progress }) {
  const { certificate, privateKey } = credential(directory)
  const { compileWsSecurity } = await importFrom(ownBuild, 'ws-security/ws-security.js')
  const security = compileWsSecurity(policyFor(certificate, privateKey), '1.1')
  const results = {}
  for (const [size, rows] of Object.entries(SIZES)) {
    const envelope = withHeader(transactionList(rows))
    const signed = security.secure(envelope, {})
    const jobs = {
      sign: {
        soapstone: () => security.secure(envelope, {}),
        'node-soap': () => signByNodeSoap(envelope, certificate, privateKey),
      },
      verify: {
        soapstone: () => security.verify(signed),
        'xml-crypto': () => verifyByXmlCrypto(signed, certificate),
      },
    }
    for (const [job, engines] of Object.entries(jobs)) {
      progress(`signatures: ${job} ${size}`)
      const micros = Object.fromEntries(Object.keys(engines).map((engine) => [engine, []]))
      for (let round = 0; round < rounds; round++) {
        for (const [engine, run] of Object.entries(engines)) {
          micros[engine].push(cpuMicros(run, milliseconds))
        }
      }
      for (const [engine, values] of Object.entries(micros)) {
        const timesPeer = values.map((_, round) => micros.soapstone[round] / values[round])
        results[`${job} ${size}, ${engine}`] = { micros: median(values), timesPeer: median(timesPeer) }
      }
    }
  }
  return results
}

function policyFor(certificate, privateKey) {
  const parts = ['body', 'timestamp']
  return {
    mustUnderstand: true,
    timestamp: { ttlSeconds: 300 },
    signature: {
      ...{ key: { privateKey, certificate }, reference: 'binary-token' },
      ...{ algorithm: 'rsa-sha256', digest: 'sha256', parts },
    },
    verify: {
      ...{ trust: [certificate], certificates: [], parts, maxAgeSeconds: 3600, clockSkewSeconds: 300 },
      ...{
        sha1: false,
        inclusive: false,
        unsignedFaults: false,
        unsignedHeaders: 'drop',
        unsignedPrefixes: false,
      },
    },
  }
}

/** node-soap puts its header into one that is there. */
function withHeader(envelope) {
  return envelope.includes('<soap:Header')
    ? envelope
    : envelope.replace('<soap:Body>', '<soap:Header></soap:Header><soap:Body>')
}

function signByNodeSoap(envelope, certificate, privateKey) {
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const options = {
    hasTimeStamp: true,
    signatureAlgorithm: RSA_SHA256,
    signatureTransformations: [EXCLUSIVE],
  }
  return new WSSecurityCert(key, certificate.toString(), '', options).postProcess(envelope, 'soap').length
}

/** @throws Error where the signature is not good */
function verifyByXmlCrypto(envelope, certificate) {
  const document = new DOMParser().parseFromString(envelope, 'text/xml')
  const [signature] = Array.from(document.getElementsByTagNameNS(DSIG, 'Signature'))
  const verifier = new SignedXml({ publicCert: certificate.toString(), getCertFromKeyInfo: () => null })
  verifier.loadSignature(signature)
  if (!verifier.checkSignature(envelope)) throw new Error('xml-crypto found the signature wrong')
  return verifier.getSignedReferences().length
}
