import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { OpenApiObject } from '../../../../src/openapi/document.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import type { Recorded } from '../../../../src/tools/import/import-record.js'
import { type Merged, mergeWsdl } from '../../../../src/tools/import/merge-wsdl.js'
import { type OperationText, writeWsdl, wsdlText } from '../wsdl-text.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const corpus = fileURLToPath(new URL('../../../../../shared/corpus/', import.meta.url))
const files = [
  `${root}wsdl/banking/core-banking.wsdl`,
  `${root}wsdl/health/patient-registry.wsdl`,
  `${corpus}vpulim__node-soap/test/wsdl/list_parameter.wsdl`,
  `${corpus}apache__cxf/services/wsn/wsn-api/src/main/resources/org/apache/cxf/wsn/wsdl/wsn.wsdl`,
  `${corpus}jboss-fuse__wsdl2rest/tests/spring/src/test/resources/menards/MenardsDesignService.wsdl`,
  `${corpus}gematik__api-telematik/conn/phrs/PHRService_V2_0_1.wsdl`,
].filter((file) => existsSync(file))

const written = (document: OpenApiObject): string =>
  stringify(document, { lineWidth: 120, aliasDuplicateObjects: false })

/** Edits of a person: comments, another title, other names of an operation, something left out. */
function byHand(text: string): string {
  const document = parse(text) as OpenApiObject
  const [path = ''] = Object.keys(document.paths as object)
  const at = text.indexOf(`  ${path}:\n`)
  const operationId = /operationId: (\w+)/.exec(text.slice(at))?.[1] ?? ''
  return `# Kept by hand.\n${text}`
    .replace(/ {2}title: [^]*?(?=\n {2}version)/, "  title:   'My API'   # a better name")
    .replace(`  ${path}:\n`, () => `  # Ours.\n  /renamed${path}:\n`)
    .replace(`operationId: ${operationId}\n`, 'operationId: mine # public\n')
    .replace(/\n +description: [^\n"|>]{1,60}\n(?= +schema:)/, '\n')
}

it.each(files)('merging a WSDL that is unchanged changes nothing: %s', async (file) => {
  const options = { baseDir: dirname(file) }
  const imported = await importWsdl(file, options)
  const { document } = imported
  const text = written(document)
  for (const mine of [text, byHand(text)]) {
    const merged = await mergeWsdl([file], mine, imported, options)
    expect(merged.text).toBe(mine)
    expect(merged.notes).toEqual({ added: [], changed: [], removed: [], conflicts: [] })
    expect(merged.imported).toEqual({ document, components: imported.components })
    expect(JSON.stringify(merged.imported.document)).toBe(JSON.stringify(document))
  }
})

it('takes a WSDL from anywhere: a moved path and its backend keep their names', async () => {
  const file = `${root}wsdl/banking/lending.wsdl`
  const options = { baseDir: dirname(file) }
  const imported = await importWsdl(file, options)
  const { document } = imported
  const mine = written(document).replace(/^ {2}lending:\n/m, '  loans:\n')
  const merged = await mergeWsdl([file], mine, imported, options)
  expect(merged.text).toBe(mine)
})

const element = (name: string, type = 'xs:string', rest = ''): string =>
  `<xs:element name="${name}" type="${type}" ${rest}/>`
const code = (length: number): string =>
  `<xs:simpleType name="Code"><xs:restriction base="xs:string"><xs:maxLength value="${length}"/></xs:restriction></xs:simpleType>`
const order = (content: string): string =>
  `<xs:complexType name="Order"><xs:sequence>${content}</xs:sequence></xs:complexType>`
const getOrder: OperationText = {
  name: 'GetOrder',
  input: element('OrderId'),
  output: element('Order', 't:Order'),
}
const listOrders: OperationText = {
  name: 'ListOrders',
  input: element('Status', 'xs:string', 'minOccurs="0"'),
  output: element('Order', 't:Order', 'minOccurs="0" maxOccurs="unbounded"'),
}
const before = wsdlText(
  [getOrder, listOrders, { name: 'PurgeOrders', input: '', output: '' }],
  code(4) + order(element('Title') + element('Code', 't:Code') + element('Fax')),
)
const after = wsdlText(
  [
    { name: 'ReadOrder', input: element('OrderId'), output: element('Order', 't:Order') },
    getOrder,
    { ...listOrders, input: `${listOrders.input ?? ''}${element('Page', 'xs:int', 'minOccurs="0"')}` },
    { name: 'CreateOrder', input: element('Order', 't:Order'), output: element('OrderId') },
  ],
  code(8) +
    order(
      element('Title') +
        element('Code', 't:Code') +
        element('Note', 'xs:string', 'minOccurs="0"') +
        element('Priority', 't:Priority'),
    ) +
    `<xs:simpleType name="Priority"><xs:restriction base="xs:string"><xs:enumeration value="HIGH"/></xs:restriction></xs:simpleType>`,
)

interface Scenario {
  readonly document: OpenApiObject
  readonly text: string
  readonly record: Recorded
  readonly merge: (mine: string, record?: Recorded) => Promise<Merged>
}

/** What import wrote of the old WSDL, and a merge with the new one. */
async function scenario(): Promise<Scenario> {
  const { directory, file } = writeWsdl(before)
  const options = { baseDir: directory }
  const imported = await importWsdl(file, options)
  const { document } = imported
  writeFileSync(file, after)
  return {
    document,
    record: imported,
    text: written(document),
    merge: (mine, record) => mergeWsdl([file], mine, record, options),
  }
}

describe('a WSDL that has changed', () => {
  it('makes of an untouched document what import would, operations that are gone apart', async () => {
    const { record, text, merge } = await scenario()
    const merged = await merge(text, record)
    const { paths, ...rest } = parse(merged.text) as { paths: Record<string, object> }
    const { paths: imported, ...others } = merged.imported.document as { paths: Record<string, object> }
    expect(Object.keys(paths).sort()).toEqual([...Object.keys(imported), '/orders/purge'].sort())
    expect(paths['/orders']).toEqual(imported['/orders'])
    expect(rest).toEqual({ ...others, tags: (rest as OpenApiObject).tags })
    expect(merged.notes).toMatchObject({
      changed: ['Code/maxLength: 4 → 8'],
      removed: expect.arrayContaining(['Order/required: fax', 'Order/fax']) as string[],
      conflicts: [expect.stringMatching(/^POST \/orders\/purge: the WSDL has no PurgeOrders any more/)],
    })
    expect(merged.notes.added).toEqual(
      expect.arrayContaining([
        'POST /orders for CreateOrder',
        'Order/note',
        'Order/priority',
        'Order/required: priority',
        'GET /orders: parameters: query page',
        'schemas/Priority',
      ]),
    )
  })

  it('gives no path of a person or of an old operation to a new one', async () => {
    const { record, text, merge } = await scenario()
    const merged = await merge(text, record)
    expect(merged.notes.added).toContainEqual(expect.stringMatching(/^GET .* for ReadOrder$/))
    const { paths } = parse(merged.text) as { paths: Record<string, Record<string, OpenApiObject>> }
    expect(paths['/orders/{orderId}']?.get?.operationId).toBe('getOrder')
  })

  it('keeps edits, comments and order, and says where both sides changed something', async () => {
    const { record, text, merge } = await scenario()
    const mine = text
      .replace('openapi: 3.1.0\n', '# The shop, as we offer it.\nopenapi: 3.1.0\n')
      .replace('  /orders/{orderId}:\n', '  # One order.\n  /purchases/{orderId}:\n')
      .replace('maxLength: 4\n', 'maxLength: 3 # narrower than the backend\n')
      .replace(
        /\n {8}fax:\n {10}type: string\n/,
        '\n        fax:\n          type: string\n          deprecated: true\n',
      )
    const merged = await merge(mine, record)
    for (const line of [
      '# The shop, as we offer it.',
      '  # One order.\n  /purchases/{orderId}:',
      'maxLength: 3 # narrower than the backend',
      'deprecated: true',
    ]) {
      expect(merged.text).toContain(line)
    }
    expect(merged.text.indexOf('/purchases/{orderId}')).toBeGreaterThan(0)
    expect(merged.text).not.toMatch(/^ {2}\/orders\/\{orderId\}:\n {4}get:\n {6}operationId: getOrder\n/m)
    expect(merged.notes.conflicts).toEqual(
      expect.arrayContaining([
        'Code/maxLength: the WSDL says 8 now, you say 3',
        'Order/fax: the WSDL has it no more, but you have changed it',
      ]),
    )
    const untouched = mine.split('\n').filter((line) => !merged.text.split('\n').includes(line))
    expect(untouched.filter((line) => !/fax|code: "1"/.test(line))).toEqual([])
  })

  it('once merged there is nothing left to merge', async () => {
    const { record, text, merge } = await scenario()
    const first = await merge(byHand(text), record)
    const second = await merge(first.text, first.imported)
    expect(second.text).toBe(first.text)
    expect(second.notes.added).toEqual([])
  })

  it('leaves out what a person has left out', async () => {
    const { record, text, merge } = await scenario()
    const mine = text.replace(/ {2}\/orders:\n(?: {4}.*\n)+/, '')
    expect(mine).not.toContain('listOrders')
    const merged = await merge(mine, record)
    expect(merged.text).not.toContain('listOrders')
    expect(merged.text).toContain('createOrder')
  })

  it('without a record adds operations that are missing, with what they refer to, and touches nothing else', async () => {
    const { text, merge } = await scenario()
    const merged = await merge(text)
    expect(merged.notes.changed).toEqual([])
    expect(merged.notes.removed).toEqual([])
    expect(merged.notes.added).toContain('POST /orders for CreateOrder')
    const kept = text.split('\n')
    expect(kept.filter((line) => !merged.text.split('\n').includes(line))).toEqual([])
    const again = await merge(merged.text)
    expect(again.text).toBe(merged.text)
  })

  it('writes JSON where it was given JSON', async () => {
    const { document, record, text, merge } = await scenario()
    const mine = JSON.stringify(document, undefined, 4)
    const merged = await merge(mine, record)
    expect(merged.text).toMatch(/^\{\n {4}"openapi"/)
    expect(JSON.parse(merged.text)).toEqual(parse((await merge(text, record)).text))
  })
})

it('adds a second WSDL to a document', async () => {
  const bank = `${root}wsdl/banking/core-banking.wsdl`
  const loans = `${root}wsdl/banking/lending.wsdl`
  const options = { baseDir: dirname(bank) }
  const imported = await importWsdl(bank, options)
  const { document } = imported
  const merged = await mergeWsdl([bank, loans], written(document), imported, options)
  const read = parse(merged.text) as {
    paths: Record<string, Record<string, { 'x-soap': { backend?: string } }>>
    'x-soap-backends': object
  }
  expect(Object.keys(read['x-soap-backends'])).toEqual(['core-banking', 'lending'])
  const backends = Object.values(read.paths).flatMap((path) =>
    Object.values(path).map((operation) => operation['x-soap'].backend),
  )
  expect(new Set(backends)).toEqual(new Set(['core-banking', 'lending']))
})

it('a real WSDL that grows by an operation and a member: only these change', async ({ skip }) => {
  const source = join(corpus, 'vpulim__node-soap/test/wsdl/list_parameter.wsdl')
  if (!existsSync(source)) skip(`there is no ${source}`)
  const { directory, file } = writeWsdl(readFileSync(source, 'utf8'))
  const options = { baseDir: directory }
  const imported = await importWsdl(file, { ...options, operations: ['Get*'] })
  const { document } = imported
  const text = written(document)
  const merged = await mergeWsdl([file], text, imported, { ...options, operations: ['Get*', 'About'] })
  expect(merged.notes.added).toContain('GET /about for About')
  expect(merged.notes.conflicts).toEqual([])
  expect(merged.notes.changed).toEqual([])
  const lines = merged.text.split('\n')
  expect(text.split('\n').filter((line) => !lines.includes(line))).toEqual([])
})
