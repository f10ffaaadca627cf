import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { XmlDocument, type XmlElement } from 'libxml2-wasm'
import { expect, it } from 'vitest'
import { compileContract } from '../../src/adapter/adapter.js'
import type { RestOperation } from '../../src/adapter/rest.js'
import { bytesOf } from '../../src/base/bytes/source.js'
import { importWsdl } from '../../src/tools/import/import.js'
import { withoutSecrets } from '../../src/tools/import/proposals/policies.js'

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
const reason = existsSync(corpus) ? '' : `there is no ${corpus}`
if (reason !== '') console.warn(`lossless: skipped: ${reason}`)

/** Attributes of XML Schema instances and of SOAP encoding say what type a value has: the schema says it, too. */
const OF_THE_NOTATION =
  /^http:\/\/(www\.w3\.org\/2001\/XMLSchema-instance|schemas\.xmlsoap\.org\/soap\/e|www\.w3\.org\/2003\/05\/soap-e)/

/** The words of all texts and attributes below soap:Body, each where it was found. */
function wordsOf(envelope: string): string[] {
  const document = XmlDocument.fromString(envelope)
  try {
    const body = document.root.get("*[local-name()='Body']") as XmlElement
    const values = [...body.find('.//text()'), ...body.find('.//*/@*')].flatMap((node) => {
      const isNotation = 'namespaceUri' in node && OF_THE_NOTATION.test(String(node.namespaceUri))
      const isReference = 'name' in node && ['id', 'href', 'root'].includes(String(node.name))
      return isNotation || isReference ? [] : [node.content]
    })
    return values.flatMap((value) => value.split(/[ \t\r\n]+/).filter((word) => word !== ''))
  } finally {
    document.dispose()
  }
}

/** What became of a word is found in the JSON: as it is, as a boolean or number, as a name, or in XML text. */
function isKept(word: string, json: string): boolean {
  if (json.includes(JSON.stringify(word).slice(1, -1))) return true
  if (['true', 'false', '0', '1'].includes(word) && /\b(true|false)\b/.test(json)) return true
  const name = word.replace(/^[^:]*:/, '')
  if (name !== word && json.includes(`}${name}"`)) return true
  const numbers = json.match(/-?[0-9][0-9.eE+-]*/g) ?? []
  return word !== '' && numbers.some((number) => Number(number) === Number(word))
}

interface Found {
  readonly words: number
  readonly lost: readonly string[]
}

function lostBy(operation: RestOperation, optionals: 'all' | 'none'): Found {
  const response = operation.sampleResponse({ optionals })
  const { status, body } = operation.decode(response)
  if (status === 204 || status === 202) return { words: 0, lost: [] }
  const envelope = bytesOf(response.body).toString('utf8')
  if (!envelope.trimStart().startsWith('<')) return { words: 0, lost: [] }
  const json = bytesOf(body).toString('utf8')
  const words = wordsOf(envelope)
  return { words: words.length, lost: words.filter((word) => !isKept(word, json)) }
}

it('finds a word that is missing', () => {
  expect(
    ['0042', '7', 'true', 'a:b'].filter((word) => !isKept(word, '{"n":7.0,"b":false,"q":"{urn:x}b"}')),
  ).toEqual(['0042'])
})

it.skipIf(reason !== '')(
  'every text of a sample response of the corpus is found in its JSON',
  { timeout: 600_000 },
  async () => {
    let responses = 0
    let words = 0
    const lost: string[] = []
    const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.wsdl'),
    )
    for (const file of files.sort()) {
      const path = join(corpus, file)
      const baseDir = dirname(path)
      const { document, summary } = await importWsdl(basename(path), { baseDir })
      if (summary.operations.length === 0) continue
      const adapter = compileContract({ contract: withoutSecrets(document), baseDir, env: {} })
      for (const { operationId } of summary.operations) {
        const operation = adapter.operations.get(operationId)
        if (!operation) continue
        for (const optionals of ['all', 'none'] as const) {
          responses++
          const found = lostBy(operation, optionals)
          words += found.words
          if (found.lost.length > 0)
            lost.push(`${file} ${operationId} ${optionals}: ${found.lost.slice(0, 5).join(' | ')}`)
        }
      }
      await adapter.close()
    }
    console.log(`lossless: ${responses - lost.length} of ${responses} responses, ${words} words`)
    expect(lost).toEqual([])
    expect(responses).toBeGreaterThan(900)
    expect(words).toBeGreaterThan(10_000)
  },
)
