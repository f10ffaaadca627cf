import { describe, expect, it } from 'vitest'
import { isPlural, pluralOf, singularOf } from '../../../../src/tools/import/words/nouns.js'
import fc from '../../../oracle/property.js'

describe('pluralOf', () => {
  it.each([
    ['account', 'accounts'],
    ['address', 'addresses'],
    ['box', 'boxes'],
    ['branch', 'branches'],
    ['city', 'cities'],
    ['key', 'keys'],
    ['person', 'people'],
    ['child', 'children'],
    ['status', 'statuses'],
    ['analysis', 'analyses'],
    ['information', 'information'],
    ['history', 'history'],
    ['accounts', 'accounts'],
    ['addresses', 'addresses'],
    ['cities', 'cities'],
    ['v2', 'v2'],
    ['historikk', 'historikk'],
    ['stored', 'stored'],
    ['feed', 'feeds'],
  ])('%s → %s', (singular, plural) => {
    expect(pluralOf(singular)).toBe(plural)
  })

  it('leaves a plural as it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('account', 'address', 'city', 'person', 'box', 'loan', 'status', 'lens'),
        (noun) => {
          expect(pluralOf(pluralOf(noun))).toBe(pluralOf(noun))
        },
      ),
    )
  })
})

describe('singularOf', () => {
  it.each([
    ['accounts', 'account'],
    ['addresses', 'address'],
    ['cities', 'city'],
    ['people', 'person'],
    ['status', 'status'],
    ['address', 'address'],
    ['news', 'news'],
  ])('%s → %s', (plural, singular) => {
    expect(singularOf(plural)).toBe(singular)
  })
})

it.each([
  ['accounts', true],
  ['account', false],
  ['status', false],
  ['data', false],
])('isPlural(%s) is %s', (noun, expected) => {
  expect(isPlural(noun)).toBe(expected)
})
