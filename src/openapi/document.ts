import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Document, LineCounter, Node } from 'yaml'
import type { Diagnostics, SourceLocation } from '../base/diagnostic/diagnostic.js'
import { didYouMean, nearest } from '../base/diagnostic/did-you-mean.js'
import { cycleIn } from './judgement/cycle.js'
import { dialectFindings, keywordVisitor } from './judgement/keywords.js'
import { patternVisitor, type UnusablePattern } from './judgement/patterns.js'
import { isIdentified, makePlain, plainReferences } from './judgement/plain-references.js'
import { changesTo31 } from './judgement/version.js'
import { isObject, type OpenApiObject } from './object.js'
import { join, pointerIn, steps, valueAt } from './pointer.js'
import { eachSchema, type SchemaVisitor } from './schema-places.js'
import { yamlLibrary } from './yaml/library.js'
import { yamlMistakes } from './yaml/mistakes.js'
import { MAX_DEPTH, plainYaml } from './yaml/parse.js'
import { plainJson } from './yaml/plain-json.js'

export { isObject, type OpenApiObject }

/** A value of the document, with its JSON pointer after references were followed. */
export interface Located {
  readonly value: unknown
  readonly pointer: string
}

const MAX_REFERENCES = 32

/** The syntax tree of a document, with the lines that its offsets lie in. */
interface Source {
  readonly document: Document
  readonly lines: LineCounter
}

/** An OpenAPI 3.1 document that knows where each of its values was written. */
export class OpenApiDocument {
  #source: Source | undefined
  readonly #read: (() => Source) | undefined
  /** The same for all forms of a document. */
  readonly identity: object
  /** What references lead to: most are followed more than once. */
  readonly #targets = new Map<string, Located>()

  constructor(
    readonly file: string,
    readonly root: OpenApiObject,
    /** Reads the text with positions, which is done once, when somebody asks for one. */
    read?: () => Source,
    /** That of the document that this one is another form of. */
    identity: object = {},
  ) {
    this.#read = read
    this.identity = identity
  }

  /** Whether it was read from a file, whose patterns were judged then. */
  get isFile(): boolean {
    return this.#read !== undefined
  }

  /** The document in another form, whose values were written where those of this one were. */
  as(root: OpenApiObject): OpenApiDocument {
    return new OpenApiDocument(this.file, root, this.#read, this.identity)
  }

  /** The value at a pointer, references followed. */
  at(pointer: string): Located | undefined {
    const value = valueAt(this.root, pointer)
    return value === undefined ? undefined : this.follow({ value, pointer })
  }

  /** A member of a located object, references followed. */
  member(of: Located, ...names: readonly (string | number)[]): Located | undefined {
    let located: Located | undefined = of
    for (const name of names) {
      const value = located && memberOf(located.value, name)
      if (located === undefined || value === undefined) return undefined
      located = this.follow({ value, pointer: join(located.pointer, name) })
    }
    return located
  }

  /** Follows `$ref` while the value is nothing but a reference; undefined where one leads nowhere. */
  follow(located: Located): Located | undefined {
    let current: Located = located
    for (let hops = 0; hops < MAX_REFERENCES; hops++) {
      const reference = referenceOf(current.value)
      if (reference === undefined) return current
      const target = this.#target(reference)
      if (target === undefined) return undefined
      current = target
    }
    return undefined
  }

  #target(reference: string): Located | undefined {
    const known = this.#targets.get(reference)
    if (known) return known
    const value = reference.startsWith('#') ? valueAt(this.root, reference) : undefined
    if (value === undefined) return undefined
    const target = { value, pointer: pointerIn(reference) }
    this.#targets.set(reference, target)
    return target
  }

  /** Where a pointer was written: its key, or the nearest ancestor that the file has. Found when it is looked at. */
  locate(pointer: string): SourceLocation {
    if (this.#read === undefined) return { file: this.file, line: 1 }
    const find = () => this.#find(pointer)
    let found: { readonly line: number; readonly col: number } | undefined
    return {
      file: this.file,
      get line() {
        return (found ??= find()).line
      },
      get column() {
        return (found ??= find()).col
      },
    }
  }

  #find(pointer: string): { readonly line: number; readonly col: number } {
    this.#source ??= this.#read?.()
    if (this.#source === undefined) return { line: 1, col: 1 }
    const { document, lines } = this.#source
    const { isMap, isPair, isScalar, isSeq } = yamlLibrary()
    let node: unknown = document.contents
    let range = document.contents?.range
    for (const step of steps(pointer)) {
      if (isMap(node)) {
        const pair = node.items.find(
          (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === step,
        )
        if (pair === undefined) break
        range = (pair.key as Node).range ?? range
        node = pair.value
      } else if (isSeq(node)) {
        const item = node.items[Number(step)] as Node | undefined
        if (item === undefined) break
        range = item.range ?? range
        node = item
      } else break
    }
    return lines.linePos(range?.[0] ?? 0)
  }
}

function memberOf(value: unknown, name: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string | number, unknown>)[name]
}

function referenceOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined
  const reference = value.$ref
  return typeof reference === 'string' ? reference : undefined
}

/**
 * Reads an OpenAPI document from YAML or JSON.
 *
 * @param path the file to read
 * @param file the name that diagnostics give it
 * @param options `isJudged` where this very document was found to be in order before: what is only looked for is left out
 * @returns undefined where it cannot be read at all; the diagnostics say why
 */
export function loadOpenApi(
  path: string,
  file: string,
  diagnostics: Diagnostics,
  { isJudged = false }: { readonly isJudged?: boolean } = {},
): OpenApiDocument | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    diagnostics.error('contract-unreadable', unreadable(path), { file, line: 1 })
    return undefined
  }
  const plain = plainJson(text, { isJudged }) ?? plainYaml(text)
  if (plain && 'tooDeepAt' in plain) {
    const message = `The document nests objects and lists deeper than ${MAX_DEPTH}; put parts of it under components.`
    diagnostics.error('contract-syntax', message, { file, ...plain.tooDeepAt })
    return undefined
  }
  if (plain) {
    const read = documentOf(plain.value, file, () => parsed(text))
    return isJudged ? withPlainReferences(read) : checkedFile(read, diagnostics)
  }
  const source = parsed(text)
  const { document, lines } = source
  const mistakes = yamlMistakes(text, document, lines)
  const place = ({ line, col }: { readonly line: number; readonly col: number }): SourceLocation => ({
    ...{ file, line, column: col },
  })
  for (const { message, at, related } of mistakes) {
    const others = related.map((other) => ({ message: other.message, at: place(other.at) }))
    diagnostics.error('contract-syntax', message, place(at), others.length > 0 ? others : undefined)
  }
  if (mistakes.length > 0) return undefined
  let root: unknown
  try {
    root = document.toJS({ maxAliasCount: 100 })
  } catch {
    diagnostics.error('contract-syntax', 'The aliases of the document expand to too much.', { file, line: 1 })
    return undefined
  }
  const read = documentOf(root, file, () => source)
  return isAcyclic(read, diagnostics) ? checkedFile(read, diagnostics) : undefined
}

function documentOf(root: unknown, file: string, read: () => Source): OpenApiDocument {
  return new OpenApiDocument(file, isObject(root) ? root : {}, read)
}

/** Why a contract cannot be read, and what may have been meant. */
function unreadable(path: string): string {
  const folder = dirname(path)
  if (existsSync(path)) return 'The OpenAPI document cannot be read: is it a file, and may this user read it?'
  if (!existsSync(folder)) return `There is no such OpenAPI document, nor the folder ${folder}.`
  const found = readdirSync(folder).filter((name) => /\.(?:ya?ml|json)$/i.test(name))
  return `There is no such OpenAPI document.${didYouMean(basename(path), found)} soapstone import makes one from a WSDL.`
}

/** Keys that stand twice are looked for elsewhere: the parser would take long in large objects. */
function parsed(text: string): Source {
  const { LineCounter, parseDocument } = yamlLibrary()
  const lines = new LineCounter()
  return { document: parseDocument(text, { lineCounter: lines, uniqueKeys: false, version: '1.2' }), lines }
}

/** Takes a document that is already an object: made by `importWsdl`, or by the caller. */
export function openApiFromObject(
  root: OpenApiObject,
  file: string,
  diagnostics: Diagnostics,
): OpenApiDocument | undefined {
  const document = new OpenApiDocument(file, root)
  return isAcyclic(document, diagnostics) ? checked(document, diagnostics) : undefined
}

/** Reports a value that contains itself, as an alias within its anchor does, or an object whose references are resolved. */
function isAcyclic(document: OpenApiDocument, diagnostics: Diagnostics): boolean {
  const pointer = cycleIn(document.root)
  if (pointer === undefined) return true
  const message = `The value at ${pointer} contains itself: refer to it by $ref.`
  diagnostics.error('contract-syntax', message, document.locate(pointer))
  return false
}

/** Patterns here, where it is known in which lines they stand; of other documents they are judged when they are served. */
function checkedFile(document: OpenApiDocument, diagnostics: Diagnostics): OpenApiDocument | undefined {
  const patterns: UnusablePattern[] = []
  const valid = checked(document, diagnostics, [patternVisitor(patterns)])
  for (const { pointer, code, message } of patterns)
    diagnostics.error(code, message, document.locate(pointer))
  return valid
}

/** @param visitors what else visits all schemas, which are walked through once */
function checked(
  document: OpenApiDocument,
  diagnostics: Diagnostics,
  visitors: readonly SchemaVisitor[] = [],
): OpenApiDocument | undefined {
  const changes = changesTo31(document.root)
  for (const { pointer, message } of changes) {
    diagnostics.error('contract-version', message, document.locate(pointer))
  }
  if (changes.length > 0) return undefined
  const keywords = [...dialectFindings(document.root)]
  let named = 0
  const all: readonly SchemaVisitor[] = [keywordVisitor(keywords), ...visitors]
  eachSchema(document.root, (schema, pointerOf) => {
    for (const visit of all) visit(schema, pointerOf)
    if (isIdentified(schema)) named++
  })
  for (const { severity, code, pointer, message } of keywords) {
    diagnostics[severity](code, message, document.locate(pointer))
  }
  const { root, unclear } = named > 0 ? makePlain(document.root) : { root: document.root, unclear: [] }
  for (const { pointer, code, message } of unclear) diagnostics.error(code, message, document.locate(pointer))
  const plain = root === document.root ? document : document.as(root)
  checkReferences(plain, diagnostics)
  return plain
}

function withPlainReferences(document: OpenApiDocument): OpenApiDocument {
  const { root } = plainReferences(document.root)
  return root === document.root ? document : document.as(root)
}

/** A value of the document, and the way to it: a pointer is made of it only for those who ask. */
interface Place {
  readonly value: object
  readonly name: string
  readonly holder: Place | undefined
}

function pointerTo({ name, holder }: Place): string {
  return holder === undefined ? '' : join(pointerTo(holder), name)
}

function checkReferences(document: OpenApiDocument, diagnostics: Diagnostics): void {
  const leading = new Set<string>()
  const leads = (reference: string): boolean => {
    if (leading.has(reference)) return true
    const isFollowed = document.follow({ value: { $ref: reference }, pointer: '' }) !== undefined
    if (isFollowed) leading.add(reference)
    return isFollowed
  }
  const pending: Place[] = [{ value: document.root, name: '', holder: undefined }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value } = next
    const reference = referenceOf(value)
    if (reference !== undefined && !leads(reference)) {
      const reason = reference.startsWith('#')
        ? `leads nowhere${missingStep(document.root, reference)}`
        : 'leaves the document; put what it names under components'
      diagnostics.error(
        'contract-reference',
        `The reference ${reference} ${reason}${reason.includes('did you mean') ? '?' : '.'}`,
        document.locate(join(pointerTo(next), '$ref')),
      )
    }
    for (const name of Object.keys(value)) {
      const member = (value as Record<string, unknown>)[name]
      if (typeof member !== 'object' || member === null || isExample(name, next)) continue
      pending.push({ value: member, name, holder: next })
    }
  }
}

/** Which step of a reference is the first that is not there, and what it may have been meant to be. */
function missingStep(root: OpenApiObject, reference: string): string {
  let value: unknown = root
  let reached = '#'
  for (const step of steps(reference)) {
    const next = memberOf(value, step)
    if (next === undefined) {
      const known = typeof value === 'object' && value !== null ? Object.keys(value) : []
      const meant = nearest(step, known)
      const has = `${reached} has no ${step}`
      return meant === undefined ? `: ${has}` : `: ${has}; did you mean ${join(reached, meant)}`
    }
    value = next
    reached = join(reached, step)
  }
  return ''
}

/** What these hold is found by names, which may be any. */
const NAMED = new Set(['properties', 'patternProperties', 'schemas', '$defs'])

/** Examples are data and may hold anything; a schema or a property may have the name all the same. */
function isExample(name: string, { name: holder }: Place): boolean {
  return (name === 'example' || name === 'examples') && !NAMED.has(holder)
}
