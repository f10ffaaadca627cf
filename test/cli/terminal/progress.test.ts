import { afterEach, expect, it, vi } from 'vitest'
import { Progress } from '../../../src/cli/terminal/progress.js'
import { importWsdl } from '../../../src/tools/import/import.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

function told(isTTY: boolean, quiet = false): string {
  vi.stubEnv('NO_COLOR', '1')
  let [time, text] = [0, '']
  const stream = { isTTY, write: (piece: string) => (text += piece) }
  const progress = new Progress({ quiet, stream, now: () => time })
  for (const [at, stage] of [
    [1_900, 'reading a.wsdl'],
    [2_100, 'designing 3 operations'],
    [9_000, 'checking 3 operations'],
  ] as const) {
    time = at
    progress.at(stage)
  }
  progress.end()
  progress.end()
  return text
}

it('tells of what takes longer than two seconds, on a terminal in one line that goes away', () => {
  expect(told(true)).toBe(
    '\r\u001b[K… designing 3 operations (after 2 seconds)\r\u001b[K… checking 3 operations (after 9 seconds)\r\u001b[K',
  )
  expect(told(false)).toBe(
    '… designing 3 operations (after 2 seconds)\n… checking 3 operations (after 9 seconds)\n',
  )
})

it('says nothing where it is asked to', () => {
  expect([told(true, true), told(false, true)]).toEqual(['', ''])
})

it('an import tells its stages', async () => {
  const stages: string[] = []
  await importWsdl('wsdl/banking/lending.wsdl', { progress: (stage) => stages.push(stage) })
  expect(stages.slice(0, 3)).toEqual([
    'reading lending.wsdl',
    expect.stringMatching(/^designing \d+ operations of Lending/),
    expect.stringMatching(/^checking \d+ operations$/),
  ])
})
