/** Parts of XML Schema and a WSDL of wrapped document/literal, for contracts that benchmarks write themselves. */

export const optional = ' minOccurs="0"'
export const many = ' minOccurs="0" maxOccurs="unbounded"'

/** @param rest further attributes, each with a space before it */
export const element = (name, type, rest = '') => `<xs:element name="${name}" type="${type}"${rest}/>`

export const sequence = (...content) => `<xs:sequence>${content.join('')}</xs:sequence>`

export const enumeration = (name, values) =>
  `<xs:simpleType name="${name}"><xs:restriction base="xs:string">` +
  values.map((value) => `<xs:enumeration value="${value}"/>`).join('') +
  '</xs:restriction></xs:simpleType>'

/** The element that the body of a message is. */
export const wrapper = (name, ...content) =>
  `<xs:element name="${name}"><xs:complexType>${sequence(...content)}</xs:complexType></xs:element>`

/**
 * A WSDL of one service.
 *
 * @param name of the port type; the service, the binding and the address are called after it
 * @param prefix of `namespace` in `components`
 * @param operations their names; the wrappers of each are called as it is, and with `Response` behind that
 * @param components all that stands in the schema
 */
export function documentLiteralWsdl({ name, namespace, prefix, operations, components }) {
  const message = (name, part) =>
    `<wsdl:message name="${name}"><wsdl:part name="parameters" element="${prefix}:${part}"/></wsdl:message>`
  const messages = operations.map(
    (each) => message(`${each}In`, each) + message(`${each}Out`, `${each}Response`),
  )
  const abstract = operations.map(
    (each) =>
      `<wsdl:operation name="${each}"><wsdl:input message="${prefix}:${each}In"/>` +
      `<wsdl:output message="${prefix}:${each}Out"/></wsdl:operation>`,
  )
  const bound = operations.map(
    (each) =>
      `<wsdl:operation name="${each}"><soap:operation soapAction="${namespace}/${each}"/>` +
      '<wsdl:input><soap:body use="literal"/></wsdl:input>' +
      '<wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>',
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:${prefix}="${namespace}" targetNamespace="${namespace}">
<wsdl:types><xs:schema targetNamespace="${namespace}" elementFormDefault="qualified">
${components.join('\n')}
</xs:schema></wsdl:types>
${messages.join('\n')}
<wsdl:portType name="${name}">${abstract.join('\n')}</wsdl:portType>
<wsdl:binding name="${name}Soap" type="${prefix}:${name}">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${bound.join('\n')}
</wsdl:binding>
<wsdl:service name="${name}"><wsdl:port name="${name}Soap" binding="${prefix}:${name}Soap">
<soap:address location="http://127.0.0.1:9/${name.toLowerCase()}"/></wsdl:port></wsdl:service>
</wsdl:definitions>
`
}
