import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { compileContract } from '../../../../src/adapter/adapter.js'
import { Diagnostics } from '../../../../src/base/diagnostic/diagnostic.js'
import { isObject, openApiFromObject, type OpenApiObject } from '../../../../src/openapi/document.js'
import { publishedDocument } from '../../../../src/openapi/published/document.js'
import { droppedInputs } from '../../../../src/tools/dropped-inputs.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { mergeWsdl } from '../../../../src/tools/import/merge-wsdl.js'
import type { ImportOptions } from '../../../../src/tools/import/options.js'
import { formatExplanation } from '../../../../src/tools/import/summary/explain.js'
import { loadWsdl } from '../../../../src/wsdl/load.js'
import { root } from '../../../oracle/contracts.js'
import { type OperationText, writeWsdl, wsdlText } from '../wsdl-text.js'

const element = (name: string, type = 'xs:string', occurs = ''): string =>
  `<xs:element name="${name}" type="${type}" ${occurs}/>`
const optional = 'minOccurs="0"'
const designs = element('Design', 't:Design', 'minOccurs="0" maxOccurs="unbounded"')
const wrapped = (name: string): string =>
  `<xs:element name="${name}Result" type="t:ArrayOfDesign" minOccurs="0"/>`
const types =
  `<xs:complexType name="Design"><xs:sequence>${element('DesignId')}${element('State')}</xs:sequence></xs:complexType>` +
  `<xs:complexType name="Outline"><xs:sequence>${element('DesignId')}</xs:sequence></xs:complexType>` +
  `<xs:complexType name="ArrayOfDesign"><xs:sequence>${designs}</xs:sequence></xs:complexType>`

const by = (name: string, input: string, output = designs): OperationText => ({
  name: `GetDesignsBy${name}`,
  input,
  output,
})
const list = (input = '', output = designs): OperationText => ({ name: 'ListDesigns', input, output })
const byState = by('State', element('State'))
const byDesigner = by('Designer', element('Designer') + element('IncludeRetired', 'xs:boolean', optional))
const byPeriod = by('Period', element('From', 'xs:date') + element('To', 'xs:date'))

const group = (name: string, content: string): string =>
  `<xs:element name="${name}"><xs:complexType><xs:sequence>${content}</xs:sequence></xs:complexType></xs:element>`

interface Alternative {
  readonly operation: string
  readonly when?: readonly string[]
  readonly optional?: readonly string[]
}

function operationAt(document: OpenApiObject, path: string): OpenApiObject {
  const item = (document.paths as OpenApiObject)[path]
  const operation = isObject(item) ? item.get : undefined
  if (!isObject(operation)) throw new Error(path)
  return operation
}

/** Each path, with what serves it: `GET /designs: ListDesigns | GetDesignsByState (state)`. */
async function designOf(operations: readonly OperationText[], options: ImportOptions = {}) {
  const { directory, file } = writeWsdl(wsdlText(operations, types))
  const imported = await importWsdl(file, { baseDir: directory, ...options })
  const lines = Object.entries(imported.document.paths as OpenApiObject).flatMap(([path, item]) =>
    Object.entries(item as OpenApiObject).map(([method, operation]) => {
      const { oneOf, operation: only } = (operation as OpenApiObject)['x-soap'] as OpenApiObject
      const all = (oneOf as readonly Alternative[] | undefined) ?? [{ operation: String(only) }]
      const served = all.map(({ operation: name, when = [], optional: besides = [] }) => {
        const asked = [...when, ...besides.map((each) => `${each}?`)]
        return asked.length > 0 ? `${name} (${asked.join()})` : name
      })
      return `${method.toUpperCase()} ${path}: ${served.join(' | ')}`
    }),
  )
  return { ...imported, lines, directory, file }
}

it.each<[string, readonly OperationText[], readonly string[]]>([
  [
    'filters join the list',
    [byState, byDesigner, byPeriod, list(element('Limit', 'xs:int', optional))],
    [
      'GET /designs: ListDesigns (limit?) | GetDesignsByState (state) | GetDesignsByDesigner (designer,includeRetired?) | GetDesignsByPeriod (from,to)',
    ],
  ],
  [
    'filters without a list are one',
    [byState, byDesigner],
    ['GET /designs: GetDesignsByState (state) | GetDesignsByDesigner (designer,includeRetired?)'],
  ],
  [
    'what all of them have chooses nothing',
    [
      list(element('Limit', 'xs:int', optional)),
      by('State', element('State') + element('Limit', 'xs:int', optional)),
    ],
    ['GET /designs: ListDesigns | GetDesignsByState (state)'],
  ],
  [
    'what a name says it asks by is asked for, where nothing is required',
    [
      by('ProgramSoc', element('programId', 'xs:int', optional) + element('socNumber', 'xs:int', optional)),
      by('Owner', element('owner', 'xs:string', optional) + element('retired', 'xs:boolean', optional)),
    ],
    ['GET /designs: GetDesignsByProgramSoc (programId,socNumber) | GetDesignsByOwner (owner,retired?)'],
  ],
  [
    'each has its own element around the same list',
    [list('', wrapped('ListDesigns')), by('State', element('State'), wrapped('GetDesignsByState'))],
    ['GET /designs: ListDesigns | GetDesignsByState (state)'],
  ],
  [
    'those below an owner are filtered there',
    [
      { name: 'ListOrders', input: element('CustomerId'), output: designs },
      { name: 'ListOrdersByStatus', input: element('CustomerId') + element('Status'), output: designs },
    ],
    ['GET /customers/{customerId}/orders: ListOrders | ListOrdersByStatus (status)'],
  ],
  [
    'other answers stay apart',
    [list(), by('State', element('State'), element('Design', 't:Outline', 'minOccurs="0" maxOccurs="9"'))],
    ['GET /designs: ListDesigns', 'GET /designs/by-state: GetDesignsByState'],
  ],
  [
    'an answer that may be absent is another one',
    [
      list('', element('Total', 'xs:int')),
      by('State', element('State'), element('Total', 'xs:int', optional)),
    ],
    ['GET /designs: ListDesigns', 'GET /designs/by-state: GetDesignsByState'],
  ],
  [
    'what nothing tells apart stays apart',
    [list(element('State', 'xs:string', optional)), byState],
    ['GET /designs: ListDesigns', 'GET /designs/by-state: GetDesignsByState'],
  ],
  [
    'one name for two types stays apart',
    [by('State', element('State')), by('StateDay', element('State', 'xs:int') + element('Day', 'xs:date'))],
    ['GET /designs: GetDesignsByState', 'GET /designs/by-state-day: GetDesignsByStateDay'],
  ],
  [
    'a name that would be that of what is read stays apart',
    [list(), by('Designer', element('Value'))],
    ['GET /designs: ListDesigns', 'GET /designs/by-designer: GetDesignsByDesigner'],
  ],
  [
    'a version is another operation',
    [list(), { name: 'ListDesignsV2', input: element('State'), output: designs }],
    ['GET /designs: ListDesigns', 'GET /designs/v2: ListDesignsV2'],
  ],
])('%s', async (_what, operations, lines) => {
  const { document, directory, lines: found } = await designOf(operations)
  expect(found).toEqual(lines)
  const adapter = compileContract({ contract: document, baseDir: directory, env: {} })
  expect(adapter.diagnostics.filter(({ severity }) => severity !== 'note')).toEqual([])
  for (const operation of adapter.operations.values()) {
    for (const alternative of operation.alternatives ?? [operation]) {
      const request = alternative.sample({ optionals: 'all' })
      expect(String(operation.encode(request).body)).toContain(`${alternative.soapOperation ?? ''}>`)
      expect(operation.decode(operation.sampleResponse({ optionals: 'all' }, request), request).status).toBe(
        200,
      )
    }
  }
  await adapter.close()
})

const faulty = (name: string, faults: readonly string[]): OperationText => ({
  ...by(name, element(name)),
  faults,
})

describe('a folded operation', () => {
  test('is called like the collection, and says what goes together', async () => {
    const { document } = await designOf([byDesigner, byState])
    expect(operationAt(document, '/designs')).toMatchObject({
      operationId: 'getDesigns',
      description:
        'Lists designs.\n\nThe filters that go together:\n\n' +
        '- `designer`, perhaps with `includeRetired`: Get designs by designer.\n' +
        '- `state`: Get designs by state.',
      parameters: [
        { name: 'designer', in: 'query', schema: { type: 'string' } },
        { name: 'includeRetired', in: 'query' },
        { name: 'state', in: 'query' },
      ],
    })
    expect(JSON.stringify(document)).not.toContain('"required":true')
    // What is only compared leaves nothing behind.
    const { schemas } = document.components as { schemas: OpenApiObject }
    expect(Object.keys(schemas)).toEqual(['Design', 'GetDesignsResponse', 'Problem', 'ProblemError'])
  })

  test('has the faults of all of them', async () => {
    const { document, lines } = await designOf([
      faulty('State', ['NotFoundFault', 'DeniedFault']),
      faulty('Season', ['NotFoundFault', 'PecanFault']),
    ])
    expect(lines).toEqual(['GET /designs: GetDesignsByState (state) | GetDesignsBySeason (season)'])
    const { 'x-soap': annotation, responses } = operationAt(document, '/designs')
    expect(annotation).toMatchObject({ faults: { NotFoundFault: 404, DeniedFault: 403 } })
    expect(Object.keys(responses as object)).toEqual(expect.arrayContaining(['403', '404', '502']))
    expect(JSON.stringify((responses as OpenApiObject)['502'])).toContain('PecanFault')
  })

  test('is told of in the summary and by --explain, with the line that has one apart', async () => {
    const { summary, explanations } = await designOf([list(), byState, byDesigner])
    expect(summary.operations.map(({ operation, operationId }) => [operation, operationId])).toEqual([
      ['ListDesigns', 'listDesigns'],
      ['GetDesignsByState', 'listDesigns'],
      ['GetDesignsByDesigner', 'listDesigns'],
    ])
    expect(summary.decisions.join('\n')).toContain(
      "GET /designs is ListDesigns, GetDesignsByState, GetDesignsByDesigner (operations: { GetDesignsByState: { path: '/designs/by-state' } }).",
    )
    const [text] = explanations.flatMap((each) =>
      each.operation === 'GetDesignsByState' ? [formatExplanation(each)] : [],
    )
    expect(text).toContain(
      'It answers like ListDesigns, GetDesignsByDesigner: one GET serves them, this one with `state`.',
    )
    expect(text).toContain("    GetDesignsByState: { path: '/designs/by-state' }")
  })

  test('leaves to each what its callers do not send, and to all what they send in headers', async () => {
    const context = element('Token', 'xs:int') + element('Language')
    const operations = [
      list(context),
      by('State', context + element('State')),
      by('Colour', context + element('Colour')),
    ]
    const settings = { operations: {}, headers: [], request: { Token: '${SHOP_TOKEN}' } }
    const { document, directory, lines } = await designOf(operations, { settings, names: 'preserve' })
    expect(lines).toEqual([
      'GET /designs: ListDesigns | GetDesignsByState (State) | GetDesignsByColour (Colour)',
    ])
    expect(operationAt(document, '/designs')['x-soap']).toMatchObject({
      oneOf: [
        { request: { Token: '${SHOP_TOKEN}', Language: '$request.header.Language' } },
        { request: { Token: '${SHOP_TOKEN}', State: '$request.query.State' } },
        { request: { Token: '${SHOP_TOKEN}' } },
      ],
    })
    const { diagnostics } = compileContract({
      contract: document,
      baseDir: directory,
      env: { SHOP_TOKEN: '7' },
    })
    expect(diagnostics).toEqual([])
  })

  test('names its backend once, where there are several', async () => {
    const { directory, file } = writeWsdl(wsdlText([list(), byState], types))
    const other = writeWsdl(wsdlText([{ name: 'Ping', output: element('Pong') }], '', 'Other'), 'other.wsdl')
    const { document } = await importWsdl([file, other.file], { baseDir: directory })
    const paths = JSON.stringify(document.paths)
    expect(paths).toMatch(/"x-soap":\{"backend":"\w+","oneOf":\[\{"operation":"ListDesigns"\}/)
  })

  test('lets go of an operation with a path of its own', async () => {
    const settings = { operations: { GetDesignsByState: { path: '/designs/by-state' } }, headers: [] }
    const { lines } = await designOf([list(), byState, byDesigner], { settings })
    expect(lines).toEqual([
      'GET /designs: ListDesigns | GetDesignsByDesigner (designer,includeRetired?)',
      'GET /designs/by-state: GetDesignsByState',
    ])
  })

  test('is not made where it would be refused', async () => {
    const judge: ImportOptions['judge'] = (document) => {
      const diagnostics = new Diagnostics()
      const at = document.at('/paths/~1designs/get/x-soap/oneOf') && { file: '/paths/~1designs/get', line: 1 }
      if (at) diagnostics.error('schema-mismatch', 'no', at)
      return Promise.resolve(diagnostics.list)
    }
    const { lines } = await designOf([list(), byState], { judge })
    expect(lines).toEqual(['GET /designs: ListDesigns', 'GET /designs/by-state: GetDesignsByState'])
  })

  test('loses nothing of any input', async () => {
    const nested = group('Filter', element('State'))
    const { document, summary, file, lines } = await designOf([list(), by('State', nested)])
    expect(lines).toEqual(['GET /designs: ListDesigns | GetDesignsByState (state)'])
    const { wsdl } = loadWsdl(file)
    if (!wsdl) throw new Error(file)
    expect(droppedInputs(document, summary.operations, wsdl)).toEqual([])
  })

  test('passes the recommended rules of redocly lint without a warning', { timeout: 60_000 }, async () => {
    const { document, directory } = await designOf([list(), byState, byDesigner, byPeriod])
    const published = openApiFromObject(document, 'openapi', new Diagnostics())
    if (!published) throw new Error('no document')
    const path = join(directory, 'published.json')
    writeFileSync(path, JSON.stringify(publishedDocument(published)))
    const lint = spawnSync(
      join(root, 'node_modules/.bin/redocly'),
      ['lint', path, '--extends=recommended', '--format=json'],
      {
        encoding: 'utf8',
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      },
    )
    expect(lint.stdout).not.toContain('"message"')
    expect(lint.status).toBe(0)
  })
})

describe('--merge', () => {
  const writtenOf = (document: OpenApiObject): string => stringify(document, { aliasDuplicateObjects: false })

  async function merged(
    before: readonly OperationText[],
    after: readonly OperationText[],
    edit: (text: string) => string,
    options: ImportOptions = {},
  ) {
    const { file, directory, ...imported } = await designOf(before, options)
    const mine = edit(writtenOf(imported.document))
    writeFileSync(file, wsdlText(after, types))
    const result = await mergeWsdl([file], mine, imported, { baseDir: directory })
    const document = parse(result.text) as OpenApiObject
    const { diagnostics } = compileContract({ contract: document, baseDir: directory, env: {} })
    return { ...result, mine, document, findings: diagnostics }
  }

  /** Another title, another name for a parameter, and a comment. */
  const byHand = (text: string): string => {
    const edited = text
      .replace('summary: List designs', 'summary: All designs # ours')
      .replace(
        '- state\n            operation',
        '- status\n            request: { State: $request.query.status }\n            operation',
      )
      .replace('- name: state\n', '- name: status\n')
      .replace('path: /designs', 'path: /designs')
    expect(edited).not.toBe(text)
    return edited
  }

  test('of an unchanged WSDL changes nothing', async () => {
    for (const edit of [byHand, (text: string) => text]) {
      const { text, mine, notes } = await merged([list(), byState], [list(), byState], edit)
      expect(text).toBe(mine)
      expect(notes).toEqual({ added: [], changed: [], removed: [], conflicts: [] })
    }
  })

  test('adds a new filter to the operation, and keeps what a person has made of it', async () => {
    const { document, text, notes, findings } = await merged(
      [list(), byState],
      [byDesigner, list(), byState],
      byHand,
    )
    const { 'x-soap': annotation, parameters, summary } = operationAt(document, '/designs')
    expect(annotation).toEqual({
      oneOf: [
        { operation: 'ListDesigns' },
        { when: ['status'], request: { State: '$request.query.status' }, operation: 'GetDesignsByState' },
        { when: ['designer'], optional: ['includeRetired'], operation: 'GetDesignsByDesigner' },
      ],
    })
    expect((parameters as { name: string }[]).map(({ name }) => name)).toEqual([
      'status',
      'designer',
      'includeRetired',
    ])
    expect(summary).toBe('All designs')
    expect(text).toContain('# ours')
    expect(notes.conflicts).toEqual([])
    expect(findings).toEqual([])
  })

  test('takes out a filter that the WSDL has no more', async () => {
    const { document, notes } = await merged([list(), byState, byDesigner], [list(), byState], (text) => text)
    expect(operationAt(document, '/designs')['x-soap']).toEqual({
      oneOf: [{ operation: 'ListDesigns' }, { when: ['state'], operation: 'GetDesignsByState' }],
    })
    expect(JSON.stringify(operationAt(document, '/designs').parameters)).not.toContain('designer')
    expect(notes.conflicts).toEqual([])
  })

  test('parts what does not answer alike any more', async () => {
    const outlines = element('Design', 't:Outline', 'minOccurs="0" maxOccurs="9"')
    const { document, findings } = await merged(
      [list(), byState, byDesigner],
      [list(), by('State', element('State'), outlines), byDesigner],
      (text) => text.replace('summary: List designs', 'summary: All designs'),
    )
    expect(Object.keys(document.paths as object)).toEqual(['/designs', '/designs/by-state'])
    expect(operationAt(document, '/designs')).toMatchObject({
      summary: 'All designs',
      'x-soap': { oneOf: [{ operation: 'ListDesigns' }, { operation: 'GetDesignsByDesigner' }] },
    })
    expect(operationAt(document, '/designs/by-state')).toMatchObject({
      operationId: 'getDesignsByState',
      'x-soap': { operation: 'GetDesignsByState' },
    })
    expect(findings).toEqual([])
  })

  test('keeps apart what was apart, and folds what is new', async () => {
    const settings = { operations: { GetDesignsByState: { path: '/designs/by-state' } }, headers: [] }
    const { document } = await merged([list(), byState], [list(), byState, byDesigner], (text) => text, {
      settings,
    })
    expect(Object.keys(document.paths as object)).toEqual([
      '/designs',
      '/designs/by-state',
      '/designs/by-designer',
    ])
    expect(operationAt(document, '/designs')['x-soap']).toEqual({ operation: 'ListDesigns' })
  })

  test('keeps an operation that a person has taken out of the others', async () => {
    const { document, notes } = await merged([list(), byState], [list(), byState], (text) => {
      const contract = parse(text) as { paths: Record<string, { get: OpenApiObject }> }
      const { get } = contract.paths['/designs'] ?? { get: {} }
      contract.paths['/designs'] = { get: { ...get, 'x-soap': { operation: 'ListDesigns' }, parameters: [] } }
      const parameters = [{ name: 'state', in: 'query', required: true, schema: { type: 'string' } }]
      const own = { ...get, parameters, operationId: 'byState', 'x-soap': { operation: 'GetDesignsByState' } }
      contract.paths['/by-state'] = { get: own }
      return stringify(contract, { aliasDuplicateObjects: false })
    })
    expect(Object.keys(document.paths as object)).toEqual(['/designs', '/by-state'])
    expect(notes).toEqual({ added: [], changed: [], removed: [], conflicts: [] })
  })
})
