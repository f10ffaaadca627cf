/** The words of a name: `HTTPStatusCode` has HTTP, Status and Code, `post_code` post and code, `accountIDs` account and Ids. */
export function wordsOf(name: string): string[] {
  return name
    .replace(
      /(?<!\p{Lu})(\p{Lu})(\p{Lu}+)s(?!\p{Ll})/gu,
      (_, first: string, rest: string) => `${first}${rest.toLowerCase()}s`,
    )
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, ' ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

const ONE_WORD = /^[A-Za-z][a-z]*$/

/**
 * The JSON name of an XML name: lowerCamelCase, acronyms as words, separators dropped.
 * `AccountID` → `accountId`, `IBAN` → `iban`, `HTTPStatus` → `httpStatus`, `post_code` → `postCode`.
 */
export function memberName(xmlName: string): string {
  if (ONE_WORD.test(xmlName)) return xmlName.toLowerCase()
  const camel = wordsOf(xmlName)
    .map((word, index) => {
      const lower = word.toLowerCase()
      return index === 0 ? lower : lower.charAt(0).toUpperCase() + lower.slice(1)
    })
    .join('')
  return camel === '' ? xmlName : camel
}

/** The name of a component schema for an XSD type or element: `MortgageLoanType` → `MortgageLoan`. */
export function schemaName(xmlName: string): string {
  const camel = memberName(xmlName.replace(/(?<=.)(?:_?(?<![A-Z])Type|_type)$/, ''))
  return camel.charAt(0).toUpperCase() + camel.slice(1)
}
