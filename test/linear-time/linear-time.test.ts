// First: it begins to count before the code that it counts is compiled.
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { OptimisedEnvelope } from '../../src/adapter/request/optimised-envelope.js'
import { readResponseHead } from '../../src/backend/connection/response-head.js'
import { decodeBase64 } from '../../src/base/bytes/base64.js'
import { PieceScanner } from '../../src/base/bytes/piece-scanner.js'
import { Pieces } from '../../src/base/bytes/source.js'
import { Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { SOAP_ENCODING_11 } from '../../src/base/namespaces.js'
import { DpopProofs } from '../../src/http/authentication/dpop.js'
import { PresentedTokens } from '../../src/http/authentication/presented-token.js'
import { noneMatchNames, requestDirectives } from '../../src/http/cache/directives.js'
import type { Base64Place } from '../../src/http/request/base64-places.js'
import { readForm } from '../../src/http/request/form-data.js'
import { JsonBody } from '../../src/http/request/json-body.js'
import { parseMediaType } from '../../src/http/request/media-type.js'
import { parseQuery } from '../../src/http/request/query.js'
import { originForm } from '../../src/http/request/target.js'
import { requestTimeoutMs } from '../../src/http/request/timeout.js'
import { parseJson } from '../../src/json/parse.js'
import { arraySize, arrayType, position } from '../../src/soap/encoding/array-shape.js'
import { resolveMessage, strictEncoding } from '../../src/soap/encoding/message.js'
import { readRelated } from '../../src/soap/mime.js'
import { isPlainMediaType, mediaTypeParameter } from '../../src/soap/mime-header.js'
import { xopInclude } from '../../src/soap/xop.js'
import { XmlDecoder } from '../../src/xml/encoding.js'
import { XmlReader } from '../../src/xml/reader.js'
import { parseXmlTree } from '../../src/xml/tree.js'
import { isBlank, trimXml, xmlWords } from '../../src/xml/white-space.js'
import { isDateTime, momentOf } from '../../src/xsd/values/date-time.js'
import { canonicalDecimal, compareDigits, digitsOf, isDecimal } from '../../src/xsd/values/decimal.js'
import { isLexical } from '../../src/xsd/values/lexical.js'
import { stepsOf } from './steps.js'

type Shape = readonly [what: string, text: (n: number) => string]

interface Parser {
  readonly parse: (text: string) => unknown
  readonly shapes: readonly Shape[]
  /** Of the smaller text, where its parts cost so much, or so many would be refused, that fewer must do. */
  readonly n?: number
}

const times = (n: number, text: string | ((index: number) => string)): string =>
  typeof text === 'string' ? text.repeat(n) : Array.from({ length: n }, (_, index) => text(index)).join('')

const chunked = (text: string): Uint8Array[] => {
  const bytes = Buffer.from(text)
  return Array.from({ length: Math.ceil(bytes.length / 100) }, (_, index) =>
    bytes.subarray(index * 100, index * 100 + 100),
  )
}

/** Of a list of texts, or of one. */
const ANY_BASE64: Base64Place = {
  members: new Map(),
  items: { length: { least: 0, most: Infinity }, members: new Map(), items: undefined },
}

const readXml = (text: string): void => {
  const reader = new XmlReader(text, { maxAttributes: 1e6, maxDepth: 1e6, maxPrefixes: 1e6 })
  const walk: number[] = [0]
  while (walk.length > 0) {
    if (reader.nextElement()) walk.push(0)
    else walk.pop()
  }
  reader.end()
}

const readFragments = (text: string): void => {
  const reader = new XmlReader(text, { maxAttributes: 1e6, maxDepth: 1e6, maxPrefixes: 1e6 })
  reader.nextElement()
  while (reader.nextElement()) if (reader.localName === 'f') reader.fragment()
}

const readXmlText = (text: string): void => {
  const reader = new XmlReader(text)
  reader.nextElement()
  reader.text()
  reader.end()
}

const xmlShapes: readonly Shape[] = [
  ['a comment that does not end', (n) => `<a><!--${times(n, '-')}`],
  ['comments that do not end', (n) => `<a>${times(n, '<!--')}`],
  ['comments', (n) => `<a>${times(n, '<!--x-->')}</a>`],
  ['CDATA sections that do not end', (n) => `<a>${times(n, '<![CDATA[')}`],
  ['CDATA sections', (n) => `<a>${times(n, '<![CDATA[x]]>')}</a>`],
  ['brackets that might end one', (n) => `<a><![CDATA[${times(n, ']]')}]]></a>`],
  ['character references', (n) => `<a>${times(n, '&#x41;')}</a>`],
  ['a reference of many digits', (n) => `<a>&#${times(n, '0')}65;</a>`],
  ['a reference that does not end', (n) => `<a>&${times(n, 'a')}`],
  ['ampersands', (n) => `<a>${times(n, '&')}</a>`],
  ['text of brackets', (n) => `<a>${times(n, ']')}</a>`],
  ['white space and nothing else', (n) => `<a>${times(n, ' \t\r\n')}</a>`],
  ['carriage returns', (n) => `<a>${times(n, '\r')}</a>`],
  ['a tag of white space', (n) => `<a${times(n, ' ')}></a${times(n, ' ')}>`],
  ['a value that does not end', (n) => `<a b="${times(n, 'x')}`],
  ['a value of references', (n) => `<a b="${times(n, '&lt;')}"/>`],
  ['instructions that do not end', (n) => `<a>${times(n, '<?x ')}`],
  ['white space after the root', (n) => `<a/>${times(n, '\n')}`],
  ['a document type that does not end', (n) => `<!DOCTYPE a [${times(n, '<!ENTITY a "')}`],
  ['siblings', (n) => `<a>${times(n, '<b/>')}</a>`],
]

const relatedShapes: readonly Shape[] = [
  ['dashes', (n) => times(n, '-')],
  ['lines that are almost delimiters', (n) => `--b\r\n\r\n${times(n, '\r\n--')}`],
  ['delimiters with something after them', (n) => `--b\r\n\r\n${times(n, '\r\n--bx')}`],
  ['delimiters and white space', (n) => `--b\r\n\r\n${times(n, '\r\n--b  ')}`],
  ['delimiters within lines', (n) => `--b\r\n\r\n${times(n, 'x--b')}\r\n--b--`],
  ['parts', (n) => `${times(n, '--b\r\n\r\nx\r\n')}--b--`],
  ['line ends', (n) => `--b\r\n\r\n${times(n, '\r\n')}--b--`],
  ['a preamble', (n) => `${times(n, 'x\n')}--b\r\n\r\nx\r\n--b--`],
  ['a header without an end', (n) => `--b\r\n${times(n, 'A: b\r\n')}`],
]

const readEncoded = (body: string): XmlReader => {
  const reader = new XmlReader(
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:e="${SOAP_ENCODING_11}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><s:Body>${body}</s:Body></s:Envelope>`,
    { maxDepth: 1e6 },
  )
  reader.nextElement()
  reader.nextElement()
  return resolveMessage(reader, {
    more: reader.nextElement(),
    expected: {
      countsTypesOfLeaves: true,
      wrapper: { namespace: '', localName: 'r' },
      accessors: ['v'],
      style: SOAP_ENCODING_11,
    },
    options: strictEncoding,
  })
}

const requestWith = (headers: Readonly<Record<string, string>>, chunks: readonly Uint8Array[] = []) =>
  Object.assign(Readable.from(chunks), {
    headers,
    method: 'GET',
    url: '/',
    rawHeaders: Object.entries(headers).flat(),
  }) as unknown as IncomingMessage

const dpop = new DpopProofs({ urls: ['https://a.example'], algorithms: ['ES256'], clockSkew: 5 })
const tokens = new PresentedTokens({ verify: () => Promise.reject(new Error('not asked')) }, dpop)
const base64url = (text: string): string => Buffer.from(text).toString('base64url')

const parsers: Readonly<Record<string, Parser>> = {
  'the XML reader': { parse: readXml, shapes: xmlShapes },
  'the text of XML': { parse: readXmlText, shapes: xmlShapes.slice(0, 14) },
  'the XML reader, deep or wide': {
    parse: readXml,
    n: 400,
    shapes: [
      ['nested elements', (n) => times(n, '<a>') + times(n, '</a>')],
      ['elements that are not closed', (n) => times(n, '<a>')],
      ['many attributes', (n) => `<a${times(n, (i) => ` a${i}="x"`)}/>`],
      ['many prefixes', (n) => `<a${times(n, (i) => ` xmlns:p${i}="u${i}"`)}/>`],
      ['many prefixes, each used', (n) => `<a>${times(n, (i) => `<p${i}:x xmlns:p${i}="u"/>`)}</a>`],
      ['a prefix at each depth', (n) => times(n, (i) => `<a xmlns:p${i}="u">`) + times(n, '</a>')],
      ['a long name', (n) => `<${times(n, 'a')}/>`],
      ['many names', (n) => `<a>${times(n, (i) => `<n${i}/>`)}</a>`],
    ],
  },
  'fragments of XML': {
    parse: readFragments,
    n: 400,
    shapes: [
      ['many', (n) => `<a xmlns:p="u">${times(n, '<f/>')}</a>`],
      [
        'many among many prefixes',
        (n) => `<a${times(n, (i) => ` xmlns:p${i}="u${i}"`)}>${times(n, (i) => `<f><p${i}:b/></f>`)}</a>`,
      ],
      [
        'many among prefixes that each declares anew',
        (n) => `<a${times(n, (i) => ` xmlns:p${i}="u"`)}>${times(n, (i) => `<f xmlns:p${i}="v"/>`)}</a>`,
      ],
      ['many below a prefix at each depth', (n) => times(n, '<a xmlns:p="u">') + times(n, '<f/>')],
      [
        'long ones among many prefixes',
        (n) => `<a${times(n, (i) => ` xmlns:p${i}="u"`)}><f>${times(n, 'a-:')}`,
      ],
    ],
  },
  'the tree of XML': {
    parse: (text) => parseXmlTree(text, 'a.wsdl', new Diagnostics()),
    shapes: xmlShapes,
  },
  'the decoder of XML': {
    parse: (text) => {
      const decoder = new XmlDecoder(undefined)
      return chunked(text).map((chunk) => decoder.decode(chunk))
    },
    shapes: [
      ['spaces in the declaration', (n) => `<?xml version="1.0"${times(n, ' ')}encoding="utf-8"?><a/>`],
      ['a declaration that does not end', (n) => `<?xml ${times(n, 'x')}`],
      ['characters of two bytes', (n) => `<a>${times(n, '\u00e9')}</a>`],
    ],
  },
  'white space': {
    parse: (text) => [trimXml(text), xmlWords(text), isBlank(text)],
    shapes: [
      ['before something', (n) => `${times(n, ' ')}x`],
      ['between', (n) => `x${times(n, ' ')}x`],
      ['runs of it', (n) => times(n, '  x')],
      ['other white space', (n) => times(n, '\u00a0 ')],
    ],
  },
  'references of SOAP encoding': {
    parse: readEncoded,
    n: 300,
    shapes: [
      [
        'to values of their own',
        (n) =>
          `<r>${times(n, (i) => `<v href="#i${i}"/>`)}</r>${times(n, (i) => `<m id="i${i}" e:root="0">x</m>`)}`,
      ],
      ['to one', (n) => `<r>${times(n, '<v href="#i"/>')}</r><m id="i" e:root="0">x</m>`],
      [
        'in a chain',
        (n) =>
          `<r><v href="#i0"/></r>${times(n, (i) => `<m id="i${i}" e:root="0"><v href="#i${i + 1}"/></m>`)}`,
      ],
      [
        'in a ring',
        (n) =>
          `<r><v href="#i0"/></r>${times(n, (i) => `<m id="i${i}" e:root="0"><v href="#i${(i + 1) % n}"/></m>`)}`,
      ],
      ['to nothing', (n) => `<r>${times(n, (i) => `<v href="#i${i}"/>`)}</r>`],
      [
        'places of an array',
        (n) =>
          `<r><v e:arrayType="xsd:int[${n}]">${times(n, (i) => `<x e:position="[${n - i - 1}]">1</x>`)}</v></r>`,
      ],
    ],
  },
  'shapes of arrays': {
    parse: (text) => [arrayType(text), arraySize(text), position(text)],
    shapes: [
      ['sizes', (n) => `xsd:int[${times(n, '1,')}1]`],
      ['brackets', (n) => `xsd:int${times(n, '[]')}[2]`],
      ['open brackets', (n) => times(n, '[')],
      ['white space', (n) => `xsd:int${times(n, ' ')}[1]${times(n, ' ')}x`],
      ['words', (n) => times(n, '2 ')],
    ],
  },
  'multipart/related': {
    parse: (text) => readRelated(Buffer.from(text), 'multipart/related; boundary=b', 1e6),
    shapes: relatedShapes,
  },
  'multipart/related in pieces': {
    parse: (text) => readRelated(new Pieces(chunked(text)), 'multipart/related; boundary=b', 1e6),
    shapes: relatedShapes,
  },
  ...Object.fromEntries(
    ['quoted-printable', 'base64'].map((coding): [string, Parser] => [
      coding,
      {
        parse: (text) =>
          readRelated(
            Buffer.from(`--b\r\nContent-Transfer-Encoding: ${coding}\r\n\r\n${text}\r\n--b--`),
            'multipart/related; boundary=b',
          ),
        shapes: [
          ['white space before something', (n) => `${times(n, ' ')}x`],
          ['white space at the ends of lines', (n) => times(n, ' \t \r\n')],
          ['equals signs', (n) => times(n, '=')],
          ['soft line ends', (n) => times(n, '=\r\n')],
          ['soft line ends with white space', (n) => times(n, '= \t\r\n')],
          ['escapes', (n) => times(n, '=41')],
          ['groups', (n) => times(n, 'QUJD\r\n')],
        ],
      },
    ]),
  ),
  'envelopes with parts to include': {
    parse: (text) => {
      const ids = [...text.matchAll(/cid:(\d+)/g)].map(([, id]) => id)
      return new OptimisedEnvelope(
        text,
        ids.map((contentId) => ({ contentId, mediaType: undefined, bytes: Buffer.from('x') })),
      )
    },
    shapes: [
      ['parts', (n) => `<a>${times(n, (index) => xopInclude(`cid:${index}`))}</a>`],
      ['parts that nothing includes', (n) => `<a>${times(n, (index) => `cid:${index} `)}</a>`],
    ],
  },
  'parameters of media types': {
    parse: (text) => [
      parseMediaType(text),
      mediaTypeParameter(text, 'boundary'),
      mediaTypeParameter(text, 'start'),
      isPlainMediaType(text),
    ],
    shapes: [
      ['parameters', (n) => `a/b${times(n, '; c=d')}`],
      ['semicolons', (n) => `a/b${times(n, ';')}`],
      ['white space before nothing', (n) => `a/b${times(n, ' ')}x`],
      ['white space', (n) => `a/b;${times(n, ' \t')}charset`],
      ['a string that does not end', (n) => `a/b; c="${times(n, '\\"')}`],
      ['strings that do not end', (n) => `a/b${times(n, '; c="')}`],
      ['charsets that are none', (n) => `a/b${times(n, '; charset=@')}`],
      ['a long type', (n) => times(n, 'a')],
    ],
  },
  'multipart/form-data': {
    parse: (text) =>
      readForm(
        requestWith({ 'content-type': 'multipart/form-data; boundary=b' }, chunked(text)),
        new Map(),
        1e9,
        {},
      ).catch(() => undefined),
    shapes: [
      ['dashes', (n) => times(n, '-')],
      ['lines that are almost delimiters', (n) => `--b\r\n\r\n${times(n, '\r\n--')}\r\n--b--`],
      ['delimiters with something after them', (n) => `--b\r\n\r\n${times(n, '\r\n--bx')}\r\n--b--`],
      ['parts without names', (n) => `${times(n, '--b\r\n\r\nx\r\n')}--b--\r\n`],
      ['a header that does not end', (n) => `--b\r\nA: ${times(n, 'x')}`],
      [
        'parts',
        (n) =>
          `${times(n, (i) => `--b\r\nContent-Disposition: form-data; name="n${i}"\r\n\r\nx\r\n`)}--b--\r\n`,
      ],
      [
        'a name of backslashes',
        (n) => `--b\r\nContent-Disposition: form-data; name="${times(n, '\\')}"\r\n\r\nx\r\n--b--\r\n`,
      ],
    ],
  },
  'the query': {
    parse: (text) => parseQuery(text, new Set(['a'])),
    shapes: [
      ['ampersands', (n) => times(n, '&')],
      ['one parameter again and again', (n) => times(n, 'a=1&')],
      ['many parameters', (n) => times(n, (i) => `a${i}=1&`)],
      ['escapes', (n) => `a=${times(n, '%41')}`],
      ['broken escapes', (n) => `a=${times(n, '%')}`],
      ['plus signs', (n) => `a=${times(n, '+')}`],
      ['equals signs', (n) => `a${times(n, '=')}`],
    ],
  },
  'the target': {
    parse: originForm,
    shapes: [
      ['slashes', (n) => times(n, '/')],
      ['dots', (n) => times(n, '/..')],
      ['an authority that does not end', (n) => `http://${times(n, 'a')}`],
      ['at signs', (n) => `http://${times(n, '@')}/`],
    ],
  },
  JSON: {
    parse: (text) => parseJson(text),
    shapes: [
      ['nested arrays', (n) => times(n, '[')],
      ['nested objects', (n) => times(n, '{"a":')],
      ['nested, and closed', (n) => times(n, '[') + times(n, ']')],
      ['members', (n) => `{${times(n, (i) => `"a${i}":1,`)}"b":1}`],
      ['one member again and again', (n) => `{${times(n, '"a":1,')}"b":1}`],
      ['a string that does not end', (n) => `"${times(n, 'x')}`],
      ['escapes', (n) => `"${times(n, '\\u0041')}"`],
      ['backslashes', (n) => `"${times(n, '\\\\')}"`],
      ['surrogates alone', (n) => `"${times(n, '\\ud800')}"`],
      ['digits', (n) => times(n, '9')],
      ['a fraction', (n) => `0.${times(n, '0')}1`],
      ['an exponent', (n) => `1e${times(n, '0')}1`],
      ['numbers that no double holds', (n) => `[${times(n, '12345678901234567.89,')}1]`],
      ['white space', (n) => `${times(n, ' \n')}1${times(n, ' \n')}`],
      ['elements', (n) => `[${times(n, '1,')}1]`],
    ],
  },
  'JSON with long texts': {
    parse: (text) => {
      const body = new JsonBody({ maxValues: 1e6, maxDepth: 1e6 }, 4)
      for (const chunk of chunked(text)) body.take(Buffer.from(chunk))
      try {
        return body.decode(ANY_BASE64)
      } catch {
        return undefined
      }
    },
    shapes: [
      ['texts', (n) => `[${times(n, '"AAAA",')}1]`],
      ['one text', (n) => `["${times(n, 'AAAA')}"]`],
      ['texts where none may be', (n) => `[[${times(n, '"AAAA",')}1]]`],
      ['names', (n) => `{${times(n, (i) => `"A${String(i).padStart(6, '0')}A":"AAAA",`)}"b":1}`],
      ['escapes', (n) => `["${times(n, '\\\\')}"]`],
      ['quotes and escapes by turns', (n) => `["${times(n, '\\"')}"]`],
      ['texts that are empty', (n) => `[${times(n, '"",')}1]`],
      ['quotes', (n) => times(n, '"')],
    ],
  },
  'slices of pieces': {
    parse: (text) => {
      const scanner = new PieceScanner(new Pieces(chunked(text)))
      for (let from = 0; from < text.length; from += 100) scanner.views(from, from + 150)
    },
    shapes: [['one of each', (n) => times(n, 'x'.repeat(100))]],
  },
  decimals: {
    parse: (text) => {
      if (!isDecimal(text)) return undefined
      return [canonicalDecimal(text), compareDigits(digitsOf(text), digitsOf(`1${text.slice(1)}`))]
    },
    shapes: [
      ['zeros before', (n) => `${times(n, '0')}1`],
      ['zeros within', (n) => `1${times(n, '0')}1.0`],
      ['zeros after, and one more digit', (n) => `0.${times(n, '0')}1`],
      ['zeros after', (n) => `1.${times(n, '0')}`],
      ['zeros and something else', (n) => `0.${times(n, '0')}x`],
      ['points', (n) => times(n, '.')],
      ['runs of zeros', (n) => `0.${times(n, '001')}`],
    ],
  },
  'dates and times': {
    parse: (text) => (isDateTime(text) ? momentOf('dateTime', text) : undefined),
    shapes: [
      ['zeros after, and one more digit', (n) => `2024-01-01T00:00:00.${times(n, '0')}1Z`],
      ['runs of zeros', (n) => `2024-01-01T00:00:00.${times(n, '001')}Z`],
      ['zeros after', (n) => `2024-01-01T00:00:00.${times(n, '0')}Z`],
      ['a long year', (n) => `${times(n, '9')}-01-01T00:00:00Z`],
      ['a fraction and something else', (n) => `2024-01-01T00:00:00.${times(n, '0')}x`],
    ],
  },
  'other lexical spaces': {
    parse: (text) =>
      (
        [
          'duration',
          'anyURI',
          'language',
          'QName',
          'double',
          'base64Binary',
          'hexBinary',
          'NMTOKENS',
        ] as const
      ).map((type) => isLexical(type, text)),
    shapes: [
      ['digits', (n) => times(n, '1')],
      ['a duration', (n) => `P${times(n, '1')}Y${times(n, '1')}M`],
      ['subtags', (n) => `en${times(n, '-a')}`],
      ['colons', (n) => times(n, 'a:')],
      ['words', (n) => times(n, 'a ')],
      ['percent signs', (n) => times(n, '%')],
      ['groups of base64', (n) => `${times(n, 'QUJD ')}=`],
    ],
  },
  base64: {
    parse: (text) => decodeBase64(text),
    shapes: [
      ['white space between', (n) => times(n, 'Q U J D ')],
      ['padding', (n) => times(n, '=')],
      ['white space after', (n) => `QUI=${times(n, ' ')}x`],
    ],
  },
  'the Authorization header': {
    parse: (authorization) => tokens.find(requestWith({ authorization })),
    shapes: [
      ['spaces', (n) => `Bearer ${times(n, ' ')}\u00e9`],
      ['padding in the middle', (n) => `Bearer ${times(n, 'a=')}`],
      ['padding, and something else', (n) => `Bearer a${times(n, '=')} x`],
      ['schemes', (n) => times(n, 'DPoP ')],
    ],
  },
  'DPoP proofs': {
    parse: (proof) => dpop.check(requestWith({ dpop: proof }), 'token', 'thumbprint'),
    shapes: [
      ['dots', (n) => times(n, '.')],
      ['a header that is not base64', (n) => `${times(n, '@')}.a.b`],
      ['a header that is not JSON', (n) => `${base64url(times(n, '{'))}.a.b`],
      ['a header of many members', (n) => `${base64url(`{${times(n, (i) => `"a${i}":1,`)}"b":1}`)}.a.b`],
      [
        'a long key',
        (n) =>
          `${base64url(JSON.stringify({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: 'RSA', e: 'AQAB', n: times(n, 'A') } }))}.a.b`,
      ],
    ],
  },
  'fields of the cache': {
    parse: (text) => [requestDirectives(text, text), noneMatchNames(text, '"etag"')],
    shapes: [
      ['commas', (n) => times(n, ',')],
      ['directives', (n) => times(n, 'a=1, ')],
      ['white space', (n) => `a${times(n, ' \t')}b`],
      ['strings that do not end', (n) => times(n, 'a="')],
      ['tags', (n) => times(n, 'W/"x", ')],
    ],
  },
  'Request-Timeout': {
    parse: (text) => {
      try {
        return requestTimeoutMs(text)
      } catch {
        return undefined
      }
    },
    shapes: [
      ['digits', (n) => times(n, '9')],
      ['white space', (n) => `1${times(n, ' ')}x`],
    ],
  },
  'heads of responses': {
    parse: readResponseHead,
    shapes: [
      ['fields', (n) => `HTTP/1.1 200 OK\r\n${times(n, 'A: b\r\n')}\r\n`],
      ['names of their own', (n) => `HTTP/1.1 200 OK\r\n${times(n, (i) => `A${i}: b\r\n`)}\r\n`],
      ['white space', (n) => `HTTP/1.1 200 OK\r\nA:${times(n, ' ')}b${times(n, ' ')}\r\n\r\n`],
      ['a reason', (n) => `HTTP/1.1 200${times(n, ' ')}\r\n\r\n`],
      ['folded lines', (n) => `HTTP/1.1 200 OK\r\nA: b${times(n, '\r\n c')}\r\n\r\n`],
      ['line ends alone', (n) => times(n, '\r')],
    ],
  },
}

/** Twice the text takes twice the steps, and some for sorting; four times where each looks at all others. */
const MOST = 2.6
const N = 2_000

async function stepsFor({ parse }: Parser, text: string): Promise<number> {
  return stepsOf(async () => {
    try {
      await parse(text)
    } catch {
      // Refused: by then it was read.
    }
  })
}

describe.each(Object.entries(parsers))('%s: twice the text takes twice the steps', (_, parser) => {
  test.each(parser.shapes)('%s', async (_what, text) => {
    const n = parser.n ?? N
    // What is made once is made before.
    await stepsFor(parser, text(2 * n))
    const once = await stepsFor(parser, text(n))
    const twice = await stepsFor(parser, text(2 * n))
    expect(twice / once).toBeLessThan(MOST)
  })
})

describe('the count of steps', () => {
  test.each<readonly [string, (text: string) => unknown]>([
    ['a search from each place on', (text) => Array.from(text, (_x, index) => text.indexOf('>', index))],
    ['a trim of spaces at each place', (text) => Array.from(text, (_x, index) => trimXml(text.slice(index)))],
  ])('grows with the square: %s', async (_, parse) => {
    const text = (n: number): string => `${times(n, ' ')}x`
    const once = await stepsFor({ parse, shapes: [] }, text(N))
    const twice = await stepsFor({ parse, shapes: [] }, text(2 * N))
    expect(twice / once).toBeGreaterThan(MOST)
  })

  test('counts', async () => {
    expect(await stepsFor({ parse: readXml, shapes: [] }, `<a>${times(N, '<b/>')}</a>`)).toBeGreaterThan(N)
  })
})
