import { test } from 'vitest'
import { readFileSync } from 'node:fs'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { loadWsdl } from '../src/wsdl/load.js'
import { parseXmlTree } from '../src/xml/tree.js'
import { Diagnostics } from '../src/base/diagnostic.js'
test('corpus', () => {
  const base = new URL('../../shared/corpus/', import.meta.url).pathname
  const text = readFileSync(base + 'gematik__api-telematik/ext/HL7V3/NE2008/coreschemas/voc.xsd', 'utf8')
  for (let i = 0; i < 3; i++) {
    let t = performance.now()
    const lap = (n: string) => { console.log(n, (performance.now() - t).toFixed(0)); t = performance.now() }
    XMLValidator.validate(text); lap('validate')
    new XMLParser({ preserveOrder: true, captureMetaData: true, ignoreAttributes: false, trimValues: false, parseTagValue: false, processEntities: false, maxNestedTags: 200, jPath: false }).parse(text); lap('parse jPath false')
    new XMLParser({ preserveOrder: true, captureMetaData: true, ignoreAttributes: false, trimValues: false, parseTagValue: false, processEntities: false, maxNestedTags: 200 }).parse(text); lap('parse')
    parseXmlTree(text, 'x', new Diagnostics()); lap('tree')
  }
  let t = performance.now()
  const f = base + readFileSync(base + 'index.tsv', 'utf8').split('\n').find((l) => l.startsWith('w151'))!.split('\t')[1]
  for (let i = 0; i < 3; i++) { t = performance.now(); loadWsdl(f, { root: base }); console.log('w151', (performance.now() - t).toFixed(0)) }
})
