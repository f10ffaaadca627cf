import { type AnnotationReader, optional } from './annotation-reader.js'

/** `addressing` of a backend, as docs/annotation.md gives it. */
export interface AddressingAnnotation {
  /** By default the endpoint. */
  readonly to?: string
  /** By default the anonymous address. */
  readonly replyTo?: string
  readonly mustUnderstand: boolean
  /** Whether an answer without RelatesTo is refused; one with a wrong RelatesTo always is. */
  readonly relatesTo: 'required' | 'optional'
}

/** `true` is a map with nothing but defaults. */
export function readAddressing(reader: AnnotationReader): AddressingAnnotation | undefined {
  if (reader.value.addressing === true || reader.value.addressing === false) {
    return reader.flag('addressing') === true ? { mustUnderstand: true, relatesTo: 'required' } : undefined
  }
  const own = reader.nested('addressing')
  if (!own) return undefined
  const annotation = {
    ...optional('to', own.expanded('to')),
    ...optional('replyTo', own.expanded('replyTo')),
    mustUnderstand: own.flag('mustUnderstand') ?? true,
    relatesTo: own.word('relatesTo', ['required', 'optional']) ?? 'required',
  }
  own.end()
  return annotation
}
