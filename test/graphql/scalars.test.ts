import { parseValue } from 'graphql'
import { expect, it } from 'vitest'
import { Double } from '../../src/graphql/scalars.js'
import { ExactNumber } from '../../src/json/value.js'

it.each([
  [1.5, 1.5],
  [0, 0],
  ['INF', 'INF'],
  ['-INF', '-INF'],
  ['NaN', 'NaN'],
  [new ExactNumber('0.1000'), 0.1],
])('a Double of %j is answered as %j', (value, answered) => {
  expect(Double.serialize(value)).toBe(answered)
})

it.each([1.5, 'INF', '-INF', 'NaN'])('a Double of %j is taken as a variable', (value) => {
  expect(Double.parseValue(value)).toBe(value)
})

it.each([
  ['1.50', new ExactNumber('1.50')],
  ['7', new ExactNumber('7')],
  ['"-INF"', '-INF'],
])('a Double written as %s is taken with its digits', (text, value) => {
  expect(Double.parseLiteral(parseValue(text), {})).toEqual(value)
})

it.each(['"1.5"', '"Infinity"', 'INF', 'true', '[1]'])('%s is no Double', (text) => {
  expect(() => Double.parseLiteral(parseValue(text), {})).toThrow('Double is a number, or one of')
})

it.each([Number.POSITIVE_INFINITY, Number.NaN, '1.5', true, {}])('the variable %s is no Double', (value) => {
  expect(() => Double.parseValue(value)).toThrow('Double is a number, or one of')
})
