/**
 * How fast the XML reader walks an answer of 200 rows, beside other parsers that resolve namespaces and give the same
 * names and texts. `npm run build`, then `node bench/reader.mjs`; saxes is compared where the working directory has it.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { decodeXml } from '../dist/xml/encoding.js'
import { XmlReader } from '../dist/xml/reader.js'

const ROWS = 200
const SECONDS = 2

const names = [
  'AccountNumber',
  'BookingDate',
  'ValueDate',
  'Amount',
  'Currency',
  'Kind',
  'Text',
  'Id',
  'Seq',
  'Open',
]
const values = [
  'DE89370400440532013000',
  '2024-03-01',
  '2024-03-02Z',
  '-1234.50',
  'EUR',
  'CARD',
  'Müller & Söhne',
  '77120',
  '1',
  'true',
]

function row(prefix, i) {
  const children = names.map((name, n) => {
    const value =
      n === 7 ? String(Number(values[n]) + i) : values[n].replace('&', i % 10 === 0 ? '&amp;' : 'und')
    return `<${prefix}${name}>${value}</${prefix}${name}>`
  })
  return `<${prefix}Transaction>${children.join('')}</${prefix}Transaction>`
}

function answer(prefix, rows) {
  const declaration = prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`
  return (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">' +
    `<soap:Body><${prefix}GetTransactionHistoryResponse ${declaration}="urn:example:core-banking:v1">` +
    Array.from({ length: rows }, (_, i) => row(prefix, i)).join('') +
    `</${prefix}GetTransactionHistoryResponse></soap:Body></soap:Envelope>`
  )
}

/** Every name and text is looked at, so that no engine can leave work undone. */
let seen = 0

function ours(xml) {
  const reader = new XmlReader(xml)
  const walk = (depth) => {
    while (reader.nextElement()) {
      seen += reader.name.length
      if (depth === 4) seen += reader.text().length
      else walk(depth + 1)
    }
  }
  walk(0)
  reader.end()
}

function oursSkipping(xml) {
  const reader = new XmlReader(xml)
  reader.nextElement()
  reader.skip()
  reader.end()
}

function saxesWalk(SaxesParser) {
  return (xml) => {
    const parser = new SaxesParser({ xmlns: true })
    let text = ''
    parser.on('opentag', (tag) => {
      seen += `{${tag.uri}}${tag.local}`.length
      text = ''
    })
    parser.on('text', (part) => (text += part))
    parser.on('closetag', () => (seen += text.length))
    parser.write(xml).close()
  }
}

function measure(label, bytes, run) {
  for (let i = 0, until = performance.now() + 500; performance.now() < until; i++) run()
  let best = Infinity
  for (let until = performance.now() + SECONDS * 1000; performance.now() < until;) {
    const start = performance.now()
    for (let i = 0; i < 20; i++) run()
    best = Math.min(best, (performance.now() - start) / 20)
  }
  const rate = bytes / 1e3 / best
  console.log(
    `${label.padEnd(36)}${rate.toFixed(1).padStart(8)} MB/s${(best * 1000).toFixed(1).padStart(10)} µs`,
  )
}

const require = createRequire(join(process.cwd(), 'package.json'))
let SaxesParser
try {
  ;({ SaxesParser } = require('saxes'))
} catch {
  console.log('saxes is not installed in the working directory: not compared')
}
const fxp = new XMLParser({ ignoreAttributes: false, parseTagValue: false })

for (const [prefix, rows] of [
  ['', ROWS],
  ['cb:', ROWS],
  ['', 1],
]) {
  const xml = answer(prefix, rows)
  const bytes = Buffer.from(xml)
  console.log(`\n${rows} rows, ${prefix === '' ? 'default namespace' : 'prefixes'}, ${bytes.length} bytes`)
  measure('XmlReader: names and texts', bytes.length, () => ours(xml))
  measure('decodeXml + XmlReader', bytes.length, () => ours(decodeXml(bytes)))
  measure('XmlReader.skip: checks only', bytes.length, () => oursSkipping(xml))
  if (SaxesParser) measure('saxes', bytes.length, () => saxesWalk(SaxesParser)(xml))
  measure('fast-xml-parser (no namespaces)', bytes.length, () => fxp.parse(xml))
}
if (seen === 0) throw new Error('nothing was read')
