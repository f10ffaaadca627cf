import { expect, it } from 'vitest'
import { contentIdOf, partNamed } from '../../src/soap/xop.js'

it('a reference with a lot of white space is read once', () => {
  const spaces = ' '.repeat(500_000)
  expect(contentIdOf(`${spaces}cid:a@b${spaces}`)).toBe('a@b')
  expect(contentIdOf(`cid:a${spaces}b`)).toBe(`a${spaces}b`)
  expect(contentIdOf(`${spaces}http:a`)).toBeUndefined()
})

const parts = ['a@urn:x', '1@urn%3Ax', '2@x', '3%40x', '3@x'].map((contentId) => ({
  ...{ contentId, mediaType: undefined, bytes: new Uint8Array() },
}))

it.each([
  ['cid:a@urn%3Ax', 'a@urn:x'],
  ['cid:a@urn:x', 'a@urn:x'],
  // As Apache CXF writes it where the namespace of a service has no host.
  ['cid:1@urn%3Ax', '1@urn%3Ax'],
  ['cid:1@urn%253Ax', '1@urn%3Ax'],
  ['CID:2@x', '2@x'],
  // It could be either.
  ['cid:3%40x', undefined],
  ['cid:3@x', '3@x'],
  ['cid:4@x', undefined],
  ['http://x/2@x', undefined],
])('%s names the part %s', (href, contentId) => {
  const found = partNamed(href, (id) => parts.find((part) => part.contentId === id))
  expect(found?.contentId).toBe(contentId)
})
