import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isObject, type OpenApiObject } from '../../../../src/openapi/document.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { writeWsdl, wsdlText } from '../wsdl-text.js'
import { grammarTable } from './grammar-table.js'

interface Row {
  readonly call: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly isList: boolean
  readonly isYesOrNo: boolean
  readonly expected: string
}

interface Service {
  readonly name: string
  readonly rows: readonly Row[]
}

function rowOf(line: string): Row {
  const [, call = '', name = '', inputs = '', list = '', expected = ''] =
    /^\s*((\w+)\(([^)]*)\)(\[\]|\?)?) = (.*)$/.exec(line) ?? []
  if (name === '') throw new Error(`not a row of the table: ${line}`)
  return {
    call,
    name,
    inputs: inputs.split(', ').filter((input) => input !== ''),
    isList: list === '[]',
    isYesOrNo: list === '?',
    expected,
  }
}

const services: readonly Service[] = grammarTable
  .split(/^# /m)
  .filter((block) => block !== '')
  .map((block) => {
    const [name = '', ...lines] = block.trim().split('\n')
    return { name, rows: lines.filter((line) => line.trim() !== '').map(rowOf) }
  })

const rowsOf = (name: string): string =>
  `<xs:element name="${name}" maxOccurs="unbounded"><xs:complexType><xs:sequence><xs:element name="cell" type="xs:string"/></xs:sequence></xs:complexType></xs:element>`

function inputText(input: string): string {
  const name = input.replace(/[?*{}]/g, '')
  if (input.endsWith('{}'))
    return `<xs:element name="${name}"><xs:complexType><xs:sequence><xs:element name="first" type="xs:string"/>${rowsOf('rows')}</xs:sequence></xs:complexType></xs:element>`
  const occurs = input.endsWith('*') ? 'maxOccurs="unbounded"' : input.endsWith('?') ? 'minOccurs="0"' : ''
  return `<xs:element name="${name}" type="xs:string" ${occurs}/>`
}

async function callsOf({ name: service, rows }: Service): Promise<string[]> {
  const operations = rows.map(({ name, inputs, isList, isYesOrNo }) => ({
    name,
    input: inputs.map(inputText).join(''),
    output: isList
      ? rowsOf('row')
      : `<xs:element name="result" type="xs:${isYesOrNo ? 'boolean' : 'string'}"/>`,
  }))
  const { file } = writeWsdl(wsdlText(operations, '', service), `${service}.wsdl`)
  const { document, summary } = await importWsdl(file, { baseDir: dirname(file) })
  return summary.operations.map(({ operation, method, path }) => {
    const item = isObject(document.paths) ? document.paths[path] : undefined
    const own = isObject(item) ? item[method] : undefined
    const parameters = isObject(own) && Array.isArray(own.parameters) ? own.parameters : []
    const others = isObject(own) ? choosingOthers(own, operation) : []
    const query = parameters.flatMap((each) =>
      isObject(each) && each.in === 'query' && !others.includes(each.name) ? [String(each.name)] : [],
    )
    const call = rows.find(({ name }) => name === operation)?.call ?? operation
    return `${call} = ${method.toUpperCase()} ${path}${query.length > 0 ? `?${query.join('&')}` : ''}`
  })
}

/** The parameters that choose another of the SOAP operations that serve a GET. */
function choosingOthers({ 'x-soap': annotation }: OpenApiObject, operation: string): readonly unknown[] {
  const { oneOf } = isObject(annotation) ? annotation : {}
  const alternatives = Array.isArray(oneOf) ? oneOf.filter(isObject) : []
  const namesOf = ({ when, optional }: OpenApiObject): readonly unknown[] =>
    [when, optional].flatMap((names) => (Array.isArray(names) ? names : []) as readonly unknown[])
  const own = alternatives.find((each) => each.operation === operation)
  const taken = own ? namesOf(own) : []
  return alternatives.flatMap(namesOf).filter((name) => !taken.includes(name))
}

it('has at least 400 names', () => {
  expect(services.flatMap(({ rows }) => rows).length).toBeGreaterThanOrEqual(400)
})

describe('what a designer would choose for the operations of', () => {
  it.each(services.map((service) => [service.name, service] as const))('%s', async (_, service) => {
    expect(await callsOf(service)).toEqual(service.rows.map(({ call, expected }) => `${call} = ${expected}`))
  })
})
