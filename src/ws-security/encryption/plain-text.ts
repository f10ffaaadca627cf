import { escapeAttribute } from '../../xml/escape.js'
import { XmlError, XmlReader } from '../../xml/reader.js'
import { isBlank, trimXml } from '../../xml/white-space.js'
import { QNAME_ATTRIBUTES } from '../document/canonical.js'
import { descendants, type ElementNode, type PrefixScope, readSignedDocument } from '../document/document.js'
import { newId } from '../document/markup.js'
import { ENCRYPTED_KEY_PATH, untrusted } from '../untrusted.js'

/**
 * A plain text that ended the element which it stands in, or began another, would change what stands around it.
 *
 * @param scope of where it stands
 * @throws AdapterError `backend-untrusted`
 */
export function checkBalanced(
  text: string,
  scope: PrefixScope,
  { isContent }: { readonly isContent: boolean },
): void {
  const { markup, name } = wrapped(text, scope)
  try {
    const reader = new XmlReader(markup)
    reader.nextElement()
    if (isContent) reader.skip()
    else {
      const before = reader.offset
      if (!reader.nextElement() || !isBlank(markup.slice(before, reader.position))) throw failed()
      reader.skip()
      if (!isBlank(markup.slice(reader.offset, -`</${name}>`.length))) throw failed()
      reader.nextElement()
    }
    reader.end()
  } catch (error) {
    throw error instanceof XmlError ? failed() : error
  }
}

/**
 * Whether elements, attributes or QNames of a plain text that is balanced get their namespaces from declarations around it
 * other than those that are covered, by prefix.
 */
export function takesOtherDeclarations(
  text: string,
  scope: PrefixScope,
  covered: ReadonlyMap<string, string>,
): boolean {
  const { root } = readSignedDocument(wrapped(text, scope).markup)
  const isOther = (prefix: string, element: ElementNode): boolean => {
    let at: PrefixScope | undefined = element.scope
    while (at && !at.declared.has(prefix)) at = at.parent
    const namespace = at === root.scope ? root.scope.declared.get(prefix) : undefined
    return namespace !== undefined && namespace !== '' && covered.get(prefix) !== namespace
  }
  return descendants(root).some((element) => {
    if (element === root) return false
    const prefixes = [element.prefix]
    for (const { prefix, name, value } of element.attributes) {
      if (prefix !== '' && prefix !== 'xml') prefixes.push(prefix)
      if (QNAME_ATTRIBUTES.has(name)) prefixes.push(trimXml(value).split(':').slice(0, -1).join(':'))
    }
    return prefixes.some((prefix) => isOther(prefix, element))
  })
}

function wrapped(text: string, scope: PrefixScope): { readonly markup: string; readonly name: string } {
  const name = newId('x')
  return { markup: `<${name}${declarations(scope)}>${text}</${name}>`, name }
}

function declarations(scope: PrefixScope): string {
  const found = new Map<string, string>()
  for (let each: PrefixScope | undefined = scope; each; each = each.parent) {
    for (const [prefix, uri] of each.declared) if (!found.has(prefix)) found.set(prefix, uri)
  }
  found.delete('xml')
  return [...found]
    .map(([prefix, uri]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`)
    .join('')
}

/** Whatever was wrong: a key, a tag, a padding or what was in it. */
export function failed(): Error {
  return untrusted('The response could not be decrypted', ENCRYPTED_KEY_PATH)
}
