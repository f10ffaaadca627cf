import { expect, it } from 'vitest'
import { OptimisedEnvelope } from '../../../src/adapter/request/optimised-envelope.js'
import { cidOf, xopInclude } from '../../../src/soap/xop.js'

const part = (contentId: string, text: string) => ({
  ...{ contentId, mediaType: 'image/png', bytes: Buffer.from(text) },
})
const include = (contentId: string): string => xopInclude(cidOf(contentId))
const attachments = [part('2@s', 'de'), part('ref@s', 'x'), part('1@s', 'abc')]
const sent = `<e><h/><b><f>${include('1@s')}</f><f>${include('2@s')}</f><r>cid:ref@s</r></b></e>`

it('has base64 in the place of each Include, whatever order its parts are in', () => {
  const envelope = new OptimisedEnvelope(sent, attachments)
  expect(envelope.inline).toBe('<e><h/><b><f>YWJj</f><f>ZGU=</f><r>cid:ref@s</r></b></e>')
  expect(envelope.others.map(({ contentId }) => contentId)).toEqual(['ref@s'])
})

it('includes its parts again where what was added stands before them', () => {
  const { inline } = new OptimisedEnvelope(sent, attachments)
  const secured = inline.replace('<h/>', '<h>YWJj</h>').replace('<b>', '<b id="1">')
  const found = new OptimisedEnvelope(sent, attachments).secured(secured)
  expect(found.envelope).toBe(sent.replace('<h/>', '<h>YWJj</h>').replace('<b>', '<b id="1">'))
  expect(found.included.map(({ contentId }) => contentId)).toEqual(['1@s', '2@s'])
})

it('includes nothing where its body was encrypted, in whole or in part', () => {
  const envelope = new OptimisedEnvelope(sent, attachments)
  const secured = envelope.inline.replace('<f>ZGU=</f>', '<encrypted/>')
  expect(envelope.secured(secured)).toEqual({ envelope: secured, included: [] })
})

it('leaves an envelope without parts as it is', () => {
  const envelope = new OptimisedEnvelope('<e/>', [])
  expect(envelope.inline).toBe('<e/>')
  expect(envelope.secured('<e>signed</e>')).toEqual({ envelope: '<e>signed</e>', included: [] })
})
