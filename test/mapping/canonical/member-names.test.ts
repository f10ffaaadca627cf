import { describe, expect, test } from 'vitest'
import { UniqueNames } from '../../../src/base/unique-names.js'
import { memberName, schemaName, wordsOf } from '../../../src/mapping/canonical/member-names.js'

describe('the JSON name of an XML name', () => {
  test.each([
    ['AccountID', 'accountId'],
    ['IBAN', 'iban'],
    ['HTTPStatus', 'httpStatus'],
    ['HTTPStatusCode', 'httpStatusCode'],
    ['post_code', 'postCode'],
    ['post-code', 'postCode'],
    ['post.code', 'postCode'],
    ['accountId', 'accountId'],
    ['account', 'account'],
    ['A', 'a'],
    ['ID', 'id'],
    ['XMLHttpRequest', 'xmlHttpRequest'],
    ['address_LINE_1', 'addressLine1'],
    ['Line1', 'line1'],
    ['SHA256Hash', 'sha256Hash'],
    ['_private', 'private'],
    ['__', '__'],
    ['Straße', 'straße'],
    ['ÉtatCivil', 'étatCivil'],
    ['名前', '名前'],
  ])('%s is %s', (xml, json) => {
    expect(memberName(xml)).toBe(json)
  })

  test('is the JSON name of itself', () => {
    for (const name of [
      'AccountID',
      'HTTPStatusCode',
      'post_code',
      'Line1',
      'XMLHttpRequest',
      'SHA256Hash',
    ]) {
      expect(memberName(memberName(name))).toBe(memberName(name))
    }
  })
})

test.each([
  ['HTTPStatusCode', ['HTTP', 'Status', 'Code']],
  ['post_code', ['post', 'code']],
  ['a--b', ['a', 'b']],
  ['', []],
])('the words of %j are %j', (name, words) => {
  expect(wordsOf(name)).toEqual(words)
})

test.each([
  ['MortgageLoanType', 'MortgageLoan'],
  ['mortgage_loan_type', 'MortgageLoan'],
  ['Loan', 'Loan'],
  ['Type', 'Type'],
  ['tLoan', 'TLoan'],
  ['IBAN', 'Iban'],
  ['Prototype', 'Prototype'],
])('the schema of %s is %s', (xml, schema) => {
  expect(schemaName(xml)).toBe(schema)
})

describe('names that are given out', () => {
  test('are each given once', () => {
    const names = new UniqueNames()
    expect(['a', 'b', 'a', 'a'].map((name) => names.take(name))).toEqual(['a', 'b', 'a2', 'a3'])
    expect(names.has('a2')).toBe(true)
    expect(names.has('c')).toBe(false)
  })

  test('do not collide with one that looks like a second one', () => {
    const names = new UniqueNames()
    expect(['a2', 'a', 'a', 'a2'].map((name) => names.take(name))).toEqual(['a2', 'a', 'a3', 'a22'])
  })

  test('may be names that objects inherit', () => {
    const names = new UniqueNames()
    expect(names.take('constructor')).toBe('constructor')
    expect(names.take('__proto__')).toBe('__proto__')
  })
})
