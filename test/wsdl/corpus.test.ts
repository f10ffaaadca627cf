import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadWsdl } from '../../src/wsdl/load.js'
import { operationsOf } from './load-wsdl.js'

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
const index = `${corpus}index.tsv`
const present = existsSync(index)
if (!present) console.log('skipped: the corpus of real WSDLs is not beside this checkout')

const rows = present
  ? readFileSync(index, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'))
      .filter(([, , , , , , resolved]) => resolved === 'yes')
      .map(([id = '', file = '', , , , operations = '']) => [id, file, Number(operations)] as const)
  : []

/** WSDLs with mistakes of their own: how many operations remain. */
const mistaken: Readonly<Record<string, { readonly operations: number; readonly why: string }>> = {
  w314: {
    operations: 1,
    why: 'an imported binding names an operation that its port type has not',
  },
  w315: { operations: 0, why: 'its prefixes are not declared' },
  w316: { operations: 1, why: 'a part names an element with another case of letters' },
  w319: { operations: 0, why: 'a base type and an operation do not exist' },
  w322: { operations: 1, why: 'an operation has no input' },
  w327: { operations: 0, why: 'its schemas are of different versions' },
  w329: { operations: 0, why: 'an included type and an operation do not exist' },
}

describe.skipIf(!present)('a real WSDL', () => {
  it.each(rows)('%s loads: %s', (id, file, operations) => {
    const { wsdl, diagnostics } = loadWsdl(corpus + file, { root: corpus })
    const errors = diagnostics.filter((d) => d.severity === 'error')
    const expected = mistaken[id] ?? { operations }
    expect(errors).toEqual([])
    const names = new Set((wsdl ? operationsOf(wsdl) : []).map(({ name }) => name))
    expect(names.size, JSON.stringify(diagnostics.slice(0, 5))).toBe(expected.operations)
    for (const diagnostic of diagnostics) expect(diagnostic.at?.line).toBeGreaterThan(0)
  })
})
