import type { DiagnosticCode } from '../../base/diagnostic/code.js'
import { join } from '../../openapi/pointer.js'
import { expand } from '../reader/environment.js'
import type { AnnotationReader } from '../reader/reader.js'
import { expressionIn, parseSource, type SourceExpression, sourceHint } from './expression.js'

export type SourceKind = SourceExpression['kind']

/** A source where the annotation has it: parsed, constants with the values of the environment. */
export interface WrittenSource<Kind extends SourceKind = SourceKind> {
  readonly source: Extract<SourceExpression, { readonly kind: Kind }>
  /** As it stands there, for messages. */
  readonly written: string
  readonly pointer: string
}

/** What a key takes. */
export interface SourceUse<Kind extends SourceKind> {
  readonly kinds: readonly Kind[]
  /** Says so. @param name of what the source is for */
  readonly demand: (name: string) => string
  /** Of the finding where it is something else. */
  readonly code: DiagnosticCode
}

const callKinds = ['identity', 'claim', 'session', 'request-id'] as const

/** Whatever is known before the backend is called. */
export type CallKind = 'parameter' | 'body' | 'constant' | (typeof callKinds)[number]

/** What a part of a call may come from. */
export const callUse: SourceUse<CallKind> = {
  kinds: ['parameter', 'body', 'constant', ...callKinds],
  demand: (name) =>
    `${name} needs a source: $request.path.…, $request.query.…, $request.header.…, $request.body#/…, $request.id, $identity.…, $session.token or a constant.`,
  code: 'request-source',
}

/**
 * Parses one source.
 *
 * @param name of what it is for, in messages
 * @param pointer where it stands
 * @returns undefined, with a diagnostic, where it is none, or none that the key takes
 */
export function readSource<Kind extends SourceKind>(
  { document, diagnostics, env }: AnnotationReader,
  { name, value, pointer }: { readonly name: string; readonly value: unknown; readonly pointer: string },
  { kinds, demand, code }: SourceUse<Kind>,
): WrittenSource<Kind> | undefined {
  const at = document.locate(pointer)
  const written = String(value)
  const parsed = parseSource(value)
  const source = parsed && withEnvironment(parsed, (text) => expand(text, env, at, diagnostics))
  if (parsed && !source) return undefined
  if (!source || !isOneOf(source, kinds)) {
    diagnostics.error(code, demand(name) + (source ? '' : sourceHint(value)), at)
    return undefined
  }
  const meant = source.kind === 'constant' ? expressionIn(value) : undefined
  if (meant !== undefined) {
    diagnostics.warning(code, `${name} is sent the text ${written}, as it stands. Did you mean ${meant}?`, at)
  }
  return { source, written, pointer }
}

/** @returns undefined where the environment lacks a value */
function withEnvironment(
  source: SourceExpression,
  expanded: (text: string) => string | undefined,
): SourceExpression | undefined {
  if (source.kind !== 'constant' || typeof source.value !== 'string') return source
  const value = expanded(source.value)
  return value === undefined ? undefined : { kind: 'constant', value }
}

function isOneOf<Kind extends SourceKind>(
  source: SourceExpression,
  kinds: readonly Kind[],
): source is Extract<SourceExpression, { readonly kind: Kind }> {
  return kinds.some((kind) => kind === source.kind)
}

/** An entry of a map from targets to sources. */
export interface SourceEntry extends WrittenSource<CallKind> {
  readonly target: string
  /** The steps of the target. */
  readonly path: readonly string[]
}

/** Reads a map from targets to sources; the entries that are none are reported and left out. */
export function readSources(reader: AnnotationReader, key: string): readonly SourceEntry[] {
  return Object.entries(reader.object(key)).flatMap(([target, value]) => {
    const pointer = join(reader.pointer, key, target)
    const path = stepsOf(target)
    const source = readSource(reader, { name: target, value, pointer }, callUse)
    if (path.length > 0) return source ? [{ ...source, target, path }] : []
    const message = `The target ${target} has no steps; it is a path of element names, such as Paging/MaxRows.`
    reader.diagnostics.error('request-source', message, reader.document.locate(pointer))
    return []
  })
}

/** A path of element names, the last of which may be an attribute, where the annotation has it. */
export interface WrittenPath {
  readonly steps: readonly string[]
  /** As it stands there, for messages. */
  readonly written: string
  readonly pointer: string
}

export function readPath(reader: AnnotationReader, key: string): WrittenPath | undefined {
  const written = reader.text(key)
  return written === undefined
    ? undefined
    : { steps: stepsOf(written), written, pointer: join(reader.pointer, key) }
}

/** The steps of a path, with or without a slash before the first. */
export function stepsOf(path: string): readonly string[] {
  return path.split('/').filter((step) => step !== '')
}
