import { describe, expect, it } from 'vitest'
import { bodyFor, indentedXml } from '../../../src/cli/message/indented-xml.js'

const ENVELOPE =
  '<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="urn:s" a="true"><s:Body><n>007</n><t x="1 &amp; 2">a &lt; b  </t><e/></s:Body></s:Envelope>'

describe('XML for people', () => {
  it('has an element a line, and values as they were written', () => {
    expect(indentedXml(ENVELOPE).split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<s:Envelope xmlns:s="urn:s" a="true">',
      '  <s:Body>',
      '    <n>007</n>',
      '    <t x="1 &amp; 2">a &lt; b  </t>',
      '    <e/>',
      '  </s:Body>',
      '</s:Envelope>',
    ])
  })

  it('goes to terminals alone', () => {
    const bytes = Buffer.from(ENVELOPE)
    expect(bodyFor({ isTTY: true }, ENVELOPE)).toBe(indentedXml(ENVELOPE))
    expect(bodyFor({}, ENVELOPE)).toBe(ENVELOPE)
    expect(bodyFor({ isTTY: true }, bytes)).toBe(bytes)
    expect(bodyFor({ isTTY: true }, '{"a": 1}')).toBe('{"a": 1}')
  })
})
