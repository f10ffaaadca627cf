import { XmlDocument, XmlElement, type XmlNode, XmlText } from 'libxml2-wasm'

/**
 * What an XML text says, whatever its prefixes: elements and attributes by expanded names, attributes sorted, names in
 * values expanded too. Read by libxml2.
 */
export function clarkTree(xml: string): string {
  using document = XmlDocument.fromString(xml)
  return tree(document.root)
}

function tree(element: XmlElement): string {
  const attributes = element.attrs
    .map((attribute) => ` ${nameOf(attribute)}="${expanded(attribute.value, element)}"`)
    .sort()
  const children: string[] = []
  for (let child: XmlNode | null = element.firstChild; child; child = 'next' in child ? (child.next as XmlNode | null) : null) {
    if (child instanceof XmlText) children.push(expanded(child.content, element))
    else if (child instanceof XmlElement) children.push(tree(child))
  } // prettier-ignore
  return `<${nameOf(element)}${attributes.join('')}>${children.join('')}</>`
}

function nameOf({ namespaceUri, name }: { readonly namespaceUri: string; readonly name: string }): string {
  return `{${namespaceUri}}${name}`
}

/** A text that is a prefixed name in scope, as its expanded name. */
function expanded(text: string, scope: XmlElement): string {
  const name = /^([\w.-]+):([\w.-]+)$/.exec(text)
  const namespace = name && scope.namespaceForPrefix(name[1] ?? '')
  return namespace ? `{${namespace}}${name[2] ?? ''}` : text
}
