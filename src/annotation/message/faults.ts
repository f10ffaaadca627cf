import { isObject, type OpenApiObject } from '../../openapi/document.js'
import { flawOf } from '../../openapi/judgement/patterns.js'
import { join } from '../../openapi/pointer.js'
import { compilePattern } from '../../pattern/pattern.js'
import type { FaultCondition, TextTest } from '../../soap/fault-condition.js'
import type { FaultPath, NameTest } from '../../soap/fault-content.js'
import { AnnotationReader, optional } from '../reader/reader.js'

/** A fault that no WSDL declares, told by what it says: docs/annotation.md, "Undeclared faults". */
export interface MappedFaultAnnotation {
  readonly name: string
  readonly when: FaultCondition
  readonly status: number
  readonly title?: string
  readonly values: readonly MappedFaultValue[]
  readonly pointer: string
}

export interface MappedFaultValue {
  /** Member of `fault` in the problem. */
  readonly name: string
  readonly path: FaultPath
  readonly pointer: string
}

export interface FaultsAnnotation {
  /** Statuses of declared faults. */
  readonly declared: Readonly<Record<string, number>>
  /** In the order in which they are tried. */
  readonly mapped: readonly MappedFaultAnnotation[]
}

/** Names become part of a URI, and a label. */
const NAME = /^[A-Za-z_][\w.-]{0,99}$/
const LOWEST = 400
const HIGHEST = 599

/** Reads `faults` of an operation. */
export function readFaults(reader: AnnotationReader): FaultsAnnotation {
  const declared: Record<string, number> = {}
  const mapped: MappedFaultAnnotation[] = []
  const all = reader.object('faults')
  for (const [name, value] of Object.entries(all)) {
    if (isObject(value)) mapped.push(...readMapped(reader, name, value))
    else if (isStatus(value)) declared[name] = value
    else {
      reader.diagnostics.error(
        'annotation-invalid',
        `The fault ${name} must be mapped to a status from ${LOWEST} to ${HIGHEST}, or, where the WSDL does not declare it, by { when: …, status: … }.`,
        reader.document.locate(join(reader.pointer, 'faults', name)),
      )
    }
  }
  return { declared, mapped }
}

/**
 * Reads `faults` of a backend, none of which is a declared one: those belong to operations.
 *
 * @returns undefined where it maps none
 */
export function readSharedFaults(reader: AnnotationReader): readonly MappedFaultAnnotation[] | undefined {
  const mapped = Object.entries(reader.object('faults')).flatMap(([name, value]) => {
    if (isObject(value)) return readMapped(reader, name, value)
    reader.diagnostics.error(
      'annotation-invalid',
      `The fault ${name} of all operations needs { when: …, status: … }; a declared fault is mapped in the x-soap of its operation.`,
      reader.document.locate(join(reader.pointer, 'faults', name)),
    )
    return []
  })
  return mapped.length === 0 ? undefined : mapped
}

function isStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= LOWEST && value <= HIGHEST
}

function readMapped(outer: AnnotationReader, name: string, value: OpenApiObject): MappedFaultAnnotation[] {
  const reader = new AnnotationReader(outer.context, value, join(outer.pointer, 'faults', name))
  const { diagnostics, pointer } = reader
  const given = reader.nested('when')
  const when = given && readCondition(given)
  const status = reader.natural('status')
  const title = reader.text('title')
  const values = Object.entries(reader.object('values')).flatMap(([member, path]) =>
    readValue(reader, member, path),
  )
  reader.end()
  if (value.when === undefined) {
    diagnostics.error(
      'annotation-invalid',
      `The fault ${name} needs when: what it is told by.`,
      reader.at('when'),
    )
  }
  if (!isStatus(value.status)) {
    const message = `status of the fault ${name} must be from ${LOWEST} to ${HIGHEST}.`
    if (status !== undefined || value.status === undefined)
      diagnostics.error('annotation-invalid', message, reader.at('status'))
    return []
  }
  if (!NAME.test(name)) {
    const message = `The fault ${name} needs a name of letters, digits, _, - and ., at most 100, that begins with a letter.`
    diagnostics.error('annotation-invalid', message, reader.document.locate(pointer))
    return []
  }
  return when ? [{ name, when, status: value.status, ...optional('title', title), values, pointer }] : []
}

function readCondition(reader: AnnotationReader): FaultCondition | undefined {
  const before = reader.diagnostics.list.length
  const condition = {
    ...optional('code', readName(reader, 'code')),
    ...optional('text', readPattern(reader)),
    ...optional('detail', readName(reader, 'detail')),
    ...optional('type', readName(reader, 'type')),
  }
  reader.end()
  if (Object.keys(condition).length > 0) return condition
  if (reader.diagnostics.list.length === before) {
    reader.diagnostics.error(
      'annotation-invalid',
      'when needs at least one of code, text, detail and type: else any fault would be this one.',
      reader.document.locate(reader.pointer),
    )
  }
  return undefined
}

function readName(reader: AnnotationReader, key: string): NameTest | undefined {
  const written = reader.text(key)
  const name = written === undefined ? undefined : nameIn(written)
  if (written !== undefined && !name) {
    reader.diagnostics.error(
      'annotation-invalid',
      `${key} is a local name, as NotFound, or one in its namespace, as {urn:shop}NotFound; a prefix says nothing here.`,
      reader.at(key),
    )
  }
  return name
}

/** A colon would be a prefix, which says nothing without its declaration. */
function nameIn(written: string): NameTest | undefined {
  const [, braces, namespace = '', localName = ''] = /^(\{([^{}]*)\})?([^{}:/@*]+)$/.exec(written) ?? []
  if (localName.trim() !== localName || localName === '') return undefined
  return { namespace: braces === undefined ? undefined : namespace, localName }
}

function readPattern(reader: AnnotationReader): TextTest | undefined {
  const source = reader.text('text')
  if (source === undefined) return undefined
  const flaw = flawOf(source)
  if (!flaw) return { source, test: compilePattern(source).test }
  reader.diagnostics.error(flaw.code, flaw.message, reader.at('text'))
  return undefined
}

function readValue(reader: AnnotationReader, name: string, written: unknown): MappedFaultValue[] {
  const pointer = join(reader.pointer, 'values', name)
  const path = typeof written === 'string' ? pathIn(written) : undefined
  if (path) return [{ name, path, pointer }]
  reader.diagnostics.error(
    'annotation-invalid',
    `The value ${name} needs a path into the detail, as NotFound/id, NotFound/@id or text(), or code or text of the fault.`,
    reader.document.locate(pointer),
  )
  return []
}

/** Steps are names, with braces around a namespace, in which a slash is none between steps. */
function pathIn(written: string): FaultPath | undefined {
  if (written === 'code' || written === 'text') return { kind: written }
  const steps = written.match(/(?:\{[^{}]*\}|[^/{}])+/g) ?? []
  const whole = steps.join('/')
  if (whole !== written && `/${whole}` !== written) return undefined
  const last = steps.at(-1)
  const isText = last === 'text()'
  const attribute = last?.startsWith('@') ? nameIn(last.slice(1)) : undefined
  if (last?.startsWith('@') && !attribute) return undefined
  const names = (isText || attribute ? steps.slice(0, -1) : steps).map((step) =>
    step === '*' ? { namespace: undefined, localName: step } : nameIn(step),
  )
  const known = names.filter((name) => name !== undefined)
  if (known.length < names.length || (known.length === 0 && !isText && !attribute)) return undefined
  return { kind: 'detail', steps: known, attribute }
}
