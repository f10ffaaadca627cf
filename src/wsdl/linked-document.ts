import { WSDL, WSDL_SOAP_11, WSDL_SOAP_12, XSD } from '../base/namespaces.js'
import { withoutDoctype } from '../xml/doctype.js'
import { escapeAttribute } from '../xml/escape.js'
import { XmlReader } from '../xml/reader.js'
import { attributeValue } from '../xml/reference.js'
import { MAX_DEPTH } from '../xml/tree.js'

/** A location that a WSDL or a schema holds. */
export interface Link {
  /** wsdl:import; xs:import, xs:include and xs:redefine; soap:address. */
  readonly kind: 'wsdl' | 'schema' | 'address'
  readonly location: string
  /** Of what is imported, as the document says it; of an address that of the extension. */
  readonly namespace: string
  /** wsdl:port/@name of an address. */
  readonly port: string
  /** Offset of the element. */
  readonly at: number
  /** Offsets of the value between its quotes. */
  readonly start: number
  readonly end: number
}

/** The text of a WSDL or a schema and the locations in it, which can be written anew without touching anything else. */
export class LinkedDocument {
  readonly links: readonly Link[]

  private constructor(
    readonly text: string,
    readonly kind: 'wsdl' | 'xsd',
    links: readonly Link[],
  ) {
    this.links = links
  }

  /**
   * @returns nothing where the document element is neither wsdl:definitions nor xs:schema
   * @throws XmlError where the text is not well-formed as far as it is read
   */
  static read(text: string): LinkedDocument | undefined {
    const { markup } = withoutDoctype(text)
    const reader = new XmlReader(markup, { maxDepth: MAX_DEPTH, maxAttributes: 4096, maxNameLength: 4096 })
    reader.nextElement()
    const kind = rootKinds.get(reader.name)
    if (!kind) return undefined
    const links: Link[] = []
    let port = ''
    for (let depth = 1; depth > 0;) {
      if (!reader.nextElement()) {
        depth--
        continue
      }
      const at = reader.position
      if (reader.name === PORT) port = attributesAt(markup, at).get('name')?.value ?? ''
      const link = linkAt(markup, reader.name, at, port)
      if (link) links.push(link)
      if (HOLDERS.has(reader.name)) depth++
      else reader.skip()
    }
    reader.end()
    return new LinkedDocument(text, kind, links)
  }

  /**
   * The text with other locations, to be kept in UTF-8: so it says.
   *
   * @param to the new location of each link; undefined leaves it
   */
  relinked(to: (link: Link) => string | undefined): string {
    let text = ''
    let from = 0
    for (const link of this.links) {
      const location = to(link)
      if (location === undefined) continue
      // Between double quotes or single ones, it is the same value.
      text += this.text.slice(from, link.start) + escapeAttribute(location).replaceAll("'", '&apos;')
      from = link.end
    }
    text += this.text.slice(from)
    return text.replace(/^(<\?xml[^>]*?\sencoding\s*=\s*)(["'])[^"']*\2/, '$1$2UTF-8$2')
  }
}

const PORT = `{${WSDL}}port`
const rootKinds: ReadonlyMap<string, 'wsdl' | 'xsd'> = new Map([
  [`{${WSDL}}definitions`, 'wsdl'],
  [`{${XSD}}schema`, 'xsd'],
])
const HOLDERS: ReadonlySet<string> = new Set([`{${WSDL}}types`, `{${WSDL}}service`, PORT, `{${XSD}}schema`])

interface Linking {
  readonly kind: Link['kind']
  readonly attribute: string
}

const linkings: ReadonlyMap<string, Linking> = new Map([
  [`{${WSDL}}import`, { kind: 'wsdl', attribute: 'location' }],
  ...['import', 'include', 'redefine'].map((name): [string, Linking] => [
    `{${XSD}}${name}`,
    { kind: 'schema', attribute: 'schemaLocation' },
  ]),
  ...[WSDL_SOAP_11, WSDL_SOAP_12].map((namespace): [string, Linking] => [
    `{${namespace}}address`,
    { kind: 'address', attribute: 'location' },
  ]),
])

function linkAt(markup: string, name: string, at: number, port: string): Link | undefined {
  const linking = linkings.get(name)
  if (!linking) return undefined
  const attributes = attributesAt(markup, at)
  const found = attributes.get(linking.attribute)
  if (!found) return undefined
  const { value: location, start, end } = found
  const namespace =
    linking.kind === 'address' ? name.slice(1, -'}address'.length) : attributes.get('namespace')?.value
  return { kind: linking.kind, location, namespace: namespace ?? '', port, at, start, end }
}

interface WrittenAttribute {
  readonly value: string
  readonly start: number
  readonly end: number
}

/** The attributes of a start tag that a reader has found well-formed, by their names as written. */
function attributesAt(markup: string, tag: number): ReadonlyMap<string, WrittenAttribute> {
  const found = new Map<string, WrittenAttribute>()
  const name = /<[^ \t\n\r/>]+/y
  name.lastIndex = tag
  name.test(markup)
  const attribute = /[ \t\n\r]+([^ \t\n\r=/>]+)[ \t\n\r]*=[ \t\n\r]*(?:"([^"]*)"|'([^']*)')/y
  attribute.lastIndex = name.lastIndex
  for (let match = attribute.exec(markup); match; match = attribute.exec(markup)) {
    const [, key = '', double, single = ''] = match
    const end = attribute.lastIndex - 1
    const start = end - (double ?? single).length
    found.set(key, { value: attributeValue(markup.slice(start, end)), start, end })
  }
  return found
}
