import { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'

xmlRegisterFsInputProviders()

/**
 * What libxml2 finds wrong with the child of a fault's detail.
 *
 * @param schema path of the schema that declares it
 */
export function faultDetailComplaints(schema: string, envelope: string): readonly string[] {
  const document = XmlDocument.fromString(envelope)
  const [child, ...others] = document.find(
    "//*[local-name()='Fault']/*[local-name()='detail' or local-name()='Detail']/*",
  )
  if (!(child instanceof XmlElement) || others.length > 0) return ['not one child of the detail']
  const importing = XmlDocument.fromString(
    `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:import namespace="${child.namespaceUri}" schemaLocation="${schema}"/></xs:schema>`,
  )
  const validator = XsdValidator.fromDoc(importing)
  try {
    validator.validate(child)
    return []
  } catch (error) {
    return [String(error)]
  } finally {
    validator.dispose()
    importing.dispose()
    document.dispose()
  }
}
