import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject } from '../../openapi/document.js'
import type { FetchedFile } from './fetch.js'

const RECORD = 'fetched.json'

/** What a file was when it was fetched, so that a person's edits are told from those of its author. */
interface FetchRecord {
  readonly url: string
  /** Hexadecimal, of the bytes. */
  readonly sha256: string
}

export interface Kept {
  /** Names of files that are new or were replaced; the others are as they were. */
  readonly written: readonly string[]
  /** Names of files that were edited since; with any, nothing is written. */
  readonly edited: readonly string[]
}

/**
 * Writes files into a folder, which is made, with a record of what they were.
 *
 * @param force whether files that somebody has edited are replaced
 */
export function keepFiles(
  folder: string,
  files: readonly FetchedFile[],
  { force }: { readonly force: boolean },
): Kept {
  const record = readRecord(folder)
  const changed = files.filter(({ name, text }) => textOf(folder, name) !== text)
  const edited = changed.filter(({ name }) => {
    const text = textOf(folder, name)
    return text !== undefined && digest(text) !== record?.get(name)?.sha256
  })
  const inTheWay = [...edited.map(({ name }) => name), ...(record ? [] : [RECORD])]
  if (inTheWay.length > 0 && !force) return { written: [], edited: inTheWay }
  mkdirSync(folder, { recursive: true })
  for (const { name, text } of changed) writeFileSync(join(folder, name), text)
  const kept = record ?? new Map<string, FetchRecord>()
  for (const { name, url, text } of files) kept.set(name, { url, sha256: digest(text) })
  const written = `${JSON.stringify(Object.fromEntries([...kept].sort(byName)), undefined, 2)}\n`
  if (textOf(folder, RECORD) !== written) writeFileSync(join(folder, RECORD), written)
  return { written: changed.map(({ name }) => name), edited: [] }
}

function textOf(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** @returns undefined where the file of that name is not a record, but something of somebody else's */
function readRecord(folder: string): Map<string, FetchRecord> | undefined {
  try {
    const value: unknown = JSON.parse(textOf(folder, RECORD) ?? '{}')
    if (!isObject(value) || !Object.values(value).every(isRecord)) return undefined
    return new Map(Object.entries(value as Record<string, FetchRecord>))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isRecord(value: unknown): value is FetchRecord {
  return isObject(value) && typeof value.url === 'string' && typeof value.sha256 === 'string'
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
