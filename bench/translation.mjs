/** XML to JSON text and back, without any network: soapstone beside the libraries that people use, on the same bytes. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { XMLBuilder, XMLParser } from 'fast-xml-parser'
import { createClientAsync } from 'soap'
import { buildsOf, importFrom, ledgerContract, ownBuild, timesAgainst } from './builds.mjs'
import { median } from './load.mjs'
import { payment, transactionList } from './messages.mjs'

/** What the engines have read: nothing that is summed up here can be optimised away. */
let seen = 0

/** Names and texts of all elements, and that the document is well-formed. */
async function readerOf(build) {
  const { decodeXml } = await importFrom(build, 'xml/encoding.js')
  const { XmlReader } = await importFrom(build, 'xml/reader.js')
  const walk = (reader, depth) => {
    while (reader.nextElement()) {
      seen += reader.name.length
      if (depth === 4) seen += reader.text().length
      else walk(reader, depth + 1)
    }
  }
  return (bytes) => {
    const reader = new XmlReader(decodeXml(bytes))
    walk(reader, 0)
    reader.end()
  }
}

/** The same job for saxes. */
function saxesNames(SaxesParser) {
  return (bytes) => {
    const parser = new SaxesParser({ xmlns: true })
    let text = ''
    parser.on('opentag', (tag) => {
      seen += `{${tag.uri}}${tag.local}`.length
      text = ''
    })
    parser.on('text', (part) => (text += part))
    parser.on('closetag', () => (seen += text.length))
    parser.write(bytes.toString('utf8')).close()
  }
}

/** saxes is not a dependency: it is compared where the bench or the working directory can find it. */
function findSaxes() {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(from)('saxes').SaxesParser
    } catch {
      continue
    }
  }
  return undefined
}

const plain = { ignoreAttributes: true, removeNSPrefix: true, parseTagValue: false }

async function engineOf(build) {
  const { compileContract } = await importFrom(build, 'adapter/adapter.js')
  const { operations } = compileContract({ contract: ledgerContract })
  const list = operations.get('listTransactions')
  const submit = operations.get('submitPayment')
  const headers = { 'content-type': 'text/xml; charset=utf-8' }
  return {
    decode: (bytes) => list.decode({ status: 200, headers, body: bytes }).body.length,
    read: await readerOf(build),
    encode: (request) => submit.encode(request).body.length,
  }
}

async function jobs(against) {
  const builds = Object.entries(buildsOf(against))
  const ours = await Promise.all(builds.map(async ([name, build]) => [name, await engineOf(build)]))
  const ofOurs = (job) => Object.fromEntries(ours.map(([name, engine]) => [name, job(engine)]))

  const wsdl = fileURLToPath(new URL('contract/ledger.wsdl', import.meta.url))
  const { wsdl: nodeSoap } = await createClientAsync(wsdl)
  const parser = new XMLParser(plain)
  const builder = new XMLBuilder({ ignoreAttributes: true })
  const SaxesParser = findSaxes()

  const decoders = {
    ...ofOurs(({ decode }) => decode),
    'node-soap': (bytes) => JSON.stringify(nodeSoap.xmlToObject(bytes.toString('utf8')).Body).length,
    'fast-xml-parser': (bytes) => JSON.stringify(parser.parse(bytes.toString('utf8')).Envelope.Body).length,
  }
  const readers = {
    ...ofOurs(({ read }) => read),
    ...(SaxesParser && { saxes: saxesNames(SaxesParser) }),
    'fast-xml-parser': (bytes) => parser.parse(bytes.toString('utf8')),
  }
  const encoders = (lines) => {
    const body = payment(lines)
    const request = { path: { accountId: 'DE89370400440532013000' }, query: {}, headers: {}, body }
    const args = { AccountId: 'DE89370400440532013000', ...asElements(body) }
    const namespace = 'urn:example:ledger:v1'
    const { $name, $lookupType, $type } = nodeSoap.definitions.messages.SubmitPaymentIn.element
    return {
      ...ofOurs(
        ({ encode }) =>
          () =>
            encode(request),
      ),
      'node-soap': () =>
        nodeSoap.objectToDocumentXML($name, args, 'led', namespace, $type ?? $lookupType).length,
      'fast-xml-parser': () => builder.build({ SubmitPayment: args }).length,
    }
  }

  return [
    ...[200, 20, 1].map((rows) => decodeJob(rows, decoders)),
    ...[200, 20].map((rows) => ({ ...decodeJob(rows, readers), name: `read XML, ${rows} rows` })),
    ...[9, 100].map((lines) => encodeJob(lines, encoders(lines))),
  ]
}

function decodeJob(rows, engines) {
  const bytes = Buffer.from(transactionList(rows))
  const name = rows === 1 ? 'decode, 1 row' : `decode, ${rows} rows`
  const runs = Object.entries(engines).map(([engine, run]) => [engine, () => run(bytes)])
  return { name, bytes: bytes.byteLength, engines: Object.fromEntries(runs) }
}

/** The size is that of the XML that soapstone writes, for every engine. */
function encodeJob(lines, engines) {
  return { name: `encode, ${lines} lines`, bytes: engines.soapstone(), engines }
}

/** `endToEndId` becomes `EndToEndId`, at all depths. */
function asElements(value) {
  if (Array.isArray(value)) return value.map(asElements)
  if (typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name[0].toUpperCase() + name.slice(1), asElements(inner)]),
  )
}

/** @returns CPU microseconds per run, of as many runs as fit */
function timed(run, milliseconds) {
  let count = 0
  let step = 1
  const before = process.cpuUsage()
  const start = performance.now()
  for (; performance.now() - start < milliseconds; step = Math.min(step * 2, 64)) {
    for (let i = 0; i < step; i++) seen += run() ?? 0
    count += step
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

/**
 * @param against the root of another build, which takes its turns in the same rounds
 * @returns by job, by engine: CPU microseconds, MB/s and how many times as long as soapstone
 */
export async function measureTranslation({ rounds, milliseconds, progress, against }) {
  // As a server does: a body is memory of the C library, which otherwise gets its pages anew for each document.
  const { keepFreedMemory } = await importFrom(ownBuild, 'base/bytes/freed-memory.js')
  keepFreedMemory()
  const results = {}
  for (const { name, bytes, engines } of await jobs(against)) {
    progress(`translation: ${name}`)
    const samples = Object.fromEntries(Object.keys(engines).map((engine) => [engine, []]))
    for (const run of Object.values(engines)) timed(run, 3 * milliseconds)
    for (let round = 0; round < rounds; round++) {
      for (const [engine, run] of Object.entries(engines)) samples[engine].push(timed(run, milliseconds))
    }
    const micros = (engine) => median(samples[engine])
    const rounded = ({ soapstone, against: other }) => ({
      soapstone: soapstone.map((each) => ({ micros: each })),
      ...(other && { against: other.map((each) => ({ micros: each })) }),
    })
    const times = timesAgainst(rounded(samples))
    results[name] = Object.fromEntries(
      Object.keys(engines).map((engine) => [
        engine,
        {
          micros: micros(engine),
          mbPerSecond: bytes / micros(engine),
          timesSoapstone: micros(engine) / micros('soapstone'),
          ...(engine === 'soapstone' && { timesAgainst: times }),
        },
      ]),
    )
  }
  if (seen === 0) throw new Error('nothing was read')
  return results
}
