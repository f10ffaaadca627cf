import { AdapterError } from '../../base/errors.js'
import { XENC } from '../../ws-security/names.js'
import type { XmlReader } from '../../xml/reader.js'

/** Is the element one that takes the place of what was encrypted (XML Encryption 1.1, section 3.4)? */
export function isEncrypted({ localName, namespace }: XmlReader): boolean {
  return localName === 'EncryptedData' && namespace === XENC
}

/** Nothing of the response can be read, and whoever changed it on the way could not be told either. */
export function encrypted(): AdapterError {
  return new AdapterError(
    'backend-untrusted',
    'The response is encrypted (XML Encryption), and security.decryption of the backend does not say with which key.',
  )
}
