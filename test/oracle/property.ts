import fc from 'fast-check'

/**
 * fast-check as every property test imports it. All runs try the same values, so that a change is judged by what it
 * changes and not by chance; PROPERTY_SEED, a number, tries others, and PROPERTY_RUNS tries more of them.
 */
const { PROPERTY_SEED = '20261129', PROPERTY_RUNS } = process.env
fc.configureGlobal({
  seed: Number(PROPERTY_SEED),
  ...(PROPERTY_RUNS !== undefined && { numRuns: Number(PROPERTY_RUNS) }),
})

export default fc
