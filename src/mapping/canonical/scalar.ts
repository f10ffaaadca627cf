import { SPECIAL_NUMBERS } from '../../json/special-number.js'
import type { SimpleType } from '../../xsd/model/model.js'
import { compileFacets } from '../../xsd/values/facets.js'
import { losesForm } from './lossy-form.js'
import type { ScalarForm, ScalarMapping } from './value-mapping.js'

const integers = new Set(
  (
    'integer nonPositiveInteger negativeInteger long int short byte nonNegativeInteger unsignedLong ' +
    'unsignedInt unsignedShort unsignedByte positiveInteger'
  ).split(' '),
)

const known = new WeakMap<SimpleType, ScalarMapping>()

/** The canonical form of a simple type. */
export function scalar(type: SimpleType): ScalarMapping {
  const before = known.get(type)
  if (before) return before
  const mapping = build(type)
  known.set(type, mapping)
  return mapping
}

function build(type: SimpleType): ScalarMapping {
  if (type.variety === 'list' && type.itemType) {
    const item = scalar(type.itemType)
    if (losesForm(type, item.form)) return { kind: 'scalar', type, form: 'string' }
    return { kind: 'scalar', type, form: 'list', item }
  }
  const wanted = atomicForm(type)
  const form = losesForm(type, wanted) ? 'string' : wanted
  const specials = form === 'number' ? specialNumbers(type) : []
  return { kind: 'scalar', type, form, ...(specials.length > 0 && { specials }) }
}

function atomicForm({ variety, builtIn }: SimpleType): ScalarForm {
  if (variety !== 'atomic') return 'string'
  if (builtIn === 'boolean') return 'boolean'
  return isNumeric(builtIn) ? 'number' : 'string'
}

/** Whether values are numbers of JSON, unless their form matters: all but decimals, whose digits are kept as a text. */
export function isNumeric(builtIn: SimpleType['builtIn']): boolean {
  return integers.has(builtIn) || isFloating(builtIn)
}

export function isFloating(builtIn: SimpleType['builtIn']): boolean {
  return builtIn === 'float' || builtIn === 'double'
}

/** Those that the type allows: bounds leave some out. */
export function specialNumbers(type: SimpleType): readonly string[] {
  if (!isFloating(type.builtIn) || type.variety !== 'atomic') return []
  const broken = compileFacets(type)
  return SPECIAL_NUMBERS.filter((special) => broken(special) === undefined)
}
