import { expect, it } from 'vitest'
import { contentIdOf } from '../../src/soap/xop.js'

it('a reference with a lot of white space is read once', () => {
  const spaces = ' '.repeat(500_000)
  expect(contentIdOf(`${spaces}cid:a@b${spaces}`)).toBe('a@b')
  expect(contentIdOf(`cid:a${spaces}b`)).toBe(`a${spaces}b`)
  expect(contentIdOf(`${spaces}http:a`)).toBeUndefined()
})
