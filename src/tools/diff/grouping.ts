import { type ContentNode, type Group, localName, slotsOf } from './content-tree.js'
import type { Difference } from './difference.js'

type Places = Pick<Difference, 'old' | 'new'>

/**
 * Compares how the elements that both have stand together: their order, and the groups that they are in.
 *
 * @param isExplained whether the occurrences of single elements differ, which those of groups then need not tell again
 */
export function compareGroups(
  old: ContentNode | undefined,
  next: ContentNode | undefined,
  types: Places,
  { isExplained }: { readonly isExplained: boolean },
): readonly Difference[] {
  if (!old || !next) return []
  if (shape(old) === shape(next)) return isExplained ? [] : compareOccurrences(old, next, types)
  const at = { step: '', ...types }
  const was = `it was ${write(old)}, it is ${write(next)}`
  if (shape(old, 'unordered') === shape(next, 'unordered')) {
    const effect = isFreer(next, old) ? 'widened' : isFreer(old, next) ? 'narrowed' : 'changed'
    return [{ ...at, effect, aspect: 'wire', what: `the order of its elements changed: ${was}` }]
  }
  return [
    { ...at, effect: 'changed', aspect: 'shape', what: `its elements stand together otherwise: ${was}` },
  ]
}

/** Whether a model is the other with some sequences made `all`, which allows any order. */
function isFreer(all: ContentNode, sequence: ContentNode): boolean {
  return count(all, 'all') > count(sequence, 'all')
}

function count(node: ContentNode, kind: Group['kind']): number {
  if (node.kind === 'leaf') return 0
  return node.nodes.reduce((sum, inner) => sum + count(inner, kind), node.kind === kind ? 1 : 0)
}

/** Equal for models of the same shape, whatever their occurrences: branches of a choice have no order. */
function shape(node: ContentNode, order: 'ordered' | 'unordered' = 'ordered'): string {
  if (node.kind === 'leaf') return node.key
  const kind = order === 'unordered' && node.kind === 'all' ? 'sequence' : node.kind
  const inner = node.nodes.map((each) => shape(each, order))
  if (kind !== 'sequence' || order === 'unordered') inner.sort()
  return `${kind}(${inner.join(' ')})`
}

function compareOccurrences(old: ContentNode, next: ContentNode, types: Places): readonly Difference[] {
  if (old.kind === 'leaf' || next.kind === 'leaf') return []
  const found: Difference[] = []
  const [mins, maxs] = [next.minOccurs - old.minOccurs, difference(next.maxOccurs, old.maxOccurs)]
  if (mins !== 0 || maxs !== 0) {
    const isWider = mins <= 0 && maxs >= 0
    const isNarrower = mins >= 0 && maxs <= 0
    const names = [...slotsOf(next).values()].map(({ term }) => localName(term)).join(', ')
    found.push({
      step: '',
      effect: isWider ? 'widened' : isNarrower ? 'narrowed' : 'changed',
      aspect: mins === 0 ? 'maximum' : 'minimum',
      what: `the ${next.kind} of ${names} occurs ${range(next)}, it was ${range(old)}`,
      old: types.old,
      new: next.at,
    })
  }
  const inner = (node: Group): readonly ContentNode[] =>
    node.kind === 'sequence' ? node.nodes : [...node.nodes].sort((a, b) => (shape(a) < shape(b) ? -1 : 1))
  const others = inner(next)
  for (const [index, node] of inner(old).entries()) {
    const other = others[index]
    if (other) found.push(...compareOccurrences(node, other, types))
  }
  return found
}

/** Infinity less Infinity is nothing. */
function difference(a: number, b: number): number {
  return a === b ? 0 : a - b
}

function range({ minOccurs, maxOccurs }: Group): string {
  const most = maxOccurs === Infinity ? 'unbounded' : String(maxOccurs)
  return minOccurs === maxOccurs ? most : `${minOccurs} to ${most}`
}

/** A model for people: `(A, (B | C)?)`. */
function write(node: ContentNode): string {
  const { minOccurs, maxOccurs } = node
  const mark =
    maxOccurs === 1 ? (minOccurs === 0 ? '?' : '') : maxOccurs === Infinity ? (minOccurs === 0 ? '*' : '+') : `{${minOccurs},${maxOccurs}}` // prettier-ignore
  if (node.kind === 'leaf') return `${localName(node.term)}${mark}`
  const between = { sequence: ', ', choice: ' | ', all: ' & ' }[node.kind]
  return `(${node.nodes.map(write).join(between)})${mark}`
}
