import { describe, expect, test } from 'vitest'
import { construct } from './construct.js'

const holding = (...occurs: readonly string[]): string =>
  `<xs:element name="m"><xs:complexType><xs:sequence>${occurs
    .map((attributes) => `<xs:element name="A" type="xs:string" ${attributes}/>`)
    .join('')}</xs:sequence></xs:complexType></xs:element>`
const times = (count: number) => `minOccurs="${count}" maxOccurs="${count}"`
const elements = (...values: readonly string[]): string =>
  `<m xmlns="urn:t">${values.map((value) => `<A>${value}</A>`).join('')}</m>`

/** Counting keeps it deterministic (XML Schema Part 1, 3.8.6); libxml2 counts only where particles are written out. */
describe('an element that occurs a fixed number of times, and others of its name behind it', () => {
  const codec = construct(holding(times(2), '', times(3)))
  const writtenOut = construct(holding('', '', '', '', '', ''))
  const json = '{"a":["1","2"],"a2":"3","a3":["4","5","6"]}'

  test('is read by its number', () => {
    expect(codec.decode(elements('1', '2', '3', '4', '5', '6'))).toBe(json)
  })

  test('is written as the schema that says the same without numbers has it', () => {
    const written = codec.encode(json)
    expect(writtenOut.judge(written)).toEqual([])
    expect(codec.decode(written)).toBe(json)
  })

  test.each([
    [elements('1'), /A occurs 1 times; the WSDL says 2/],
    [elements('1', '2', '3', '4'), /A occurs 1 times; the WSDL says 3/],
    [elements('1', '2', '3', '4', '5', '6', '7'), /A is not expected/],
  ])('%s is refused', (xml, message) => {
    expect(() => codec.decode(xml)).toThrow(message)
  })

  test.each(['{"a":["1"],"a2":"3","a3":["4","5","6"]}', '{"a":["1","2"],"a3":["4","5","6"]}'])(
    '%s is refused',
    (broken) => {
      expect(() => codec.encode(broken)).toThrow(/needs at least 2|is required/)
    },
  )
})
