import { XSD } from '../../base/namespaces.js'

/** What may stand by itself in a message. A .NET DataSet is sent behind its schema: `<xs:element ref="xs:schema"/>`. */
const elements = [
  ...['schema', 'element', 'attribute', 'complexType', 'simpleType', 'group', 'attributeGroup', 'notation'],
  ...['annotation', 'import', 'include', 'redefine'],
]

/** The elements of XML Schema itself (Part 1, appendix A), which are XML to whoever carries them. */
export const XML_SCHEMA_SCHEMA = `
<xs:schema xmlns:xs="${XSD}" targetNamespace="${XSD}">
  ${elements.map((name) => `<xs:element name="${name}" type="xs:anyType"/>`).join('\n  ')}
</xs:schema>`
