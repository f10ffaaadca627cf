/** An exact amount in hundredths of its currency. */
export interface Money {
  readonly cents: bigint
  readonly currency: string
}

/**
 * @param lexical an `xs:decimal`
 * @returns hundredths, or `undefined` where there is no number or a digit past the second decimal
 */
export function parseCents(lexical: string): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d{0,2})0*)?$/.exec(lexical)
  const [, sign = '', whole = '', fraction = ''] = match ?? []
  if (!match || whole + fraction === '') return undefined
  const cents = BigInt(whole + fraction.padEnd(2, '0'))
  return sign === '-' ? -cents : cents
}

/** Writes hundredths as an `xs:decimal` with two decimals. */
export function formatCents(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0')
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
