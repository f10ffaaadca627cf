import { rmSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { compileContract } from '../../../../src/adapter/adapter.js'
import { formatDiagnostic } from '../../../../src/base/diagnostic/diagnostic.js'
import { ContractError } from '../../../../src/base/errors.js'
import { memberName } from '../../../../src/mapping/canonical/member-names.js'
import type { OpenApiObject } from '../../../../src/openapi/document.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { mergeWsdl } from '../../../../src/tools/import/merge-wsdl.js'
import fc from '../../../oracle/property.js'
import { writeWsdl } from '../wsdl-text.js'

/*
 * A WSDL grows and a person edits what was imported of it, both at random: whatever the person has renamed or described
 * must still stand for the same type, member, parameter or operation.
 */

const NAMES = ['Account', 'Order', 'Party'] as const
const NAMESPACES = ['a', 'b'] as const

/** A type is known by its member `Mark…`, whatever its component is called. */
interface TypeModel {
  readonly namespace: (typeof NAMESPACES)[number]
  readonly name: (typeof NAMES)[number]
}

interface WsdlModel {
  /** Of each operation the type that it reads, in the order of the WSDL. */
  readonly operations: readonly { readonly name: string; readonly type: TypeModel; readonly more: boolean }[]
  /** Types that have one member more. */
  readonly grown: boolean
}

const markOf = ({ namespace, name }: TypeModel): string => `Mark${namespace.toUpperCase()}${name}`
const all: readonly TypeModel[] = NAMESPACES.flatMap((namespace) =>
  NAMES.map((name) => ({ namespace, name })),
)

function wsdlOf({ operations, grown }: WsdlModel): string {
  const schema = (namespace: string): string => {
    const types = all
      .filter((type) => type.namespace === namespace)
      .map((type, index, own) => {
        const next = own[index + 1]
        const extra = grown ? '<xs:element name="Extra" type="xs:int" minOccurs="0"/>' : ''
        const inner = next ? `<xs:element name="Next" type="${namespace}:${next.name}" minOccurs="0"/>` : ''
        return `<xs:complexType name="${type.name}"><xs:sequence>${extra}<xs:element name="${markOf(type)}" type="xs:string"/>${inner}</xs:sequence></xs:complexType>`
      })
    return `<xs:schema targetNamespace="urn:${namespace}" elementFormDefault="qualified">${types.join('')}</xs:schema>`
  }
  const elements = operations.map(
    ({ name, type, more }) =>
      `<xs:element name="${name}"><xs:complexType><xs:sequence><xs:element name="${name}Key" type="xs:string" minOccurs="0"/>${more ? '<xs:element name="Page" type="xs:int" minOccurs="0"/>' : ''}<xs:element name="Limit" type="xs:${grown ? 'long' : 'int'}" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>` +
      `<xs:element name="${name}Response"><xs:complexType><xs:sequence><xs:element name="Result" type="${type.namespace}:${type.name}"/></xs:sequence></xs:complexType></xs:element>`,
  )
  const each = (write: (name: string) => string): string => operations.map(({ name }) => write(name)).join('')
  return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:a="urn:a" xmlns:b="urn:b" xmlns:t="urn:t" targetNamespace="urn:t">
<types>${schema('a')}${schema('b')}<xs:schema targetNamespace="urn:t" elementFormDefault="qualified"><xs:import namespace="urn:a"/><xs:import namespace="urn:b"/>${elements.join('')}</xs:schema></types>
${each((name) => `<message name="${name}"><part name="p" element="t:${name}"/></message><message name="${name}Response"><part name="p" element="t:${name}Response"/></message>`)}
<portType name="P">${each((name) => `<operation name="${name}"><input message="t:${name}"/><output message="t:${name}Response"/></operation>`)}</portType>
<binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>${each((name) => `<operation name="${name}"><soap:operation soapAction=""/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>`)}</binding>
<service name="S"><port name="P" binding="t:B"><soap:address location="http://s.example/"/></port></service></definitions>`
}

interface Schema {
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  xml?: { name?: string }
  [key: string]: unknown
}
interface Parameter {
  name: string
  in: string
  description?: string
  $ref?: string
}
interface Operation {
  operationId: string
  description: string
  tags: string[]
  parameters?: Parameter[]
  'x-soap': { operation: string; request?: Record<string, string> }
}
interface Contract {
  paths: Record<string, Record<string, Operation>>
  tags: { name: string }[]
  components: { schemas: Record<string, Schema>; parameters?: Record<string, Parameter> }
}

const operationsOf = ({ paths }: Contract): Operation[] =>
  Object.values(paths).flatMap((item) => Object.values(item))
const markedIn = ({ properties = {} }: Schema): string | undefined =>
  Object.entries(properties)
    .map(([name, { xml }]) => xml?.name ?? name)
    .find((name) => /^mark/i.test(name))

/** What a person does; each edit takes its subject by a number. */
type Edit = readonly [
  (
    | 'rename-schema'
    | 'exchange-schemas'
    | 'describe'
    | 'rename-member'
    | 'rename-parameter'
    | 'share-parameter'
    | 'rename-operation'
    | 'move-operation'
    | 'rename-tag'
  ),
  number,
]

function applyEdit(contract: Contract, [kind, at]: Edit): void {
  const { schemas } = contract.components
  const marked = Object.keys(schemas).filter((name) => markedIn(schemas[name] ?? {}) !== undefined)
  const operations = operationsOf(contract)
  const name = marked[at % marked.length] ?? ''
  const operation = operations[at % operations.length]
  const schema = schemas[name]
  if (!operation || !schema) return
  const rename = (pairs: Readonly<Record<string, string>>): void => {
    const text = JSON.stringify(contract).replace(/"#\/components\/schemas\/(\w+)"/g, (whole, own: string) =>
      pairs[own] === undefined ? whole : `"#/components/schemas/${pairs[own]}"`,
    )
    Object.assign(contract, JSON.parse(text))
    contract.components.schemas = Object.fromEntries(
      Object.entries(contract.components.schemas).map(([own, value]) => [pairs[own] ?? own, value]),
    )
  }
  switch (kind) {
    case 'rename-schema':
      if (!schemas[`My${name}`]) rename({ [name]: `My${name}` })
      return
    case 'exchange-schemas': {
      const other = marked[(at + 1) % marked.length] ?? name
      if (other !== name) rename({ [name]: other, [other]: name })
      return
    }
    case 'describe':
      schema.description = `about ${memberName(markedIn(schema) ?? '')}`
      operation.description = `about ${operation['x-soap'].operation}`
      for (const [own, member] of Object.entries(schema.properties ?? {}))
        if (/^mark/i.test(member.xml?.name ?? own))
          member.description = `member ${memberName(member.xml?.name ?? own)}`
      for (const parameter of operation.parameters ?? [])
        if (parameter.in === 'query') parameter.description = `fills ${targetOf(operation, parameter)}`
      return
    case 'rename-member': {
      const own = Object.keys(schema.properties ?? {}).find((each) => each.startsWith('mark'))
      const member = schema.properties?.[own ?? '']
      if (own === undefined || !member || !schema.properties) return
      const xmlName = own.replace(/^mark(\w)/, (_, letter: string) => `Mark${letter}`)
      Reflect.deleteProperty(schema.properties, own)
      schema.properties.text = { ...member, xml: { name: xmlName } }
      schema.required = (schema.required ?? []).map((each) => (each === own ? 'text' : each))
      return
    }
    case 'rename-parameter': {
      const parameter = operation.parameters?.find((each) => each.in === 'query' && each.name === 'limit')
      if (!parameter) return
      // A name that another parameter of the WSDL may come to have.
      parameter.name = 'page'
      operation['x-soap'].request = { ...operation['x-soap'].request, Limit: '$request.query.page' }
      return
    }
    case 'share-parameter': {
      const index = operation.parameters?.findIndex((each) => each.in === 'query') ?? -1
      const parameter = operation.parameters?.[index]
      if (!parameter || !operation.parameters) return
      const shared = `p${operation.operationId}`
      contract.components.parameters = { ...contract.components.parameters, [shared]: parameter }
      operation.parameters[index] = { $ref: `#/components/parameters/${shared}` } as Parameter
      return
    }
    case 'rename-operation':
      operation.operationId = `my${operation['x-soap'].operation}`
      return
    case 'move-operation': {
      const path = Object.keys(contract.paths).find((each) =>
        Object.values(contract.paths[each] ?? {}).includes(operation),
      )
      const item = contract.paths[path ?? '']
      if (path === undefined || !item || path.startsWith('/mine')) return
      Reflect.deleteProperty(contract.paths, path)
      contract.paths[`/mine${path}`] = item
      return
    }
    case 'rename-tag': {
      const [tag = ''] = operation.tags
      if (tag.startsWith('My ')) return
      for (const each of operations) each.tags = each.tags.map((own) => (own === tag ? `My ${tag}` : own))
      for (const each of contract.tags) if (each.name === tag) each.name = `My ${tag}`
    }
  }
}

function targetOf({ 'x-soap': { request = {} } }: Operation, parameter: Parameter): string {
  const source = `$request.${parameter.in}.${parameter.name}`
  return memberName(Object.entries(request).find(([, value]) => value === source)?.[0] ?? parameter.name)
}

/** What stands where it does not belong. */
function misplaced(contract: Contract): string[] {
  const found: string[] = []
  for (const [name, schema] of Object.entries(contract.components.schemas)) {
    const { description = '', properties = {} } = schema
    if (description.startsWith('about ') && description !== `about ${memberName(markedIn(schema) ?? '')}`)
      found.push(`${name}: ${description}`)
    for (const [own, member] of Object.entries(properties)) {
      const said = member.description?.startsWith('member ')
        ? member.description.slice('member '.length)
        : undefined
      if (said !== undefined && said !== memberName(member.xml?.name ?? own))
        found.push(`${name}/${own}: ${said}`)
    }
  }
  for (const operation of operationsOf(contract)) {
    const { description, parameters = [], 'x-soap': annotation } = operation
    if (description.startsWith('about ') && description !== `about ${annotation.operation}`)
      found.push(`${annotation.operation}: ${description}`)
    for (const given of parameters) {
      const parameter = contract.components.parameters?.[given.$ref?.split('/').at(-1) ?? ''] ?? given
      const said = parameter.description?.startsWith('fills ')
        ? parameter.description.slice('fills '.length)
        : undefined
      if (said !== undefined && said !== targetOf(operation, parameter))
        found.push(`${annotation.operation}: ${said}`)
    }
  }
  return found
}

const notes = (text: string): string[] =>
  [...text.matchAll(/(?:about|member|fills) \w+/g)].map(([note]) => note).sort()

function errorsIn(contract: OpenApiObject, baseDir: string): string[] {
  try {
    void compileContract({ contract, baseDir, env: {} }).close()
    return []
  } catch (error) {
    if (error instanceof ContractError) return error.diagnostics.map(formatDiagnostic)
    throw error
  }
}

const typeModel = fc.constantFrom(...all)
const edits = fc.array(
  fc.tuple(
    fc.constantFrom<Edit[0]>(
      ...(['rename-schema', 'exchange-schemas', 'describe', 'rename-member', 'rename-parameter'] as const),
      ...([
        'share-parameter',
        'rename-operation',
        'move-operation',
        'rename-tag',
        'describe',
        'describe',
      ] as const),
    ),
    fc.nat(20),
  ),
  { minLength: 1, maxLength: 10 },
)
const operationNames = ['ListAlphas', 'ListBetas', 'ListGammas', 'ListDeltas', 'ListOmegas']
const growth = fc.record({
  types: fc.tuple(typeModel, typeModel, typeModel, typeModel, typeModel),
  first: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1, maxLength: 3 }),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 }),
  more: fc.boolean(),
  grown: fc.boolean(),
  edits,
})

it('keeps what a person renamed or described with what it stands for', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(growth, async ({ types, first, order, more, grown, edits: wanted }) => {
      const operation = (isMore: boolean) => (index: number) => ({
        name: operationNames[index] ?? '',
        type: types[index] ?? all[0] ?? { namespace: 'a', name: 'Account' },
        more: isMore,
      })
      const { directory, file } = writeWsdl(wsdlOf({ operations: first.map(operation(false)), grown: false }))
      const options = { baseDir: directory }
      const record = await importWsdl(file, options)
      const contract = structuredClone(record.document) as unknown as Contract
      for (const edit of wanted) applyEdit(contract, edit)
      expect(errorsIn(contract as unknown as OpenApiObject, directory)).toEqual([])
      const mine = stringify(contract, { lineWidth: 0, aliasDuplicateObjects: false })
      writeFileSync(file, wsdlOf({ operations: order.map(operation(more)), grown }))
      const merged = await mergeWsdl([file], mine, record, options)
      const now = parse(merged.text) as Contract
      expect(misplaced(now)).toEqual([])
      expect(notes(merged.text)).toEqual(notes(mine))
      expect(errorsIn(now as unknown as OpenApiObject, directory)).toEqual([])
      expect(new Set(operationsOf(now).map((each) => each['x-soap'].operation))).toEqual(
        new Set(operationNames),
      )
      const again = await mergeWsdl([file], merged.text, merged.imported, options)
      expect(again.text).toBe(merged.text)
      rmSync(directory, { recursive: true })
    }),
    { numRuns: 60 },
  )
})
