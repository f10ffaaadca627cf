import { XSI } from '../../base/namespaces.js'
import type { SoapEncoded } from '../../xsd/model/model.js'
import type { ContentMapping, ObjectMapping, ValueMapping } from '../canonical/value-mapping.js'
import type { BodyMapping } from './mapping.js'

/** All namespaces that a message of the mapping may use in names, xsi first. */
export function namespacesOf(
  { wrapper, object }: BodyMapping,
  { complete }: { readonly complete: boolean },
): ReadonlySet<string> {
  const found = new Set<string>([XSI])
  if (wrapper) found.add(wrapper.namespace)
  const seen = new Set<ValueMapping>()
  const values: ValueMapping[] = [object]
  const addContent = (content: ContentMapping | undefined): void => {
    if (content === undefined || content.kind === 'any') return
    if (content.kind === 'element' && content.branches) addContent(content.branches)
    else if (content.kind !== 'element') content.particles.forEach(addContent)
    else if (!content.member.hidden || content.flattened || content.fixed !== undefined || complete) {
      found.add(content.name.namespace)
      if (content.accessor?.type) found.add(content.accessor.type.namespace)
      values.push(content.value)
    }
  }
  const addEncoding = (encoded: SoapEncoded | undefined): void => {
    if (!encoded?.array) return
    found.add(encoded.style)
    found.add(encoded.array.itemType.namespace)
  }
  const addObject = (mapping: ObjectMapping): void => {
    for (const attribute of mapping.attributes) found.add(attribute.name.namespace)
    addContent(mapping.content)
  }
  for (let next = values.pop(); next !== undefined; next = values.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    if (next.kind === 'object' || next.kind === 'array') addEncoding(next.type.encoded)
    if (next.kind === 'object') addObject(next)
    else if (next.kind === 'array') addContent(next.item)
    else if (next.kind === 'polymorphic') {
      for (const { typeName, mapping } of next.alternatives) {
        if (typeName) found.add(typeName.namespace)
        values.push(mapping)
      }
    }
  }
  found.delete('')
  return found
}
