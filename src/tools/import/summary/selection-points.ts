import type { Port } from '../../../wsdl/model.js'
import { selectedBy } from '../../../wsdl/selected-elements.js'
import type { PolicyPoint } from './policy-points.js'

/** What a person must know of elements that policies select by XPath. */
export function selectionPoints({ demands, binding }: Port): readonly PolicyPoint[] {
  return demands.flatMap(({ assertion, within, at, selections = [], isOptional }): PolicyPoint[] => {
    if (isOptional) return []
    const point = { kind: 'detail', assertion, within, standing: 'by-hand', at } as const
    const found = selections.map(({ xpath, path }) => ({
      xpath,
      selected: path && selectedBy(path, binding),
    }))
    const unknown = found.filter(({ selected }) => !selected).map(({ xpath }) => xpath)
    const paths = found.flatMap(({ selected }) => (selected?.kind === 'elements' ? selected.paths : []))
    const points: PolicyPoint[] = []
    if (unknown.length > 0) {
      const what = assertion === 'SignedElements' ? 'signed' : 'encrypted'
      const key =
        assertion === 'SignedElements'
          ? 'signature.parts'
          : assertion === 'EncryptedElements'
            ? 'encryption.elements'
            : 'encryption.contents'
      const words = `${what} elements by XPath that is not understood, or leads to no declared element (${unknown.join(', ')}): say what they are in security.${key}`
      points.push({ ...point, words })
    }
    if (assertion === 'SignedElements' && paths.length > 0) {
      const words = `signed elements of the body (${paths.join(', ')}): the body is signed whole, which covers them; a backend that wants a reference to each refuses that`
      points.push({ ...point, words })
    }
    return points
  })
}
