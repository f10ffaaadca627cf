import { afterEach, expect, test, vi } from 'vitest'
import { resolveReferences } from '../../../src/codec/repair/references.js'
import { XmlReader } from '../../../src/xml/reader.js'

afterEach(() => {
  vi.restoreAllMocks()
})

const Z = 'xmlns:z="http://schemas.microsoft.com/2003/10/Serialization/"'

test('resolves an object once, however many refer to it', () => {
  const refer = (to: string): string => `<r z:Ref="${to}"/>`.repeat(20)
  const xml = `<E ${Z}><o z:Id="a">${refer('b')}</o><o z:Id="b">${refer('c')}</o><o z:Id="c"><v>1</v></o><l>${refer('a')}</l></E>`
  const resolved = vi.spyOn(XmlReader.prototype, 'typeName')
  const text = resolveReferences(xml, 1_000_000)
  expect(resolved).toHaveBeenCalledTimes(3)
  expect(text).not.toContain('z:Ref')
  // At c itself, where b refers to it, and where a refers to that: at b, at a, and in the list.
  expect(text?.split('<v>1</v>').length).toBe(1 + 1 + 20 + 400 + 8000)
})
