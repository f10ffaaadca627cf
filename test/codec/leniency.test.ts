import { expect, test } from 'vitest'
import { Leniency } from '../../src/codec/leniency.js'

test('what is made use of tentatively counts where nothing is thrown', () => {
  const leniency = new Leniency(new Set(['encoding']))
  const heard: string[] = []
  leniency.onFirst((kind) => heard.push(kind))
  const failing = (): void => {
    leniency.tentatively(() => {
      leniency.count('encoding')
      throw new Error('no')
    })
  }
  expect(failing).toThrow('no')
  expect([...leniency.counts]).toEqual([])
  leniency.tentatively(() => {
    leniency.count('encoding')
    leniency.count('encoding')
    expect(heard).toEqual([])
  })
  leniency.count('encoding')
  expect([...leniency.counts]).toEqual([['encoding', 3]])
  expect(heard).toEqual(['encoding'])
})
