import { expect, it } from 'vitest'
import type { AdapterError } from '../../../src/base/errors.js'
import { ReceivedAttachments } from '../../../src/soap/xop.js'
import { inlineIncludes } from '../../../src/ws-security/attachments/inline-includes.js'

const XOP = 'http://www.w3.org/2004/08/xop/include'
const include = (id: string, more = ''): string => `<i:Include xmlns:i="${XOP}" href="cid:${id}"${more}/>`
const part = (contentId: string, text: string) => ({
  ...{ contentId, mediaType: 'image/png', bytes: Buffer.from(text) },
})
const inline = (text: string, maxBytes = 1000) =>
  inlineIncludes(text, new ReceivedAttachments([part('a@x', 'abc'), part('b@x', 'de')], maxBytes))

it.each([
  ['alone', `<e><f>${include('a@x')}</f></e>`, '<e><f>YWJj</f></e>', ['b@x']],
  ['with white space around', `<f> ${include('a@x')}\n</f>`, '<f> YWJj\n</f>', ['b@x']],
  [
    'with a start and an end tag',
    `<f>${include('a@x').replace('/>', '></i:Include>')}</f>`,
    '<f>YWJj</f>',
    ['b@x'],
  ],
  [
    'twice',
    `<e><f>${include('a@x')}</f><f>${include('a@x')}</f></e>`,
    '<e><f>YWJj</f><f>YWJj</f></e>',
    ['b@x'],
  ],
  ['beside a comment', `<f><!-- x -->${include('b@x')}</f>`, '<f><!-- x -->ZGU=</f>', ['a@x']],
])('puts base64 in the place of an Include: %s', (_, text, envelope, left) => {
  const found = inline(text)
  expect(found.envelope).toBe(envelope)
  expect(found.attachments.map(({ contentId }) => contentId)).toEqual(left)
})

it.each([
  ['beside a text', `<f>x${include('a@x')}</f>`],
  ['beside an element', `<f><g/>${include('a@x')}</f>`],
  ['beside another', `<f>${include('a@x')}${include('b@x')}</f>`],
  ['beside an instruction', `<f><?p?>${include('a@x')}</f>`],
  ['of a part that is not there', `<f>${include('c@x')}</f>`],
  ['of another namespace', `<f>${include('a@x').replace(XOP, 'urn:x')}</f>`],
  ['elsewhere', `<f>${include('a@x').replace('cid:', 'http://x/')}</f>`],
  ['without a reference', `<f><i:Include xmlns:i="${XOP}"/></f>`],
  ['as the document', include('a@x')],
  ['in a comment', `<f><!--${include('a@x')}--></f>`],
  ['in a CDATA section', `<f><![CDATA[${include('a@x')}]]></f>`],
  ['in what is not well-formed', `<f>${include('a@x')}`],
])('leaves an Include for whoever reads it: %s', (_, text) => {
  const found = inline(text)
  expect(found.envelope).toBe(text)
  expect(found.attachments).toHaveLength(2)
})

it('refuses a small message that would grow without end', () => {
  const text = `<e>${`<f>${include('a@x')}</f>`.repeat(10)}</e>`
  expect(() => inline(text, 29)).toThrow(
    expect.objectContaining<Partial<AdapterError>>({ code: 'backend-too-large' }),
  )
  expect(inline(text, 30).attachments).toHaveLength(1)
})
