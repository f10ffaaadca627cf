/** More differences than these are another text. */
const MAX_DIFFERENCES = 4000

/**
 * Pairs equal lines of two texts in order, as many as can be (E. W. Myers, "An O(ND) difference algorithm", 1986).
 *
 * @returns for each line of the first its place in the second, or -1; nothing where too little is equal
 */
export function pairLines(first: readonly string[], second: readonly string[]): Int32Array | undefined {
  const pairs = new Int32Array(first.length).fill(-1)
  let begin = 0
  while (begin < first.length && begin < second.length && first[begin] === second[begin]) {
    pairs[begin] = begin
    begin++
  }
  let end = 0
  const room = Math.min(first.length, second.length) - begin
  while (end < room && first[first.length - 1 - end] === second[second.length - 1 - end]) {
    end++
    pairs[first.length - end] = second.length - end
  }
  const inner = pairInner(first.slice(begin, first.length - end), second.slice(begin, second.length - end))
  if (!inner) return undefined
  for (const [a, b] of inner) pairs[begin + a] = begin + b
  return pairs
}

/** The furthest that one can come on each diagonal with so many differences, then the way back. */
function pairInner(first: readonly string[], second: readonly string[]): [number, number][] | undefined {
  const most = Math.min(first.length + second.length, MAX_DIFFERENCES)
  const reached = new Int32Array(2 * most + 3)
  const at = (k: number): number => reached[k + most + 1] ?? 0
  const trace: Int32Array[] = []
  for (let d = 0; d <= most; d++) {
    trace.push(reached.slice(most + 1 - d - 1, most + 1 + d + 2))
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1
      while (x < first.length && x - k < second.length && first[x] === second[x - k]) x++
      reached[k + most + 1] = x
      if (x >= first.length && x - k >= second.length) return wayBack(trace, first.length, second.length)
    }
  }
  return undefined
}

function wayBack(trace: readonly Int32Array[], lastX: number, lastY: number): [number, number][] {
  const pairs: [number, number][] = []
  let x = lastX
  let y = lastY
  for (let d = trace.length - 1; d >= 0; d--) {
    const before = (k: number): number => trace[d]?.[k + d + 1] ?? 0
    const k = x - y
    const previous = k === -d || (k !== d && before(k - 1) < before(k + 1)) ? k + 1 : k - 1
    const fromX = d === 0 ? 0 : before(previous)
    const fromY = d === 0 ? 0 : fromX - previous
    while (x > fromX && y > fromY) {
      x--
      y--
      pairs.push([x, y])
    }
    x = fromX
    y = fromY
  }
  return pairs
}
