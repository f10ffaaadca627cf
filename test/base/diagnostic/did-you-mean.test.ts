import { describe, expect, it } from 'vitest'
import { didYouMean, nearest } from '../../../src/base/diagnostic/did-you-mean.js'

describe('nearest', () => {
  it.each<[string, readonly string[], string | undefined]>([
    ['GetKustomer', ['GetCustomer', 'GetAccount'], 'GetCustomer'],
    ['ListAccount', ['ListAccounts', 'GetAccount'], 'ListAccounts'],
    ['operaton', ['operation', 'backend'], 'operation'],
    ['getcustomer', ['GetCustomer'], 'GetCustomer'],
    ['requset', ['request', 'response'], 'request'],
    ['Balance', ['Customer', 'Account'], undefined],
    ['abc', ['abd', 'abe'], undefined],
    ['x', [], undefined],
    ['', ['a', 'b'], undefined],
    ['a', ['b', 'b'], 'b'],
    ['abcdef', ['fedcba', 'ghijkl'], undefined],
    ['Überweisung', ['überweisungen', 'Uberweisung'], 'Uberweisung'],
  ])('%s among %j is %s', (wrong, known, expected) => {
    expect(nearest(wrong, known)).toBe(expected)
  })
})

it('is a sentence, or nothing', () => {
  expect(didYouMean('GetKustomer', ['GetCustomer'])).toBe(' Did you mean GetCustomer?')
  expect(didYouMean('Foo', ['GetCustomer'])).toBe('')
})
