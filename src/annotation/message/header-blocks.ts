import { join } from '../../openapi/pointer.js'
import type { AnnotationReader } from '../reader/reader.js'
import { callUse, readSource, type SourceEntry, stepsOf } from '../sources/source.js'

/** The name of a header block; without a namespace, any element of that local name. */
export interface BlockName {
  readonly namespace: string | undefined
  readonly localName: string
}

/** An entry of `headers`, in a backend, its session or an operation. */
export interface HeaderEntry {
  readonly target: string
  readonly block: BlockName
  readonly pointer: string
  readonly given: GivenToBlock
}

export type GivenToBlock =
  /** The path starts in the block. */
  | { readonly kind: 'source'; readonly entry: SourceEntry }
  /** SOAP 1.1, 4.2.3; SOAP 1.2 Part 1, 5.2.3. */
  | { readonly kind: 'must-understand'; readonly value: boolean }
  /** An URI; SOAP 1.1, 4.2.2 has it as `actor`. SOAP 1.2 Part 1, 5.2.2. */
  | { readonly kind: 'role'; readonly role: string }

const MARK_PREFIX = '@soap:'

/** Reads a map `headers`; the entries that are none are reported and left out. */
export function readHeaderBlocks(reader: AnnotationReader): readonly HeaderEntry[] {
  return Object.entries(reader.object('headers')).flatMap(([target, value]) => {
    const pointer = join(reader.pointer, 'headers', target)
    const { block, path } = parseTarget(target)
    const mark = path[0]?.startsWith(MARK_PREFIX) ? path[0].slice(MARK_PREFIX.length) : undefined
    const given =
      mark === undefined
        ? sourceOf(reader, { target, path, value, pointer })
        : markOf(reader, { mark, target, value, pointer })
    return given ? [{ target, block, pointer, given }] : []
  })
}

function sourceOf(
  reader: AnnotationReader,
  {
    target,
    path,
    value,
    pointer,
  }: Pick<SourceEntry, 'target' | 'path' | 'pointer'> & { readonly value: unknown },
): GivenToBlock | undefined {
  const source = readSource(reader, { name: target, value, pointer }, callUse)
  return source && { kind: 'source', entry: { ...source, target, path } }
}

function markOf(
  { document, diagnostics }: AnnotationReader,
  {
    mark,
    target,
    value,
    pointer,
  }: { readonly mark: string; readonly target: string; readonly value: unknown; readonly pointer: string },
): GivenToBlock | undefined {
  if (mark === 'mustUnderstand' && typeof value === 'boolean') return { kind: 'must-understand', value }
  if (mark === 'role' && typeof value === 'string' && /^[^\s"<&]+$/.test(value)) {
    return { kind: 'role', role: value }
  }
  const message = `${target} must be @soap:mustUnderstand: true or @soap:role: URI.`
  diagnostics.error('request-source', message, document.locate(pointer))
  return undefined
}

/** `Name/Child/@attribute`, or `{namespace}Name/…`. */
function parseTarget(target: string): { readonly block: BlockName; readonly path: readonly string[] } {
  const [, namespace, rest = ''] = /^(?:\{([^{}]*)\})?(.*)$/s.exec(target) ?? []
  const [localName = '', ...path] = stepsOf(rest)
  return { block: { namespace, localName }, path }
}
