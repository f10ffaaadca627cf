import { pairLines } from './line-diff.js'

/**
 * Brings the difference of two texts into a third, which says the same as the first in other manners: lines that do not
 * differ stay as the third has them.
 */
export function patched(before: string, after: string, written: string): string | undefined {
  const [old, now, own] = [before, after, written].map((text) => text.split('\n'))
  if (!old || !now || !own) return undefined
  const toNow = pairLines(old, now)
  const toOwn = pairLines(old.map(bare), own.map(bare))
  if (!toNow || !toOwn) return undefined
  const lines: string[] = []
  let from = { old: 0, now: 0, own: 0 }
  const take = (to: typeof from): void => {
    const isSame =
      toNow.slice(from.old, to.old).every((place) => place >= 0) && to.now - from.now === to.old - from.old
    lines.push(...(isSame ? own.slice(from.own, to.own) : now.slice(from.now, to.now)))
  }
  for (let line = 0; line < old.length; line++) {
    const to = { old: line, now: toNow[line] ?? -1, own: toOwn[line] ?? -1 }
    if (to.now < 0 || to.own < 0) continue
    take(to)
    lines.push(own[to.own] ?? '')
    from = { old: to.old + 1, now: to.now + 1, own: to.own + 1 }
  }
  take({ old: old.length, now: now.length, own: own.length })
  return lines.join('\n')
}

/** A line without what manners change: space and quotes. */
function bare(line: string): string {
  return line.replace(/[\s'"]/g, '')
}
