import { readSchemaAnnotation } from '../../annotation/schema/schema.js'
import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { JsonValue } from '../../json/value.js'
import { flawOf } from '../../openapi/judgement/patterns.js'
import type { SchemaView } from '../../openapi/schema-view.js'
import { canonicalOf } from '../../xsd/values/facets.js'
import { hasNames } from '../../xsd/values/qualified-names.js'
import { hasOneSpelling } from '../../xsd/values/value-space.js'
import { CALENDAR_PATTERNS, PROMISED_FORMATS } from '../canonical/calendar-format.js'
import { lexicalOf } from '../canonical/json-value.js'
import { isFloating, isNumeric } from '../canonical/scalar.js'
import type { Narrowing, ScalarForm, ScalarMapping } from '../canonical/value-mapping.js'
import type { Fitting } from './fitting.js'

/** Forms that a contract may choose instead of the canonical one, by JSON type (docs/annotation.md). */
export function fitScalar(
  fitting: Fitting,
  canonical: ScalarMapping,
  view: SchemaView,
  at: SourceLocation,
): ScalarMapping {
  const values = readSchemaAnnotation(view).values
  const form = values ? 'string' : formOf(canonical, view)
  if (form === undefined) {
    fitting.mismatch(view.pointer, wrongType(canonical, view), at)
    return canonical
  }
  const narrowing = beyond({ ...canonical, form }, narrowingOf(fitting, canonical, view))
  const item = form === 'list' ? fitItem(fitting, canonical, view, at) : undefined
  const specials =
    form === 'number' && (view.types.size === 0 || view.types.has('string')) ? canonical.specials : undefined
  const mapping: ScalarMapping = {
    kind: 'scalar',
    type: canonical.type,
    form,
    ...(item && { item }),
    ...(specials && { specials }),
    ...(values && { values }),
    ...(narrowing && { narrowing }),
  }
  checkEnumeration(fitting, mapping, view, at)
  return mapping
}

function fitItem(
  fitting: Fitting,
  { item }: ScalarMapping,
  view: SchemaView,
  at: SourceLocation,
): ScalarMapping | undefined {
  const fitted = item && view.items ? fitting.value(item, view.items, at) : item
  return fitted?.kind === 'scalar' ? fitted : item
}

function wrongType({ type, form }: ScalarMapping, view: SchemaView): string {
  const said = [...view.types].join(', ')
  const named = type.variety === 'list' ? 'the xs:list' : `xs:${type.builtIn}`
  const wanted = form === 'day' ? 'string' : form === 'list' ? 'array' : form
  const isLost = form === 'string' && (type.variety === 'list' || isNumeric(type.builtIn))
  return isLost
    ? `The schema says ${said} for ${named}, whose pattern or enumeration asks for a form that is lost there, as 0042 becomes 42; use ${wanted}.`
    : `The schema says ${said}, which ${named} cannot be; use ${wanted}.`
}

function formOf({ form, type }: ScalarMapping, { types, keywords }: SchemaView): ScalarForm | undefined {
  if (types.size === 0) return form
  if (form === 'list') return types.has('array') ? form : undefined
  if (type.variety === 'list') return types.has('string') ? 'string' : undefined
  if (types.has('number') && form === 'number') return form
  if (types.has('string')) {
    if (form === 'boolean') return undefined
    if (type.builtIn === 'date' && type.variety === 'atomic')
      return keywords.format === 'date' ? 'day' : 'string'
    return 'string'
  }
  if (types.has('boolean')) return form === 'boolean' ? form : undefined
  if (types.has('number')) return type.builtIn === 'decimal' ? 'number' : undefined
  if (!types.has('integer')) return undefined
  if (type.builtIn === 'decimal') return type.facets.fractionDigits === 0 ? 'number' : undefined
  return form === 'number' && !isFloating(type.builtIn) ? form : undefined
}

/** What keywords of the schema may allow less than the type does. */
function narrowingOf(fitting: Fitting, { type }: ScalarMapping, view: SchemaView): Narrowing | undefined {
  const { keywords } = view
  const number = (name: string): number | undefined => {
    const value = keywords[name]
    return typeof value === 'number' ? value : undefined
  }
  const promised = type.variety === 'atomic' ? PROMISED_FORMATS[type.builtIn] : undefined
  const list = keywords.const === undefined ? keywords.enum : [keywords.const]
  const narrowing: Narrowing = {
    enum: Array.isArray(list) ? (list as JsonValue[]) : undefined,
    pattern: patternOf(fitting, view),
    minLength: number('minLength'),
    maxLength: number('maxLength'),
    minimum: number('minimum'),
    maximum: number('maximum'),
    exclusiveMinimum: number('exclusiveMinimum'),
    exclusiveMaximum: number('exclusiveMaximum'),
    format: promised !== undefined && keywords.format === promised ? promised : undefined,
  }
  return narrows(narrowing) ? narrowing : undefined
}

/** What the XSD checks anyway is not checked twice. */
function beyond({ type, form }: ScalarMapping, narrowing: Narrowing | undefined): Narrowing | undefined {
  if (!narrowing || type.variety !== 'atomic') return narrowing
  const { facets, builtIn } = type
  const { pattern, minLength, maxLength } = narrowing
  const listed = new Set(narrowing.enum?.map(String))
  // Where equal values are written in several ways, the contract says which of them are given.
  const isText = form === 'number' || (!hasNames(type) && hasOneSpelling(builtIn))
  const allListed = isText && facets.enumeration?.every(({ value }) => listed.has(value)) === true
  const samePattern =
    pattern === CALENDAR_PATTERNS[builtIn] ||
    facets.patterns.some(
      ({ source, javaScript, published }) =>
        pattern === source ||
        pattern === javaScript ||
        (pattern === published?.javaScript && published?.isNarrower === false),
    )
  const least = facets.length ?? facets.minLength ?? 0
  const most = facets.length ?? facets.maxLength ?? Infinity
  // XSD counts bytes of binary types, JSON Schema characters.
  const counted = builtIn === 'hexBinary' || builtIn === 'base64Binary'
  const rest: Narrowing = {
    ...narrowing,
    enum: allListed ? undefined : narrowing.enum,
    pattern: samePattern ? undefined : pattern,
    minLength: minLength !== undefined && minLength <= least && !counted ? undefined : minLength,
    maxLength: maxLength !== undefined && maxLength >= most && !counted ? undefined : maxLength,
  }
  return narrows(rest) ? rest : undefined
}

function narrows(narrowing: Narrowing): boolean {
  return Object.values(narrowing).some((value) => value !== undefined)
}

function patternOf(fitting: Fitting, { pointer, keywords }: SchemaView): string | undefined {
  const { pattern } = keywords
  if (typeof pattern !== 'string') return undefined
  const flaw = flawOf(pattern)
  if (!flaw) return new RegExp(pattern, 'u').source
  fitting.diagnostics.error(flaw.code, flaw.message, fitting.document.locate(`${pointer}/pattern`))
  return undefined
}

function checkEnumeration(
  fitting: Fitting,
  mapping: ScalarMapping,
  view: SchemaView,
  at: SourceLocation,
): void {
  const { type, values } = mapping
  const { enumeration = [] } = type.facets
  if (enumeration.length === 0) return
  const canonical = canonicalOf(type)
  const inXsd = new Map(enumeration.map(({ value }) => [canonical(value), value]))
  const listed = values ? [...values.values()] : enumerationOf(mapping, view)
  if (!listed) return
  const inContract = new Map(listed.map((value) => [canonical(value), value]))
  const unknown = [...inContract].filter(([value]) => !inXsd.has(value)).map(([, value]) => value)
  if (unknown.length > 0) {
    fitting.mismatch(
      view.pointer,
      `The XSD enumeration has no ${unknown.join(', ')}; it has ${[...inXsd.values()].join(', ')}.`,
      at,
    )
  }
  const missing = [...inXsd].filter(([value]) => !inContract.has(value)).map(([, value]) => value)
  if (fitting.direction === 'response' && missing.length > 0) {
    fitting.diagnostics.warning(
      'enumeration-narrowed',
      `The backend may answer ${missing.join(', ')}, which the schema does not list; such a response becomes a 502.`,
      fitting.document.locate(view.pointer),
      [{ message: 'the XSD declares it here', at }],
    )
  }
}

/** The contract's enumeration in lexical form; what is none of the type is as it is written. */
function enumerationOf(mapping: ScalarMapping, { keywords }: SchemaView): string[] | undefined {
  if (!Array.isArray(keywords.enum)) return undefined
  return (keywords.enum as JsonValue[])
    .filter((value) => value !== null)
    .map((value) => lexicalOf(mapping, value) ?? JSON.stringify(value))
}
