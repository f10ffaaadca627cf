import { Diagnostics } from '../base/diagnostic/diagnostic.js'
import { WSSE, XSI } from '../base/namespaces.js'
import { parseXmlTree, type XmlElement } from '../xml/tree.js'
import { shownText } from './json-view.js'
import type { Disclosure, XmlView } from './view.js'

/** @returns undefined where the text is not XML */
export function xmlView(text: string, disclosure: Disclosure): XmlView | undefined {
  const root = parseXmlTree(text, 'envelope', new Diagnostics())
  return root && elementView(root, '', disclosure)
}

/** Of xsi: what an element is, not what it says. */
const STRUCTURE = new Set(['type', 'nil'])

function elementView(element: XmlElement, namespace: string, disclosure: Disclosure): XmlView {
  const { name, attributes, children, content } = element
  // Credentials and signatures are nobody's to look at, whatever else is shown.
  const own = name.namespace === WSSE ? { values: false } : disclosure
  const text = content.filter((part) => typeof part === 'string').join('')
  const hasText = text.trim() !== ''
  return {
    name: name.localName,
    ...(name.namespace !== namespace && { namespace: name.namespace }),
    attributes: [...attributes].map(([clark, value]) => attributeView(clark, value, own)),
    children: children.map((child) => elementView(child, name.namespace, own)),
    hasText,
    ...(hasText && shownText(text.trim(), own)),
  }
}

function attributeView(clark: string, value: string, disclosure: Disclosure): XmlView['attributes'][number] {
  const [, namespace = '', name = clark] = /^\{([^}]*)\}(.*)$/.exec(clark) ?? []
  if (namespace === XSI && STRUCTURE.has(name)) return { name: `xsi:${name}`, text: value }
  return { name, ...shownText(value, disclosure) }
}
