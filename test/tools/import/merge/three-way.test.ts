import { describe, expect, it } from 'vitest'
import { applyEdits } from '../../../../src/tools/import/merge/edit.js'
import { emptyMerge, mergeMembers, type MergeNotes } from '../../../../src/tools/import/merge/three-way.js'

type Row = readonly [
  what: string,
  base: object,
  mine: object,
  theirs: object,
  merged: object,
  notes: Partial<MergeNotes>,
]

const none: MergeNotes = { added: [], changed: [], removed: [], conflicts: [] }
const parameter = (name: string, rest: object = {}): object => ({ name, in: 'query', ...rest })

describe('mergeMembers', () => {
  it.each<Row>([
    ['nothing changed', { a: 1 }, { a: 1 }, { a: 1 }, { a: 1 }, {}],
    ['the person changed', { a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }, {}],
    ['the person removed', { a: 1 }, {}, { a: 1 }, {}, {}],
    ['the person added', {}, { a: 1 }, {}, { a: 1 }, {}],
    [
      'the order of members is not a change',
      { a: { b: 1, c: 2 } },
      { a: { c: 2, b: 1 } },
      { a: { b: 1, c: 2 } },
      { a: { c: 2, b: 1 } },
      {},
    ],
    ['the WSDL added', {}, { z: 1 }, { a: 1 }, { z: 1, a: 1 }, { added: ['a'] }],
    ['the WSDL changed', { a: 1 }, { a: 1 }, { a: 2 }, { a: 2 }, { changed: ['a: 1 → 2'] }],
    ['the WSDL removed', { a: 1 }, { a: 1 }, {}, {}, { removed: ['a'] }],
    ['both did the same', { a: 1 }, { a: 2 }, { a: 2 }, { a: 2 }, {}],
    [
      'both changed',
      { a: 1 },
      { a: 2 },
      { a: 3 },
      { a: 2 },
      { conflicts: ['a: the WSDL says 3 now, you say 2'] },
    ],
    ['both added', {}, { a: 2 }, { a: 3 }, { a: 2 }, { conflicts: ['a: the WSDL says 3 now, you say 2'] }],
    [
      'removed and changed',
      { a: 1 },
      {},
      { a: 3 },
      {},
      { conflicts: ['a: changed in the WSDL, but you have removed it'] },
    ],
    [
      'changed and removed',
      { a: 1 },
      { a: 2 },
      {},
      { a: 2 },
      { conflicts: ['a: the WSDL has it no more, but you have changed it'] },
    ],
    [
      'required is a set',
      { required: ['a', 'b'] },
      { required: ['x', 'b', 'a'] },
      { required: ['b', 'c'] },
      { required: ['x', 'b', 'c'] },
      { added: ['required: c'], removed: ['required: a'] },
    ],
    [
      'enum is a whole',
      { enum: ['a'] },
      { enum: ['a'] },
      { enum: ['b', 'a'] },
      { enum: ['b', 'a'] },
      { changed: ['enum: ["a"] → ["b","a"]'] },
    ],
    [
      'parameters go by place and name',
      { parameters: [parameter('a'), parameter('b', { required: true })] },
      { parameters: [parameter('b', { required: true }), parameter('a', { description: 'mine' })] },
      { parameters: [parameter('a'), parameter('b'), parameter('c')] },
      { parameters: [parameter('b'), parameter('a', { description: 'mine' }), parameter('c')] },
      { removed: ['parameters/0/required'], added: ['parameters: query c'] },
    ],
    [
      'examples follow in silence',
      { examples: { a: 1 } },
      { examples: { a: 1 } },
      { examples: { a: 2 } },
      { examples: { a: 2 } },
      {},
    ],
  ])('%s', (_what, base, mine, theirs, merged, notes) => {
    const merge = emptyMerge()
    mergeMembers(merge, [], { base, mine, theirs })
    const result = structuredClone(mine)
    applyEdits(result, merge.edits)
    expect(result).toEqual(merged)
    expect(merge.notes).toEqual({ ...none, ...notes })
  })
})
