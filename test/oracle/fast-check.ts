import * as fastCheck from 'fast-check'

export * from 'fast-check'

const { PROPERTY_SEED, PROPERTY_RUNS } = process.env
const seed = wholeNumber('PROPERTY_SEED', PROPERTY_SEED)
const numRuns = wholeNumber('PROPERTY_RUNS', PROPERTY_RUNS)

/** What the variables ask for: it goes before what a test gives, which configureGlobal does not. */
const asked = { ...(seed !== undefined && { seed }), ...(numRuns !== undefined && { numRuns }) }

fastCheck.configureGlobal({ seed: 20_261_129, ...asked })

/** assert of fast-check, with the seed and the number of runs that the variables ask for. */
export function assert<T>(
  property: fastCheck.IAsyncProperty<T>,
  parameters?: fastCheck.Parameters<T>,
): Promise<void>
export function assert<T>(property: fastCheck.IProperty<T>, parameters?: fastCheck.Parameters<T>): void
export function assert<T>(
  property: fastCheck.IRawProperty<T>,
  parameters?: fastCheck.Parameters<T>,
): Promise<void> | void {
  return fastCheck.assert(property, { ...parameters, ...asked })
}

/** A number that is mistyped would have fast-check try nothing, and every property hold. */
function wholeNumber(variable: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`${variable} is a whole number from 1 on, not "${value}".`)
  return Number(value)
}
