/**
 * The known name that a mistaken one most likely stands for: the nearest in edits, letter case aside, where at most a
 * third of its letters differ.
 *
 * @param most edits, where fewer than a third of the letters are to count
 * @returns nothing where none is near, or where two are equally near
 */
export function nearest(wrong: string, known: Iterable<string>, most = Infinity): string | undefined {
  const limit = Math.min(most, Math.max(1, Math.floor(wrong.length / 3)))
  let best: { readonly name: string; readonly distance: number } | undefined
  let isTied = false
  const lower = wrong.toLowerCase()
  for (const name of new Set(known)) {
    if (Math.abs(name.length - wrong.length) > limit) continue
    const other = name.toLowerCase()
    if (fewestEdits(lower, other) > limit) continue
    const distance = edits(lower, other)
    if (distance > limit || (best && distance > best.distance)) continue
    isTied = distance === best?.distance
    best = { name, distance }
  }
  return isTied ? undefined : best?.name
}

/** ` Did you mean X?`, to be put behind a message; nothing where no known name is near. */
export function didYouMean(wrong: string, known: Iterable<string>, most = Infinity): string {
  const name = nearest(wrong, known, most)
  return name === undefined ? '' : ` Did you mean ${name}?`
}

const LETTERS = 128

/** No fewer edits lie between two texts than one has letters that the other lacks; counted in far less time than edits are. */
function fewestEdits(a: string, b: string): number {
  const more = new Int32Array(LETTERS)
  for (let i = 0; i < a.length; i++) add(more, a.charCodeAt(i), 1)
  for (let i = 0; i < b.length; i++) add(more, b.charCodeAt(i), -1)
  let inA = 0
  let inB = 0
  for (const count of more) {
    if (count > 0) inA += count
    else inB -= count
  }
  return Math.max(inA, inB)
}

/** Letters that share a count make fewer edits of it, never more. */
function add(counts: Int32Array, letter: number, by: number): void {
  const index = letter % LETTERS
  counts[index] = (counts[index] ?? 0) + by
}

/** Insertions, deletions, replacements and swaps of neighbours between two texts (optimal string alignment). */
function edits(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      let least = Math.min(at(previous, j) + 1, at(row, j - 1) + 1, at(previous, j - 1) + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, at(before, j - 2) + 1)
      }
      row.push(least)
    }
    before = previous
    previous = row
  }
  return at(previous, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity
}
