import type { AnnotationReader } from '../reader/reader.js'

const keys = ['depth', 'attributes', 'nameLength', 'prefixes', 'attachments'] as const

/** What one response may hold, as docs/soap.md, "Limits of a response" gives it. */
export type LimitsAnnotation = Readonly<Partial<Record<(typeof keys)[number], number>>>

/** @param reader of `limits` of a backend's entry */
export function readLimits(reader: AnnotationReader | undefined): LimitsAnnotation | undefined {
  if (!reader) return undefined
  const limits = Object.fromEntries(
    keys.flatMap((key) => {
      const value = reader.positive(key)
      return value === undefined ? [] : [[key, value] as const]
    }),
  )
  reader.end()
  return limits
}
