import { XML, XMLNS } from '../../base/namespaces.js'
import { escapeAttribute } from '../../xml/escape.js'
import { EncodeError } from '../codec.js'
import { escaped } from './escaped.js'

/** The prefixes that names in one value need. */
export class NameDeclarations {
  readonly #prefixes = new Map<string, string>()
  /** What the element must declare, each with a space before it. */
  text = ''

  /** @param prefix of the first namespace; the others get it with a number */
  constructor(readonly prefix: string) {}

  /**
   * Writes a name that JSON has in Clark notation.
   *
   * @returns the prefixed name
   * @throws EncodeError
   */
  write(name: string): string {
    const match = /^(?:\{([^{}]*)\})?([\p{L}_][\p{L}\p{N}\p{M}._-]*)$/u.exec(name)
    if (!match) throw new EncodeError('must be a name in Clark notation: {namespace}name')
    const [, namespace = '', localName = ''] = match
    if (namespace === '') return localName
    if (namespace === XML) return `xml:${localName}`
    if (namespace === XMLNS) throw new EncodeError('must not be in the namespace of declarations')
    return `${this.#prefixOf(namespace)}:${localName}`
  }

  #prefixOf(namespace: string): string {
    const known = this.#prefixes.get(namespace)
    if (known !== undefined) return known
    const count = this.#prefixes.size
    const prefix = count === 0 ? this.prefix : `${this.prefix}_${count + 1}`
    this.#prefixes.set(namespace, prefix)
    this.text += ` xmlns:${prefix}="${escaped(namespace, escapeAttribute)}"`
    return prefix
  }
}
