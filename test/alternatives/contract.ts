import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wsdlText } from '../tools/import/wsdl-text.js'

const element = (name: string, type = 'string', occurs = ''): string =>
  `<xs:element name="${name}" type="xs:${type}" ${occurs}/>`
const output = '<xs:element name="Design" type="t:Design" minOccurs="0" maxOccurs="unbounded"/>'

/** Four operations that give designs, each by another filter. */
export const wsdl = wsdlText(
  [
    { name: 'ListDesigns', input: element('Limit', 'int', 'minOccurs="0"'), output },
    {
      name: 'GetDesignsByState',
      input: element('State') + element('Limit', 'int', 'minOccurs="0"'),
      output,
      faults: ['UnknownState', 'Denied'],
    },
    {
      name: 'GetDesignsByDesigner',
      input:
        `<xs:element name="Designer"><xs:complexType><xs:sequence>${element('Id', 'long')}</xs:sequence></xs:complexType></xs:element>` +
        element('IncludeRetired', 'boolean', 'minOccurs="0"') +
        element('Limit', 'int', 'minOccurs="0"'),
      output,
      faults: ['Denied'],
    },
    {
      name: 'GetDesignsByPeriod',
      input: element('From', 'date') + element('To', 'date') + element('Limit', 'int', 'minOccurs="0"'),
      output,
    },
    { name: 'GetDesignNames', input: element('State'), output: element('Name', 'string', 'maxOccurs="9"') },
    { name: 'TouchDesigns', input: element('State') },
  ],
  `<xs:complexType name="Design"><xs:sequence>${element('Id')}${element('State')}</xs:sequence></xs:complexType>`,
)

export const openapi = `openapi: 3.1.0
info: { title: Designs, version: '1' }
servers: [{ url: /v1 }]
x-soap-backends:
  designs: { wsdl: designs.wsdl, endpoint: '\${DESIGNS_URL:-http://localhost:1/}' }
paths:
  /designs:
    get:
      operationId: listDesigns
      security: []
      parameters:
        - { name: state, in: query, schema: { type: string } }
        - { name: designerId, in: query, schema: { type: integer } }
        - { name: includeRetired, in: query, schema: { type: boolean } }
        - { name: from, in: query, schema: { type: string, format: date } }
        - { name: to, in: query, schema: { type: string, format: date } }
        - { name: limit, in: query, schema: { type: integer, default: 10 } }
      x-soap:
        response: /Design
        faults: { UnknownState: 404, Denied: 403 }
        oneOf:
          - operation: ListDesigns
          - when: [state]
            operation: GetDesignsByState
          - when: [designerId]
            optional: [includeRetired]
            operation: GetDesignsByDesigner
            request: { Designer/Id: $request.query.designerId }
          - when: [from, to]
            operation: GetDesignsByPeriod
      responses:
        '200':
          description: ok
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Design' } } } }
        '403': { description: denied }
        '404': { description: no such state }
components:
  schemas:
    Design:
      type: object
      required: [id, state]
      properties: { id: { type: string }, state: { type: string } }
`

/** @returns the path of the OpenAPI document */
export function writeContract(document = openapi, definitions = wsdl): string {
  const directory = mkdtempSync(join(tmpdir(), 'alternatives-'))
  writeFileSync(join(directory, 'designs.wsdl'), definitions)
  writeFileSync(join(directory, 'openapi.yaml'), document)
  return join(directory, 'openapi.yaml')
}
