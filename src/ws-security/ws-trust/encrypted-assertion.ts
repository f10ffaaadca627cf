import type { X509Certificate } from 'node:crypto'
import { AdapterError } from '../../base/errors.js'
import { childElements, descendants, type ElementNode, readSignedDocument } from '../document/document.js'
import { DS, XENC } from '../names.js'
import { signerOf } from '../tokens/key-info.js'

/**
 * Whether an encrypted assertion (SAML 2.0 core, section 2.3.4) has a key for a certificate, by what the key itself names: X509Data, or a
 * reference by thumbprint, key identifier, or issuer and serial number. Nobody but the holder of the certificate can see more.
 *
 * @param markup well-formed, an element alone
 */
export function isEncryptedFor(markup: string, certificate: X509Certificate): boolean {
  return descendants(readSignedDocument(markup).root)
    .filter(({ name }) => name === `{${XENC}}EncryptedKey`)
    .flatMap((key) => childElements(key).find(({ name }) => name === `{${DS}}KeyInfo`) ?? [])
    .some((keyInfo) => names(keyInfo, certificate))
}

/** There are no tokens that it could refer to. */
const ALONE = { security: undefined, bearers: new Map<string, number>() }

function names(keyInfo: ElementNode, certificate: X509Certificate): boolean {
  try {
    const named = signerOf(keyInfo, ALONE, {
      known: [certificate],
      parse: (der) => {
        if (certificate.raw.equals(der)) return certificate
        throw new Error('another certificate')
      },
    })
    return named.certificate === certificate
  } catch (error) {
    if (error instanceof AdapterError) return false
    throw error
  }
}
