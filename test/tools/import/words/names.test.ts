import { describe, expect, it } from 'vitest'
import { serviceWords } from '../../../../src/tools/import/words/names.js'

describe('serviceWords', () => {
  it.each([
    ['CoreBankingService', 'core banking'],
    ['ICustomerAccountService_v2', 'customer account'],
    ['I_Monitoring', 'monitoring'],
    ['InvoicePortTypeSoap12', 'invoice'],
  ])('%s', (name, words) => {
    expect(serviceWords(name).join(' ')).toBe(words)
  })

  it('takes the next name where the first says nothing', () => {
    expect(serviceWords('Service1', 'weather')).toEqual(['weather'])
  })
})
