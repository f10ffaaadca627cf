import { describe, expect, it, vi } from 'vitest'
import { FixedOctets } from '../../../src/base/bytes/fixed.js'
import { textOf } from '../../../src/base/bytes/source.js'
import { jsonKey, JsonText } from '../../../src/codec/json/text.js'
import { RecurringValues } from '../../../src/codec/leaves/recurring-values.js'
import { Binary } from '../../../src/json/value.js'

function list(items: readonly string[]): JsonText {
  const out = new JsonText()
  out.open('{')
  out.member(jsonKey('ü"'))
  out.open('[')
  for (const item of items) {
    out.item()
    out.value(JSON.stringify(item))
  }
  out.close(']')
  out.member(jsonKey('n'))
  out.value('1')
  out.close('}')
  return out
}

describe('JSON text', () => {
  it.each([
    ['nothing', []],
    ['short texts', ['a', 'é', '\u{1d11e}', '"']],
    ['long texts', ['a'.repeat(100), 'é'.repeat(100)]],
    ['more than the room it begins with', Array.from({ length: 5000 }, (_, i) => `text ${i} €`)],
  ])('of %s is what JSON.stringify writes', (_, items) => {
    const expected = JSON.stringify({ 'ü"': items, n: 1 })
    const out = list(items)
    expect([out.text, textOf(out.segments)]).toEqual([expected, expected])
    const { segments } = out
    out.release()
    list(['another', 'text'])
    expect(textOf(segments)).toBe(expected)
  })

  it.each([1_000, 900_000, 1_200_000])('of %i octets that was given stays when it is restarted', (length) => {
    const out = new JsonText()
    out.value(`"${'a'.repeat(length)}"`)
    const given = out.upTo(out.mark())
    out.restart()
    out.value('"another"')
    expect(textOf(given)).toBe(`"${'a'.repeat(length)}"`)
  })

  it('that is cleared has nothing, as when it was new', () => {
    const out = list(['a'])
    out.taken = new Binary(Buffer.from('a'))
    out.unpacked.bytes = 5
    out.clear()
    out.item()
    out.value('1')
    expect([out.text, out.taken, out.unpacked.bytes]).toEqual(['1', undefined, 0])
  })

  it('lets the next text have the room of one that is finished, once', () => {
    const texts = ['[1]', '[2]'].map((json) => {
      const out = list([json])
      const text = out.finish()
      out.release()
      return text
    })
    const rooms = vi.spyOn(Buffer, 'allocUnsafeSlow')
    const [first, second] = [new JsonText(), new JsonText()]
    expect(rooms).toHaveBeenCalledTimes(1)
    rooms.mockRestore()
    first.value('3')
    second.value('4')
    expect([...texts, first.text, second.text]).toEqual([
      '{"ü\\"":["[1]"],"n":1}',
      '{"ü\\"":["[2]"],"n":1}',
      '3',
      '4',
    ])
  })

  it('copies octets as they stand, quoted or not', () => {
    const octets = Uint8Array.from(Buffer.from(`<${'é'.repeat(40)}<12\0\0\0\0`))
    const view = new DataView(octets.buffer)
    const out = new JsonText()
    out.open('[')
    out.item()
    out.quoted(view, 1, 81)
    out.item()
    out.quoted(view, 1, 5)
    out.item()
    out.copied(view, 82, 84)
    out.item()
    out.known(new FixedOctets('true'))
    out.close(']')
    expect(JSON.parse(out.text)).toEqual(['é'.repeat(40), 'éé', 12, true])
  })

  describe('grows whatever is written last', () => {
    // Of a larger one, so that offsets of the view and of its memory differ.
    const memory = Uint8Array.from(Buffer.from(`#####<"12.55${'é'.repeat(40)}<\0\0\0\0`))
    const view = new DataView(memory.buffer, 5)
    const key = jsonKey('né')
    const no = new FixedOctets('false')
    // Of lengths that four does not divide.
    const writers: Record<string, readonly [(out: JsonText) => void, string]> = {
      'a member': [
        (out) => {
          out.member(key)
        },
        ',"né":',
      ],
      'a known value': [
        (out) => {
          out.known(no)
        },
        'false',
      ],
      'a value': [
        (out) => {
          out.value('"é"')
        },
        '"é"',
      ],
      'a copied value': [
        (out) => {
          out.copied(view, 2, 7)
        },
        '12.55',
      ],
      'a short text': [
        (out) => {
          out.quoted(view, 2, 7)
        },
        '"12.55"',
      ],
      'a long text': [
        (out) => {
          out.quoted(view, 2, 87)
        },
        `"12.55${'é'.repeat(40)}"`,
      ],
      'a known member': [
        (out) => {
          out.knownMember(key, no)
        },
        ',"né":false',
      ],
      'a copied member': [
        (out) => {
          out.copiedMember(key, view, 2, 7)
        },
        ',"né":12.55',
      ],
      'a member that is a text': [
        (out) => {
          out.quotedMember(key, view, 2, 7)
        },
        ',"né":"12.55"',
      ],
      'a member that is character data': [
        (out) => {
          out.characterDataMember(key, memory.subarray(5), 1, 7)
        },
        ',"né":"\\"12.55"',
      ],
    }

    it.each(Object.entries(writers))('%s', (_, [write, expected]) => {
      // The room that a text begins with has 16,384 octets.
      for (let left = 0; left < 100; left++) {
        const before = `"${'a'.repeat(16_382 - left)}"`
        const out = new JsonText()
        out.value(before)
        write(out)
        expect(out.text).toBe(before + expected)
      }
    })
  })

  it('is given up to a mark, large bytes before it and after it', () => {
    const out = new JsonText()
    const bytes = new Binary(Buffer.alloc(70_000, 'x'))
    const base64 = bytes.toString()
    out.open('[')
    const before = out.mark()
    out.item()
    out.bytes(bytes)
    const after = out.mark()
    out.item()
    out.value('2')
    expect(textOf(out.upTo(before))).toBe('[')
    expect(textOf(out.upTo(after))).toBe(`["${base64}"`)
    expect(textOf(out.segments)).toBe(`["${base64}",2`)
  })
})

function written(json: FixedOctets): string {
  const out = new JsonText()
  out.known(json)
  return out.text
}

describe('values that recur', () => {
  const at = Buffer.from('EUR USD GBP')

  it('are known by their octets', () => {
    const values = new RecurringValues()
    expect(values.find(at, 0, 3)).toBeUndefined()
    values.keep(at, [0, 3], '"EUR"')
    values.keep(at, [4, 7], '"USD"')
    const known = [
      [0, 3],
      [4, 7],
      [8, 11],
    ].map(([start = 0, end = 0]) => values.find(at, start, end))
    expect(known.map((json) => json && written(json))).toEqual(['"EUR"', '"USD"', undefined])
  })

  it('are not looked for where hardly any does', () => {
    const values = new RecurringValues()
    for (let i = 0; i < 1000; i++) {
      const octets = Buffer.from(String(i))
      if (!values.find(octets, 0, octets.length)) values.keep(octets, [0, octets.length], String(i))
    }
    const last = Buffer.from('999')
    expect(values.find(last, 0, 3)).toBeUndefined()
  })
})
