import { describe, expect, test } from 'vitest'
import { internName } from '../../src/xml/names.js'
import { XmlReader } from '../../src/xml/reader.js'
import { safeName, safeStep, safeSubject } from '../../src/xml/safe-name.js'

internName('{urn:told}Known')
internName('alsoKnown')

describe('names of elements that are told', () => {
  test.each([
    ['Known', 'Known', 'Known', 'Known'],
    ['alsoKnown', 'alsoKnown', 'alsoKnown', 'alsoKnown'],
    [
      'x-4929123456789012',
      '*',
      'an element of another name (length 18)',
      'An element of another name (length 18)',
    ],
    ['known', '*', 'an element of another name (length 5)', 'An element of another name (length 5)'],
  ])('%s', (localName, step, name, subject) => {
    expect([safeStep(localName), safeName(localName), safeSubject(localName)]).toEqual([step, name, subject])
  })

  test('are the steps of paths, whatever their namespace', () => {
    const reader = new XmlReader(
      '<Known xmlns="urn:other"><x-4929123456789012><alsoKnown/></x-4929123456789012></Known>',
    )
    while (reader.depth < 3) reader.nextElement()
    expect(reader.path()).toBe('/Known/*/alsoKnown')
  })
})
