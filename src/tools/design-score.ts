import { basename, dirname } from 'node:path'
import { isObject, type OpenApiObject } from '../openapi/document.js'
import { contractRoot } from '../wsdl/contract-root.js'
import { loadWsdl } from '../wsdl/load.js'
import { droppedInputs } from './dropped-inputs.js'
import { type OperationName, readOperationName } from './import/grammar/operation-name.js'
import { namingStyle } from './import/grammar/service-style.js'
import { importWsdl } from './import/import.js'
import type { ImportSummary } from './import/summary/summary.js'
import { isNoBeginning, isNoNoun } from './import/words/non-nouns.js'
import { singularOf } from './import/words/nouns.js'

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

/** How good the design of imported documents is, counted; see docs/import.md. */
export interface DesignScore {
  readonly wsdls: number
  readonly operations: number
  readonly methods: Readonly<Record<(typeof METHODS)[number], number>>
  /** Paths that are the name of an operation with its verb, by itself or behind the name of a service. */
  readonly rpc: number
  /** Paths with a collection whose name begins or ends with a word that is not a noun. */
  readonly noNouns: number
  /** Paths with one word in two of their segments. */
  readonly twice: number
  /** Operations without a description of their own. */
  readonly undescribed: number
  /** Members of inputs that no request can fill. */
  readonly dropped: number
  /** Reads whose input is a body. */
  readonly bodiesOfReads: number
  readonly tags: number
  /** Creations that say where what is new can be read, of all that are 201. */
  readonly locations: number
  readonly created: number
}

export const noScore: DesignScore = {
  wsdls: 0,
  operations: 0,
  methods: { get: 0, post: 0, put: 0, patch: 0, delete: 0 },
  ...{
    rpc: 0,
    noNouns: 0,
    twice: 0,
    undescribed: 0,
    dropped: 0,
    bodiesOfReads: 0,
    tags: 0,
    locations: 0,
    created: 0,
  },
}

/**
 * Judges one document that import has made.
 *
 * @param dropped members of inputs that no request can fill
 */
export function scoreDesign(
  document: OpenApiObject,
  { operations }: ImportSummary,
  dropped: readonly string[],
): DesignScore {
  const paths = isObject(document.paths) ? document.paths : {}
  const styles = new Map(
    operations.map(({ backend }) => [
      backend,
      namingStyle(operations.filter((each) => each.backend === backend).map(({ operation }) => operation)),
    ]),
  )
  const found = operations.flatMap(({ method, path, operation, backend }) => {
    const item = paths[path]
    const own = isObject(item) ? item[method] : undefined
    const name = readOperationName(operation, styles.get(backend))
    return isObject(own) ? [{ method, path, name, own }] : []
  })
  const count = (is: (each: (typeof found)[number]) => boolean): number => found.filter(is).length
  const isCreated = ({ own }: (typeof found)[number]): boolean => createdIn(own) !== undefined
  return {
    wsdls: 1,
    operations: found.length,
    methods: Object.fromEntries(
      METHODS.map((method) => [method, count((each) => each.method === method)]),
    ) as Record<(typeof METHODS)[number], number>,
    rpc: count(isRpc),
    noNouns: count(({ path }) => collectionsIn(path).some(isNoCollection)),
    twice: count(({ path }) => hasWordTwice(path)),
    undescribed: count(
      ({ own }) => typeof own.description !== 'string' || own.description.startsWith('Calls `'),
    ),
    dropped: dropped.length,
    bodiesOfReads: count(({ name, own }) => isRead(name) && own.requestBody !== undefined),
    tags: Array.isArray(document.tags) ? document.tags.length : 0,
    locations: count(({ own }) => isObject(createdIn(own)?.headers)),
    created: count(isCreated),
  }
}

function createdIn({ responses }: OpenApiObject): OpenApiObject | undefined {
  const created = isObject(responses) ? responses['201'] : undefined
  return isObject(created) ? created : undefined
}

function isRead({ intent }: OperationName): boolean {
  return intent === 'read' || intent === 'search'
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '')
}

interface Judged {
  readonly method: string
  readonly path: string
  readonly name: OperationName
}

/** `/service/get-account-by-iban`, `POST /send-mail` for `SendMail`: what `GET /domain-name` does for `GetDomainName` has no verb. */
function isRpc({ method, path, name: { words, phrase, verb } }: Judged): boolean {
  const segments = segmentsOf(path)
  const last = (segments.at(-1) ?? '').replace(/-\d+$/, '')
  if (segments.length > 2) return false
  if (segments.length === 2) return last === words.join('-')
  if (method === 'post') return last === words.join('-') || last === phrase.join('-')
  const [first = ''] = verb?.split('-') ?? []
  return words.length > 1 && words.includes(first) && last === words.join('-')
}

/** What stands first, or before a parameter: the name of many of a kind. */
function collectionsIn(path: string): string[] {
  const segments = segmentsOf(path)
  return segments.filter(
    (segment, index) => !segment.startsWith('{') && (index === 0 || segments[index + 1]?.startsWith('{')),
  )
}

function isNoCollection(segment: string): boolean {
  const words = segment.split('-')
  const last = words.at(-1) ?? ''
  return isNoBeginning(words[0] ?? '') || isNoNoun(last) || isNoNoun(singularOf(last))
}

function hasWordTwice(path: string): boolean {
  const seen = new Set<string>()
  return segmentsOf(path)
    .filter((segment) => !segment.startsWith('{'))
    .some((segment) => {
      const words = new Set(segment.split('-').map(singularOf))
      const isTwice = [...words].some((word) => seen.has(word))
      for (const word of words) seen.add(word)
      return isTwice
    })
}

export function addScores(a: DesignScore, b: DesignScore): DesignScore {
  const sum = (key: keyof Omit<DesignScore, 'methods'>): number => a[key] + b[key]
  return {
    wsdls: sum('wsdls'),
    operations: sum('operations'),
    methods: Object.fromEntries(
      METHODS.map((method) => [method, a.methods[method] + b.methods[method]]),
    ) as DesignScore['methods'],
    rpc: sum('rpc'),
    noNouns: sum('noNouns'),
    twice: sum('twice'),
    undescribed: sum('undescribed'),
    dropped: sum('dropped'),
    bodiesOfReads: sum('bodiesOfReads'),
    tags: sum('tags'),
    locations: sum('locations'),
    created: sum('created'),
  }
}

/** The cells of a table: counts, and shares of all operations. */
export function scoreCells(score: DesignScore): readonly string[] {
  const share = (value: number): string =>
    score.operations === 0 ? '–' : `${Math.round((100 * value) / score.operations)} %`
  return [
    String(score.wsdls),
    String(score.operations),
    ...METHODS.map((method) => share(score.methods[method])),
    ...[score.rpc, score.noNouns, score.twice, score.undescribed].map(share),
    String(score.dropped),
    share(score.bodiesOfReads),
    String(score.tags),
    `${score.locations}/${score.created}`,
  ]
}

export const scoreHead = [
  ...['WSDLs', 'operations', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'RPC-like', 'no nouns', 'words twice'],
  ...['undescribed', 'dropped', 'bodies of reads', 'tags', 'locations'],
] as const

/** Designs every WSDL below a folder and judges what it has made: a score by file, without those that cannot be imported. */
export async function scoreFiles(files: readonly string[]): Promise<ReadonlyMap<string, DesignScore>> {
  const scores = new Map<string, DesignScore>()
  for (const file of files) {
    const baseDir = dirname(file)
    const { document, summary } = await importWsdl(basename(file), { baseDir })
    const { wsdl } = loadWsdl(file, { root: contractRoot(file) })
    if (summary.operations.length === 0 || !wsdl) continue
    scores.set(file, scoreDesign(document, summary, droppedInputs(document, summary.operations, wsdl)))
  }
  return scores
}
