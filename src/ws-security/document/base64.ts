import { notOfSchema, SIGNATURE } from '../untrusted.js'
import { type ElementNode, textOf } from './document.js'

/**
 * The bytes of base64 content.
 *
 * @throws AdapterError `backend-untrusted`
 */
export function bytes(element: ElementNode): Buffer {
  const text = textOf(element)?.replace(/[ \t\r\n]+/g, '') ?? ''
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw notOfSchema(element.localName, SIGNATURE)
  return Buffer.from(text, 'base64')
}
