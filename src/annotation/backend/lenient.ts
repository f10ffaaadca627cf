import { type LenientKind, lenientKinds } from '../../base/lenient-kind.js'
import type { AnnotationReader } from '../reader/reader.js'

/** @param reader of a backend's entry @returns undefined where it forgives nothing */
export function readLenient(reader: AnnotationReader): ReadonlySet<LenientKind> | undefined {
  if (typeof reader.value.lenient === 'boolean') {
    return reader.flag('lenient') ? new Set(lenientKinds) : undefined
  }
  const words = reader.texts('lenient')
  if (!words) return undefined
  const kinds = lenientKinds.filter((kind) => words.includes(kind))
  const unknown = words.find((word) => !lenientKinds.some((kind) => kind === word))
  if (unknown !== undefined) {
    reader.diagnostics.error(
      'annotation-invalid',
      `lenient is true or a list of ${lenientKinds.join(', ')}; ${unknown} is none of them.`,
      reader.at('lenient'),
    )
  }
  return kinds.length === 0 ? undefined : new Set(kinds)
}
