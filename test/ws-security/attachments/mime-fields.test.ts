import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import {
  attachmentDigest,
  hasAttachmentDigest,
  withoutComments,
} from '../../../src/ws-security/attachments/form.js'
import { canonicalHeaders, NoCanonicalForm } from '../../../src/ws-security/attachments/mime-fields.js'

const octets = { name: 'Content-Type', value: ' application/octet-stream' }
const OCTETS = 'Content-Type:application/octet-stream\r\n'

it('writes the header of a part in the form of the profile', () => {
  const fields = [
    { name: 'content-type', value: ' Text/XML; Charset=UTF-8' },
    { name: 'Content-Location', value: ' http://a.example/b' },
    { name: 'X-Other', value: ' nothing that is signed' },
    { name: 'Content-ID', value: ' <part=1@a.example>' },
    { name: 'Content-Disposition', value: ' attachment; filename="report.pdf"' },
    { name: 'Content-Transfer-Encoding', value: ' base64' },
  ]
  expect(canonicalHeaders(fields)).toEqual([
    'Content-Disposition:attachment;filename="report.pdf"\r\n' +
      'Content-ID:<part=1@a.example>\r\n' +
      'Content-Location:http://a.example/b\r\n' +
      'Content-Type:text/xml;charset="utf-8"\r\n',
  ])
})

it('takes a part without Content-Type for a text', () => {
  expect(canonicalHeaders([])).toEqual(['Content-Type:text/plain;charset="us-ascii"\r\n'])
})

it.each<[string, string, string, string]>([
  [
    'white space outside quotes',
    'Content-ID',
    ' < a "q \\" \\\\ \\a" (c\\)) @x > ',
    'Content-ID:<a"q \\" \\\\ a"@x>',
  ],
  ['comments within comments', 'Content-Location', ' http://x/(a(b)c)y', 'Content-Location:http://x/y'],
  ['a backslash outside quotes', 'Content-Location', ' http://x/\\', 'Content-Location:http://x/\\'],
  [
    'parameters by their names, quoted, unquoted and quoted anew',
    'Content-Disposition',
    ' ATTACHMENT; Size=10; Name="x\\"y\\\\z\\q"; a = b c',
    'Content-Disposition:attachment;a="bc";name="x\\"y\\\\zq";size="10"',
  ],
  [
    'a semicolon and a parenthesis within quotes',
    'Content-Disposition',
    ' attachment; name="a;b(c)"',
    'Content-Disposition:attachment;name="a;b(c)"',
  ],
  ['a semicolon at the end', 'Content-Disposition', ' inline;', 'Content-Disposition:inline'],
  [
    'an encoded parameter',
    'Content-Disposition',
    " attachment; name*=UTF-8'de'%e2%82%ac%20a",
    'Content-Disposition:attachment;name="€ a"',
  ],
  [
    'a parameter in sections, in any order',
    'Content-Disposition',
    " attachment; name*1=b; name*0*=ISO-8859-1''%e4; name*2*=%2e",
    'Content-Disposition:attachment;name="äb."',
  ],
  [
    'encoded-words, and the white space of a description',
    'Content-Description',
    '  =?UTF-8?Q?caf=C3=A9?= =?utf-8?B?IG1lbnU=?=  (note) x',
    'Content-Description:  café menu   x',
  ],
])('writes %s', (_, name, value, expected) => {
  const [form] = canonicalHeaders([{ name, value }, octets])
  expect(form).toBe(`${expected}\r\n${OCTETS}`)
})

it('knows what Apache WSS4J makes of names of files and of descriptions', () => {
  const forms = canonicalHeaders([
    { name: 'Content-Description', value: ' A Report' },
    { name: 'Content-Disposition', value: ' attachment; filename=A.PDF; name=A.PDF' },
    octets,
  ])
  expect(forms).toEqual([
    `Content-Description: A Report\r\nContent-Disposition:attachment;filename="A.PDF";name="A.PDF"\r\n${OCTETS}`,
    `Content-Description:A Report\r\nContent-Disposition:attachment;filename="a.pdf";name="A.PDF"\r\n${OCTETS}`,
  ])
})

it.each<[string, string, string]>([
  ['octets that are not ASCII', 'Content-Disposition', ' attachment; filename=Größe'],
  ['a quoted text without an end', 'Content-ID', ' <"a@b>'],
  ['a comment without an end', 'Content-Type', ' text/plain (a'],
  ['a comment without an end in a description', 'Content-Description', ' a (b'],
  ['a parameter without a value', 'Content-Type', ' text/plain; charset'],
  ['a parameter without a name', 'Content-Type', ' text/plain; =a'],
  ['a quoted name', 'Content-Type', ' text/plain; "charset"=a'],
  ['a parameter between nothing', 'Content-Type', ' text/plain;; charset=a'],
  ['a parameter twice', 'Content-Type', ' text/plain; charset=a; Charset=b'],
  ['a parameter plain and encoded', 'Content-Disposition', " inline; a=1; a*=utf-8''2"],
  ['a section that is missing', 'Content-Disposition', ' inline; a*0=1; a*2=2'],
  ['a percent sign', 'Content-Disposition', " inline; a*=utf-8''%4"],
  ['a charset that nobody knows', 'Content-Disposition', " inline; a*=x-none''a"],
  ['octets that are not in their charset', 'Content-Disposition', " inline; a*=utf-8''%ff"],
  ['a line end within an encoded-word', 'Content-Description', ' =?utf-8?Q?a=0D=0AContent-ID:b?='],
  ['an encoded-word in a charset that nobody knows', 'Content-Description', ' =?x-none?Q?a?='],
])('refuses %s', (_, name, value) => {
  expect(() => canonicalHeaders([{ name, value }])).toThrow(NoCanonicalForm)
})

it('refuses a field that is there twice', () => {
  expect(() => canonicalHeaders([octets, { ...octets, name: 'content-type' }])).toThrow(/Content-Type twice/)
})

const part = (mediaType: string | undefined, content: string | Buffer, isReceived = true) => ({
  contentId: 'a@b',
  mediaType,
  bytes: Buffer.from(content as string),
  ...(isReceived && { header: [] }),
})
const digest = (text: string | Buffer) => createHash('sha256').update(text).digest()

it.each<[string, string | undefined, string, string]>([
  ['a text', 'TEXT/Plain', 'a\nb\rc\r\nd\r\r\n', 'a\r\nb\r\nc\r\nd\r\n\r\n'],
  ['a part without a media type', undefined, 'a\n', 'a\r\n'],
  ['octets', 'application/octet-stream', 'a\n\r', 'a\n\r'],
  ['what is no media type', 'xml', '<a  b="1"/>', '<a  b="1"/>'],
  [
    'XML',
    'application/xml',
    `<?xml version="1.0"?>\n<!-- x --><?p  q ?>\r\n<a  c='1' b="2" xmlns:u="urn:u"><!-- c --><b/></a>\n<?r?>`,
    '<?p q ?>\n<a b="2" c="1"><b></b></a>\n<?r?>',
  ],
  ['XML as a text', 'text/xml; charset=utf-8', '<a>\r\n</a>', '<a>\n</a>'],
  ['XML of a vocabulary', 'image/svg+xml', '<svg/>', '<svg></svg>'],
])('digests %s in its canonical form', (_, mediaType, content, expected) => {
  expect(attachmentDigest(part(mediaType, content), 'content', 'sha256')).toEqual(digest(expected))
})

it('digests XML by its charset', () => {
  const latin = Buffer.from('<a>\u00e4</a>', 'latin1')
  expect(attachmentDigest(part('text/xml; charset=ISO-8859-1', latin), 'content', 'sha256')).toEqual(
    digest('<a>ä</a>'),
  )
})

it('sends a part without a media type as octets, and digests it so', () => {
  expect(attachmentDigest(part(undefined, 'a\n', false), 'complete', 'sha256')).toEqual(
    digest('Content-ID:<a@b>\r\nContent-Type:application/octet-stream\r\na\n'),
  )
})

it.each([
  ['not well-formed', '<a>'],
  ['of a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
  ['empty', ''],
  ['much longer in canonical form', `<a xmlns:u="${'u'.repeat(20_000)}">${'<u:b/>'.repeat(100)}</a>`],
])('refuses XML that is %s', (_, content) => {
  expect(() => attachmentDigest(part('text/xml', content), 'content', 'sha256')).toThrow(NoCanonicalForm)
})

it('takes a part for signed in the form of the profile and in that of Apache WSS4J, and in no other', () => {
  const header = [
    { name: 'Content-Disposition', value: ' attachment; filename=A.PDF' },
    { name: 'Content-Type', value: ' application/pdf' },
  ]
  const pdf = { ...part('application/pdf', 'x'), header }
  const isSigned = (name: string): boolean =>
    hasAttachmentDigest(pdf, 'complete', {
      digest: 'sha256',
      unsignedPrefixes: false,
      value: digest(`Content-Disposition:attachment;filename="${name}"\r\nContent-Type:application/pdf\r\nx`),
    })
  expect(['A.PDF', 'a.pdf', 'a.PDF', 'b.pdf'].map(isSigned)).toEqual([true, true, false, false])
})

it('leaves out comments of XML, which no signature covers', () => {
  const found = withoutComments(part('text/xml', `<a><!-- x -->1<!--y-->2</a>`))
  expect(Buffer.from(found.bytes).toString()).toBe('<a>12</a>')
  const latin = Buffer.from('<a><!-- x -->\u00e4</a>', 'latin1')
  expect(() => withoutComments(part('text/xml; charset=ISO-8859-1', latin))).toThrow(/another encoding/)
  const wide = Buffer.from('\ufeff<a><!-- x -->1</a>', 'utf16le')
  expect(() => withoutComments(part('text/xml', wide))).toThrow(/another encoding/)
  const plain = part('text/xml', Buffer.from('\ufeff<a>1</a>', 'utf16le'))
  expect(withoutComments(plain)).toBe(plain)
  const text = part('text/plain', '<!-- x -->')
  expect(withoutComments(text)).toBe(text)
})
