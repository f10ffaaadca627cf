import { expect, test } from 'vitest'
import { Diagnostics, type SourceLocation } from '../../../src/base/diagnostic/diagnostic.js'

const at = (line: number, file = 'openapi.yaml'): SourceLocation => ({ file, line })

test('what says the same of the same place is said once', () => {
  const diagnostics = new Diagnostics()
  diagnostics.error('member-unknown', 'The member a has no place.', at(3))
  diagnostics.error('member-unknown', 'The member a has no place.', at(3))
  diagnostics.error('member-unknown', 'The member a has no place.', at(7))
  diagnostics.error('member-unknown', 'The member a has no place.', at(3, 'other.yaml'))
  diagnostics.error('member-unknown', 'The member a has no place.')
  diagnostics.error('member-unknown', 'The member a has no place.')
  diagnostics.error('member-unknown', 'The member b has no place.', at(3))
  diagnostics.warning('fault-unknown', 'The member a has no place.', at(3))
  expect(diagnostics.list.map(({ code, message, at: place }) => [code, message.at(11), place?.line])).toEqual(
    [
      ['member-unknown', 'a', 3],
      ['member-unknown', 'a', 7],
      ['member-unknown', 'a', 3],
      ['member-unknown', 'a', undefined],
      ['member-unknown', 'b', 3],
      ['fault-unknown', 'a', 3],
    ],
  )
})

test('where it was written is found for two that say the same, and no others', () => {
  let asked = 0
  const lazily = (line: number): SourceLocation => ({
    file: 'openapi.yaml',
    get line() {
      asked++
      return line
    },
  })
  const diagnostics = new Diagnostics()
  diagnostics.error('member-unknown', 'The member a has no place.', lazily(3))
  diagnostics.error('member-unknown', 'The member b has no place.', lazily(4))
  expect(asked).toBe(0)
  diagnostics.error('member-unknown', 'The member a has no place.', lazily(3))
  expect(asked).toBe(2)
  expect(diagnostics.list).toHaveLength(2)
})
