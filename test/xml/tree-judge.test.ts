import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { expect, it } from 'vitest'
import { Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { decodeXml } from '../../src/xml/encoding.js'
import { parseXmlTree, type XmlElement } from '../../src/xml/tree.js'
import { root } from '../oracle/contracts.js'

const corpus = join(root, '../shared/corpus')
if (!existsSync(corpus)) console.log('skipped: the corpus of real WSDLs is not beside this checkout')
const folders = [join(root, 'wsdl'), corpus].filter((folder) => existsSync(folder))

it.each(folders)(
  'contracts have the elements that fast-xml-parser sees: %s',
  { timeout: 120_000 },
  (folder) => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(?:wsdl|xsd)$/i.test(file),
    )
    let compared = 0
    for (const file of files) {
      const text = decodeXml(readFileSync(join(folder, file)))
      const tree = parseXmlTree(text, file, new Diagnostics())
      // What is not well-formed is refused by ours alone; document types, which schemas of W3C have, by fast-xml-parser.
      if (!tree || text.includes('<!DOCTYPE')) continue
      expect(told(tree), file).toEqual(toldByOthers(text))
      compared++
    }
    expect(compared).toBeGreaterThan(files.length / 2)
  },
)

/** Of each element in the order of the document: line, local name, how many attributes, and its text without white space. */
type Told = readonly [line: number, name: string, attributes: number, text: string]

function told(element: XmlElement): Told[] {
  const { at, name, attributes, children, content } = element
  const text = content.filter((part) => typeof part === 'string').join('')
  return [[at.line, name.localName, attributes.size, comparable(text)], ...children.flatMap(told)]
}

const META = XMLParser.getMetaDataSymbol().valueOf()
const parser = new XMLParser({
  preserveOrder: true,
  captureMetaData: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  ignoreDeclaration: true,
  ignorePiTags: true,
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  cdataPropName: '#cdata',
  maxNestedTags: 1000,
})

type Node = Readonly<Record<string, unknown>> & { readonly [META]?: { readonly startIndex: number } }

function toldByOthers(text: string): Told[] {
  const starts = [...text.matchAll(/\n/g)].map(({ index }) => index + 1)
  const lineOf = (offset: number): number => {
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? Infinity) <= offset) low = middle + 1
      else high = middle
    }
    return low + 1
  }
  // It sees the start of a literal in apostrophes of instructions.
  const tame = text.replace(/<!\[CDATA\[[^]*?\]\]>|<!--[^]*?-->|<\?[^]*?\?>/g, (misc) =>
    misc.startsWith('<?') ? misc.replace(/['"]/g, ' ') : misc,
  )
  const elementsIn = (nodes: readonly Node[]): Told[] =>
    nodes.flatMap((node) => {
      const [tag] = Object.keys(node).filter((key) => key !== ':@')
      if (tag === undefined || tag.startsWith('#')) return []
      const inside = node[tag] as readonly Node[]
      const attributes = Object.keys(node[':@'] ?? {})
      const own: Told = [
        lineOf(node[META]?.startIndex ?? 0),
        tag.slice(tag.indexOf(':') + 1),
        attributes.filter((name) => name !== 'xmlns' && !name.startsWith('xmlns:')).length,
        comparable(inside.map(textIn).join('')),
      ]
      return [own, ...elementsIn(inside)]
    })
  return elementsIn(parser.parse(tame) as readonly Node[])
}

function textIn(node: Node): string {
  const { '#text': text, '#cdata': section } = node
  if (Array.isArray(section))
    return (section as readonly Node[]).map((part) => String(part['#text'])).join('')
  return typeof text === 'string' ? expanded(text) : ''
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** References are left by fast-xml-parser; what they stand for in XML is told here a second time. */
function expanded(text: string): string {
  return text.replace(
    /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name = '') =>
      hex !== undefined
        ? String.fromCodePoint(parseInt(hex, 16))
        : decimal !== undefined
          ? String.fromCodePoint(Number(decimal))
          : (NAMED[String(name)] ?? whole),
  )
}

/** White space is told otherwise by both. */
function comparable(text: string): string {
  return text.replace(/\s/g, '')
}
