import type { AddressingPolicy } from '../../soap/addressing.js'
import { type AnnotationReader, optional } from '../reader/reader.js'

/** Reads `addressing` of a backend; `true` is a map with nothing but defaults. */
export function readAddressing(reader: AnnotationReader): AddressingPolicy | undefined {
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
