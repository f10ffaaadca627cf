import { describe, expect, test } from 'vitest'
import { elementsOf } from '../../../src/mapping/canonical/content-walk.js'
import type { ObjectMapping } from '../../../src/mapping/canonical/value-mapping.js'
import { check, lineOf, openapi, wsdl } from '../contract.js'

interface Mistake {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly code: string
  readonly message: RegExp
  /** A text on the line of the OpenAPI document that the diagnostic points to. */
  readonly at: string
  /** A text on the line of the WSDL that it points to, where both sides are at odds. */
  readonly related?: string
}

const mistakes: readonly Mistake[] = [
  {
    name: 'another OpenAPI version',
    from: 'openapi: 3.1.0',
    to: 'openapi: 3.0.3',
    code: 'contract-version',
    message: /3\.1/,
    at: 'openapi: 3.0.3',
  },
  {
    name: 'no backends',
    from: 'x-soap-backends:\n  library: { wsdl: wsdl/library.wsdl }\n',
    to: '',
    code: 'backends-missing',
    message: /x-soap-backends/,
    at: 'openapi: 3.1.0',
  },
  {
    name: 'no such WSDL',
    from: 'wsdl/library.wsdl',
    to: 'wsdl/nowhere.wsdl',
    code: 'file-unreadable',
    message: /no such file/,
    at: 'wsdl/nowhere.wsdl',
  },
  {
    name: 'a misspelt key of a backend',
    from: '{ wsdl: wsdl/library.wsdl }',
    to: '{ wsdl: wsdl/library.wsdl, timeout: 5 }',
    code: 'annotation-unknown',
    message: /no timeout.*timeoutMs/,
    at: 'timeout: 5',
  },
  {
    name: 'a timeout that is not a number',
    from: '{ wsdl: wsdl/library.wsdl }',
    to: '{ wsdl: wsdl/library.wsdl, timeoutMs: soon }',
    code: 'annotation-invalid',
    message: /whole number/,
    at: 'soon',
  },
  {
    name: 'an endpoint that is not a URL',
    from: '{ wsdl: wsdl/library.wsdl }',
    to: '{ wsdl: wsdl/library.wsdl, endpoint: "localhost" }',
    code: 'endpoint-invalid',
    message: /absolute/,
    at: 'endpoint',
  },
  {
    name: 'a missing variable',
    from: '{ wsdl: wsdl/library.wsdl }',
    to: '{ wsdl: wsdl/library.wsdl, endpoint: "${NOT_SET}" }',
    code: 'environment-missing',
    message: /NOT_SET/,
    at: 'NOT_SET',
  },
  {
    name: 'no such port',
    from: '{ wsdl: wsdl/library.wsdl }',
    to: '{ wsdl: wsdl/library.wsdl, port: Q }',
    code: 'port-ambiguous',
    message: /S\/P/,
    at: 'port: Q',
  },
  {
    name: 'no such operation',
    from: 'operation: GetBook',
    to: 'operation: FetchBook',
    code: 'operation-unknown',
    message: /no operation FetchBook; it has GetBook, AddBook/,
    at: 'FetchBook',
  },
  {
    name: 'no such backend',
    from: 'operation: GetBook',
    to: 'backend: archive\n        operation: GetBook',
    code: 'backend-unknown',
    message: /library/,
    at: 'archive',
  },
  {
    name: 'no annotation',
    from: '      x-soap:\n        operation: AddBook\n        request: { Book: $request.body }\n',
    to: '',
    code: 'annotation-missing',
    message: /addBook needs x-soap/,
    at: 'post:',
  },
  {
    name: 'an operationId twice',
    from: 'operationId: addBook',
    to: 'operationId: getBook',
    code: 'operation-id-duplicate',
    message: /getBook/,
    at: 'post:',
  },
  {
    name: 'an undeclared path parameter',
    from: '/books/{isbn}:',
    to: '/books/{isbn}/{copy}:',
    code: 'path-parameter-undeclared',
    message: /\{copy\}/,
    at: 'get:',
  },
  {
    name: 'a parameter that has no place',
    from: '{ name: verbose, in',
    to: '{ name: terse, in',
    code: 'member-unknown',
    message: /terse.*there|terse.*ISBN, Verbose/,
    at: 'name: terse',
    related: 'name="Verbose"',
  },
  {
    name: 'a source that is not declared',
    from: 'response: /Book',
    to: 'request: { Verbose: $request.query.loud }\n        response: /Book',
    code: 'request-source',
    message: /no query parameter loud/,
    at: 'loud',
  },
  {
    name: 'a source that is not an expression',
    from: 'response: /Book',
    to: 'request: { Verbose: $reqest.query.verbose }\n        response: /Book',
    code: 'request-source',
    message: /needs a source/,
    at: '$reqest',
  },
  {
    name: 'a response path that leads nowhere',
    from: 'response: /Book',
    to: 'response: /Volume',
    code: 'response-path',
    message: /no Volume; there is Book/,
    at: 'response: /Volume',
    related: 'name="Book" type="t:Book" minOccurs',
  },
  {
    name: 'an unknown fault',
    from: '{ Gone: 410 }',
    to: '{ Lost: 410 }',
    code: 'fault-unknown',
    message: /no fault Lost; it declares Gone/,
    at: 'Lost',
  },
  {
    name: 'a use by agents that is neither allowed nor forbidden',
    from: 'operation: GetBook\n',
    to: 'operation: GetBook\n        mcp: perhaps\n',
    code: 'annotation-invalid',
    message: /true or false/,
    at: 'mcp: perhaps',
  },
  {
    name: 'a use by agents of what takes no JSON',
    from: "operation: AddBook\n        request: { Book: $request.body }\n      requestBody:\n        required: true\n        content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } }",
    to: 'operation: AddBook\n        mcp: true\n      requestBody:\n        required: true\n        content: { application/pdf: {} }',
    code: 'annotation-invalid',
    message: /tools send JSON, and addBook takes none/,
    at: 'mcp: true',
  },
  {
    name: 'a fault status that is not declared',
    from: '{ Gone: 410 }',
    to: '{ Gone: 409 }',
    code: 'fault-undeclared',
    message: /409/,
    at: 'Gone: 409',
  },
  {
    name: 'a fault status that is not an error',
    from: '{ Gone: 410 }',
    to: '{ Gone: 200 }',
    code: 'annotation-invalid',
    message: /400 to 599/,
    at: 'Gone: 200',
  },
  {
    name: 'absence that cannot be answered',
    from: "        '404': { description: none }\n",
    to: '',
    code: 'response-absent',
    message: /404/,
    at: 'get:',
  },
  {
    name: 'two successes',
    from: "        '404': { description: none }",
    to: "        '204': { description: none }\n        '404': { description: none }",
    code: 'response-success',
    message: /exactly one 2xx/,
    at: 'responses:',
  },
  {
    name: 'a member that the XSD does not have',
    from: 'shelf: { type: string }',
    to: 'rack: { type: string }',
    code: 'member-unknown',
    message: /rack.*ISBN, Title/,
    at: 'rack',
    related: 'complexType name="Book"',
  },
  {
    name: 'a required element without a member',
    from: 'title: { type: string }',
    to: 'pages2: { type: string, xml: { name: Shelf } }',
    code: 'member-missing',
    message: /Title/,
    at: '    Book:',
    related: 'name="Title"',
  },
  {
    name: 'a member that must be required',
    from: 'required: [isbn, title, status, authors]',
    to: 'required: [isbn, status, authors]',
    code: 'member-optional',
    message: /title must be required/,
    at: 'title: {',
    related: 'name="Title"',
  },
  {
    name: 'the wrong type',
    from: 'pages: { type: integer }',
    to: 'pages: { type: boolean }',
    code: 'schema-mismatch',
    message: /boolean.*xs:int/,
    at: 'pages:',
    related: 'name="Pages"',
  },
  {
    name: 'no array where elements repeat',
    from: 'authors: { type: array, items: { type: string, xml: { name: Author } } }',
    to: 'authors: { type: string, xml: { name: Author } }',
    code: 'schema-mismatch',
    message: /must be array/,
    at: 'authors: {',
    related: 'name="Author"',
  },
  {
    name: 'null where nothing is nillable',
    from: 'pages: { type: integer }',
    to: "pages: { type: [integer, 'null'] }",
    code: 'null-mismatch',
    message: /Pages is not nillable/,
    at: 'pages',
    related: 'name="Pages"',
  },
  {
    name: 'nillable where null is not allowed',
    from: "price: { type: [string, 'null'] }",
    to: 'price: { type: string }',
    code: 'null-mismatch',
    message: /must allow null/,
    at: 'price',
    related: 'name="Price"',
  },
  {
    name: 'a value that the XSD enumeration lacks',
    from: 'enum: [IN, OUT]',
    to: 'enum: [IN, OUT, LOST]',
    code: 'schema-mismatch',
    message: /no LOST/,
    at: 'LOST',
    related: 'name="Status" type',
  },
  {
    name: 'required in a choice',
    from: 'required: [isbn, title, status, authors]',
    to: 'required: [isbn, title, status, authors, shelf]',
    code: 'schema-mismatch',
    message: /cannot be required.*choice/,
    at: 'shelf:',
    related: 'name="Shelf"',
  },
  {
    name: 'a pattern that is none',
    from: 'isbn: { type: string }',
    to: "isbn: { type: string, pattern: '[' }",
    code: 'pattern-invalid',
    message: /ECMA-262/,
    at: "pattern: '['",
  },
  {
    name: 'a reference that leads nowhere',
    from: 'required: true, schema: { type: string } }',
    to: "required: true, schema: { $ref: '#/components/schemas/Isbn' } }",
    code: 'contract-reference',
    message: /Isbn leads nowhere/,
    at: 'Isbn',
  },
  {
    name: 'a header from what is not there',
    from: '#/id}',
    to: '#/number}',
    code: 'header-template',
    message: /no required member \/number/,
    at: '#/number',
  },
  {
    name: 'a YAML mistake',
    from: 'info: { title',
    to: 'info: { title: [',
    code: 'contract-syntax',
    message: /./,
    at: '',
  },
]

describe('the join of both contracts', () => {
  test('says nothing about contracts that agree', () => {
    expect(check(openapi).diagnostics).toEqual([])
  })

  test.each(mistakes)('reports $name', ({ from, to, code, message, at, related }) => {
    expect(openapi).toContain(from)
    const document = openapi.replace(from, to)
    const found = check(document).diagnostics.filter((diagnostic) => diagnostic.code === code)
    expect(found.map((diagnostic) => diagnostic.severity)).toContain('error')
    const [diagnostic] = found
    expect(diagnostic?.message).toMatch(message)
    if (at !== '') expect(diagnostic?.at).toMatchObject({ file: 'openapi.yaml', line: lineOf(document, at) })
    if (related !== undefined) {
      expect(diagnostic?.related?.map((place) => place.at)).toContainEqual(
        expect.objectContaining({ file: 'wsdl/library.wsdl', line: lineOf(wsdl, related) }),
      )
    }
  })

  test('reports ten mistakes as ten diagnostics', () => {
    const ten = [
      'a misspelt key of a backend',
      'a source that is not declared',
      'an unknown fault',
      'two successes',
      'a member that the XSD does not have',
      'a member that must be required',
      'the wrong type',
      'nillable where null is not allowed',
      'a value that the XSD enumeration lacks',
      'a pattern that is none',
    ]
    const document = mistakes
      .filter(({ name }) => ten.includes(name))
      .reduce((text, { from, to }) => text.replace(from, to), openapi)
    const codes = new Set(
      check(document)
        .diagnostics.filter((d) => d.severity === 'error')
        .map((d) => `${d.code} ${d.at?.line ?? 0}`),
    )
    expect(codes.size).toBeGreaterThanOrEqual(10)
  })

  test('warns of attributes that answers may have and JSON has no place for', () => {
    const open = wsdl.replace(
      '</xs:choice>\n        </xs:sequence>',
      '$&<xs:anyAttribute namespace="##other"/>',
    )
    expect(open).not.toBe(wsdl)
    const found = check(openapi, open).diagnostics
    expect([...new Set(found.map(({ code, severity }) => `${severity} ${code}`))]).toEqual([
      'warning attributes-dropped',
    ])
    expect(found[0]?.message).toMatch(/Book/)
  })

  test('refuses an address in the WSDL that nothing can be sent to', () => {
    const placeholder = wsdl.replace('http://localhost:1/', 'REPLACE_WITH_ACTUAL_URL')
    expect(check(openapi, placeholder).diagnostics.map((d) => d.code)).toEqual(['endpoint-invalid'])
  })

  test('refuses faults of one element with two statuses', () => {
    const twice = wsdl
      .replace(
        '<fault name="Gone" message="t:Gone"/>',
        '<fault name="Gone" message="t:Gone"/><fault name="Lost" message="t:Gone"/>',
      )
      .replace(
        '<fault name="Gone"><soap:fault name="Gone" use="literal"/></fault>',
        '<fault name="Gone"><soap:fault name="Gone" use="literal"/></fault><fault name="Lost"><soap:fault name="Lost" use="literal"/></fault>',
      )
    const document = openapi.replace('{ Gone: 410 }', '{ Gone: 410, Lost: 404 }')
    expect(check(document, twice).diagnostics.map((d) => d.code)).toContain('fault-ambiguous')
  })

  test('answers a schema that doubles at each level, and a fragment that is not a URI', () => {
    const doubling = Array.from(
      { length: 40 },
      (_, n) =>
        `    S${n}: { allOf: [{ $ref: '#/components/schemas/S${n + 1}' }, { $ref: '#/components/schemas/S${n + 1}' }] }`,
    )
    const document = `${openapi}${doubling.join('\n')}\n    S40: { type: object }\n`
      .replace(
        'pages: { type: integer }',
        "pages: { type: integer }\n        deep: { $ref: '#/components/schemas/S0' }",
      )
      .replace('shelf: { type: string }', "shelf: { $ref: '#/components/100%' }")
    const codes = check(document).diagnostics.map((d) => d.code)
    expect(codes).toContain('contract-reference')
    expect(codes).toContain('member-unknown')
  })

  test('fits a type once for all operations that reach it, and each direction by itself', () => {
    const twice = openapi.replace(
      'components:\n',
      `  /shelves/{isbn}:
    get:
      operationId: getShelved
      parameters: [{ name: isbn, in: path, required: true, schema: { type: string } }]
      x-soap: { operation: GetBook, response: /Book }
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }
        '404': { description: none }
components:\n`,
    )
    const { joined, diagnostics } = check(twice)
    expect(diagnostics).toEqual([])
    const [get, add, shelved] = joined.operations
    const book = (object: ObjectMapping | undefined): unknown => [...elementsOf(object?.content)][0]?.value
    expect(book(shelved?.response.body?.object)).toMatchObject({
      kind: 'object',
      type: { name: { localName: 'Book' } },
    })
    expect(book(shelved?.response.body?.object)).toBe(book(get?.response.body?.object))
    expect(book(add?.request.body.object)).toMatchObject({ kind: 'object' })
    expect(book(add?.request.body.object)).not.toBe(book(get?.response.body?.object))
  })

  test('never shows the value of a variable', () => {
    const document = openapi.replace(
      '{ wsdl: wsdl/library.wsdl }',
      '{ wsdl: wsdl/library.wsdl, endpoint: "${SECRET}" }',
    )
    const { diagnostics } = check(document, wsdl, { SECRET: 'hunter2' })
    expect(diagnostics.map((d) => d.code)).toEqual(['endpoint-invalid'])
    expect(JSON.stringify(diagnostics)).not.toContain('hunter2')
  })
})
