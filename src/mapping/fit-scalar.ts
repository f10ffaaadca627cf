import { type SourceLocation } from '../base/diagnostic.js'
import { type JsonValue } from '../json/value.js'
import { isObject } from '../openapi/document.js'
import { flawOf } from '../openapi/patterns.js'
import { type SchemaView } from '../openapi/schema-view.js'
import { type SimpleType } from '../xsd/model.js'
import { type Fitting } from './fitting.js'
import { type Narrowing, type ScalarForm, type ScalarMapping } from './value-mapping.js'

/** Forms that a contract may choose instead of the canonical one, by JSON type (docs/annotation.md). */
export function fitScalar(
  fitting: Fitting,
  canonical: ScalarMapping,
  view: SchemaView,
  at: SourceLocation,
): ScalarMapping {
  const values = valuesOf(view)
  const narrowing = beyond(canonical.type, narrowingOf(fitting, view))
  if (canonical.form === 'list' && canonical.item) {
    if (!fitting.expectType(view, 'array', at, 'the XSD type is a list')) return canonical
    const item = view.items ? fitting.value(canonical.item, view.items, at) : canonical.item
    return { ...canonical, item: item.kind === 'scalar' ? item : canonical.item }
  }
  const form = values ? 'string' : formOf(canonical, view)
  if (form === undefined) {
    const wanted = canonical.form === 'day' ? 'string' : canonical.form
    fitting.mismatch(
      view.pointer,
      `The schema says ${[...view.types].join(', ')}, which xs:${canonical.type.builtIn} cannot be; use ${wanted}.`,
      at,
    )
    return canonical
  }
  checkEnumeration(fitting, canonical, view, values, at)
  return { ...canonical, form, ...(values && { values }), ...(narrowing && { narrowing }) }
}

function formOf(canonical: ScalarMapping, view: SchemaView): ScalarForm | undefined {
  const { types } = view
  const { form, type } = canonical
  if (types.size === 0) return form
  if (types.has('string')) {
    if (form === 'boolean') return undefined
    if (type.builtIn === 'date' && type.variety === 'atomic')
      return view.keywords.format === 'date' ? 'day' : 'string'
    return 'string'
  }
  if (types.has('boolean')) return form === 'boolean' ? form : undefined
  if (types.has('number')) return form === 'number' || type.builtIn === 'decimal' ? 'number' : undefined
  if (!types.has('integer')) return undefined
  if (type.builtIn === 'decimal') return type.facets.fractionDigits === 0 ? 'number' : undefined
  return form === 'number' && type.builtIn !== 'float' && type.builtIn !== 'double' ? form : undefined
}

/** `x-soap: { values: { active: ACT } }`: JSON value to XML value. */
function valuesOf(view: SchemaView): Map<string, string> | undefined {
  const values = view.annotation.values
  if (!isObject(values)) return undefined
  return new Map(Object.entries(values).map(([json, xml]) => [json, String(xml)]))
}

function narrowingOf(fitting: Fitting, view: SchemaView): Narrowing | undefined {
  const { keywords } = view
  const number = (name: string): number | undefined => {
    const value = keywords[name]
    return typeof value === 'number' ? value : undefined
  }
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
  }
  return Object.values(narrowing).some((value) => value !== undefined) ? narrowing : undefined
}

/** What the XSD checks anyway is not checked twice. */
function beyond(
  { facets, variety, builtIn }: SimpleType,
  narrowing: Narrowing | undefined,
): Narrowing | undefined {
  if (!narrowing || variety !== 'atomic') return narrowing
  const { pattern, minLength, maxLength } = narrowing
  const listed = narrowing.enum?.map(String)
  const allListed = facets.enumeration?.every(({ value }) => listed?.includes(value)) === true
  const samePattern = facets.patterns.some(
    ({ source, javaScript }) => pattern === source || pattern === javaScript,
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
  return Object.values(rest).some((value) => value !== undefined) ? rest : undefined
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
  canonical: ScalarMapping,
  view: SchemaView,
  values: ReadonlyMap<string, string> | undefined,
  at: SourceLocation,
): void {
  const inXsd = canonical.type.facets.enumeration?.map((entry) => entry.value)
  if (!inXsd) return
  const listed = view.keywords.enum
  const inContract = values ? [...values.values()] : Array.isArray(listed) ? listed.map(String) : undefined
  if (!inContract) return
  const unknown = inContract.filter((value) => value !== 'null' && !inXsd.includes(value))
  if (unknown.length > 0) {
    fitting.mismatch(
      view.pointer,
      `The XSD enumeration has no ${unknown.join(', ')}; it has ${inXsd.join(', ')}.`,
      at,
    )
  }
  const missing = inXsd.filter((value) => !inContract.includes(value))
  if (fitting.direction === 'response' && missing.length > 0) {
    fitting.diagnostics.warning(
      'enumeration-narrowed',
      `The backend may answer ${missing.join(', ')}, which the schema does not list; such an answer becomes a 502.`,
      fitting.document.locate(view.pointer),
      [{ message: 'the XSD declares it here', at }],
    )
  }
}
