import { escapeAttribute } from '../xml/escape.js'
import { XML, XMLNS } from '../base/namespaces.js'
import { EncodeError } from './codec.js'
import { escaped } from './escaped.js'

/**
 * Writes a QName that JSON has in Clark notation.
 *
 * @param prefix to declare for it
 * @returns the declaration that its element needs, with a space before it, and the prefixed name
 * @throws EncodeError
 */
export function encodeQName(name: string, prefix = 'q'): { declaration: string; lexical: string } {
  const match = /^(?:\{([^{}]*)\})?([\p{L}_][\p{L}\p{N}\p{M}._-]*)$/u.exec(name)
  if (!match) throw new EncodeError('must be a name in Clark notation: {namespace}name')
  const [, namespace = '', localName = ''] = match
  if (namespace === '') return { declaration: '', lexical: localName }
  if (namespace === XML) return { declaration: '', lexical: `xml:${localName}` }
  if (namespace === XMLNS) throw new EncodeError('must not be in the namespace of declarations')
  return {
    declaration: ` xmlns:${prefix}="${escaped(namespace, escapeAttribute)}"`,
    lexical: `${prefix}:${localName}`,
  }
}
