import type { Diagnostics } from '../../../base/diagnostic/diagnostic.js'
import type { ElementDeclaration } from '../../../xsd/model/model.js'
import { elementsWithin } from '../../../xsd/model/type-walk.js'
import type { BackendMapping, OperationMapping } from '../mapping.js'

/**
 * Reports elements that a backend's `encryption` names and that no message of its operations has: what is misspelt would go
 * out in the clear.
 */
export function checkEncryptedElements(
  backends: readonly BackendMapping[],
  operations: readonly OperationMapping[],
  diagnostics: Diagnostics,
): void {
  for (const backend of backends) {
    const { elements = [], contents = [] } = backend.security?.encryption ?? {}
    const messages = operations.filter((each) => each.backend === backend).map(({ soap }) => soap.input.body)
    const named = [
      ...elements.map((path) => ({ path, key: 'elements' })),
      ...contents.map((path) => ({ path, key: 'contents' })),
    ]
    for (const { path, key } of named) {
      if (messages.some((body) => leadsOn(body, path))) continue
      diagnostics.error(
        'wss-policy',
        `No request to ${backend.name} has the element ${path.join('/')}, which encryption.${key} names from a child of the soap:Body on.`,
        backend.at,
      )
    }
  }
}

function leadsOn(elements: readonly ElementDeclaration[], path: readonly string[]): boolean {
  const [name, ...rest] = path
  return elements.some(
    (element) => element.name.localName === name && (rest.length === 0 || leadsOn(childrenOf(element), rest)),
  )
}

function childrenOf({ type }: ElementDeclaration): readonly ElementDeclaration[] {
  return type.kind === 'complexType' && type.content.kind === 'elements'
    ? elementsWithin(type.content.particle)
    : []
}
