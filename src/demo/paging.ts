import type { Message } from './message.js'

export interface Paging {
  readonly maxRows: number
  readonly startAfter?: string | undefined
}

export interface Page<T> {
  readonly items: readonly T[]
  /** `null` on the last page. */
  readonly nextCursor: string | null
}

const DEFAULT_ROWS = 50

/** Reads an element with MaxRows and StartAfter. */
export function readPaging(input: Message): Paging {
  return {
    maxRows: Number(input.optional('MaxRows') ?? DEFAULT_ROWS),
    startAfter: input.optional('StartAfter'),
  }
}

/**
 * Cuts a page out of a list; what is added at its front later does not move the pages.
 *
 * @param keyOf what names a row for ever
 * @returns `undefined` where the cursor names no row
 */
export function pageOf<T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  paging: Paging,
): Page<T> | undefined {
  let start = 0
  if (paging.startAfter !== undefined) {
    const key = Buffer.from(paging.startAfter, 'base64url').toString()
    start = rows.findIndex((row) => keyOf(row) === key) + 1
    if (start === 0) return undefined
  }
  const items = rows.slice(start, start + paging.maxRows)
  const last = items.at(-1)
  const more = last !== undefined && start + items.length < rows.length
  return { items, nextCursor: more ? Buffer.from(keyOf(last)).toString('base64url') : null }
}
