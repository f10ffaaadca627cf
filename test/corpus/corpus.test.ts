import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { formatCorpus, runCorpus } from '../../src/tools/corpus.js'
import { hasLibxml2, judgeWithLibxml2 } from './libxml2.js'
import { judgeResponse } from './response-schema.js'

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
const reason = existsSync(corpus) ? '' : `there is no ${corpus}`
if (reason !== '') console.warn(`corpus: skipped: ${reason}`)
const withLibxml2 = hasLibxml2()
if (!withLibxml2) console.warn('corpus: requests are not judged: python3-lxml is absent')

it.skipIf(reason !== '')(
  'imports, loads, encodes and decodes every operation of every WSDL',
  { timeout: 600_000 },
  async () => {
    let judged = 0
    let unjudged = 0
    const report = await runCorpus(corpus, {
      response: judgeResponse,
      ...(withLibxml2 && {
        requests: (wsdl, samples) => {
          const verdicts = judgeWithLibxml2(wsdl, samples)
          judged += verdicts.judged
          unjudged += verdicts.unjudged
          return verdicts.invalid
        },
      }),
    })
    console.log(formatCorpus(report))
    console.log(`libxml2 judged ${judged} envelopes, could not compile the schemas of ${unjudged}`)
    expect(report.failures).toEqual([])
    // Each lacks a schema or a type that it uses.
    expect(report.refused.map(({ wsdl }) => wsdl.split('/').at(-1))).toEqual([
      'HI_ConsumerSearchIHIBatchAsync-3.0.wsdl',
      'HI_ProviderBatchAsyncSearchForProviderIndividual-5.1.0.wsdl',
      'HI_ProviderBatchAsyncSearchForProviderOrganisation-5.1.0.wsdl',
      'extended_element.wsdl',
      'Netsuite.wsdl',
      'xsd_include.wsdl',
    ])
    const unequal = report.rows.filter(
      (row) => row.requests !== row.operations || row.responses !== row.operations,
    )
    expect(unequal).toEqual([])
    expect(report.rows.reduce((sum, { operations }) => sum + operations, 0)).toBeGreaterThan(450)
  },
)
