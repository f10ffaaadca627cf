import { XmlDocument, XsdValidator } from 'libxml2-wasm'

/** Judges lexical forms by libxml2: whether an element of the simple type that `content` defines may hold a text. */
export function libxml2Judge(content: string): (lexical: string) => boolean {
  const xsd = XmlDocument.fromString(
    `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="v"><xs:simpleType>${content}</xs:simpleType></xs:element></xs:schema>`,
  )
  const validator = XsdValidator.fromDoc(xsd)
  return (lexical) => {
    const escaped = lexical.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    const document = XmlDocument.fromString(`<v>${escaped}</v>`)
    try {
      validator.validate(document)
      return true
    } catch {
      return false
    } finally {
      document.dispose()
    }
  }
}
