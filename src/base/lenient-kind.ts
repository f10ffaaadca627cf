/** What a backend may be forgiven, as docs/soap.md, "Leniency" gives it. */
export const lenientKinds = [
  'unknownElements',
  'unknownAttributes',
  'nilAttributes',
  'order',
  'exponents',
  'specialNumbers',
  'absentTypes',
  'absentWrapper',
  'references',
  'envelope',
  'encoding',
] as const

export type LenientKind = (typeof lenientKinds)[number]
