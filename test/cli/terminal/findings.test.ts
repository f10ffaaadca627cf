import { describe, expect, it } from 'vitest'
import { type Diagnostic, formatDiagnostic } from '../../../src/base/diagnostic/diagnostic.js'
import { foldCauses, sortDiagnostics } from '../../../src/cli/terminal/findings.js'

const finding = (message: string, file?: string, line = 1, related: readonly number[] = []): Diagnostic => ({
  code: 'member-missing',
  severity: 'error',
  message,
  ...(file !== undefined && { at: { file, line } }),
  ...(related.length > 0 && {
    related: related.map((at) => ({ message: 'the XSD', at: { file: 'a.xsd', line: at } })),
  }),
})

describe('sortDiagnostics', () => {
  it('sorts by file, line as a number, and words', () => {
    const sorted = sortDiagnostics([
      finding('d', 'b.yaml', 2),
      finding('c', 'a.yaml', 10),
      finding('b', 'a.yaml', 9),
      finding('e', 'b.yaml', 10),
      finding('a'),
      finding('B', 'a.yaml', 9),
    ])
    expect(sorted.map(({ message }) => message)).toEqual(['a', 'B', 'b', 'c', 'd', 'e'])
  })
})

describe('foldCauses', () => {
  it('says a cause once, with all its places', () => {
    const folded = foldCauses([
      finding('x', 'a.yaml', 1),
      finding('y', 'a.yaml', 2),
      finding('x', 'a.yaml', 3),
    ])
    expect(folded.map(formatDiagnostic)).toEqual([
      'a.yaml:1: error member-missing: x\n  a.yaml:3: and here',
      'a.yaml:2: error member-missing: y',
    ])
  })
  it('keeps apart what concerns different parts of a WSDL', () => {
    expect(foldCauses([finding('x', 'a.yaml', 1, [1]), finding('x', 'a.yaml', 2, [2])])).toHaveLength(2)
  })
})
