import * as fc from './fast-check.js'

/**
 * fast-check as every property test imports it. All runs try the same values, so that a change is judged by what it
 * changes and not by chance; PROPERTY_SEED, a number, tries others, and PROPERTY_RUNS tries so many of them, whatever
 * number a test gives, be it more or fewer.
 */
export default fc
