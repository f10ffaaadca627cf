import { CanonicalMappings } from '../mapping/canonical/canonical.js'
import { memberName } from '../mapping/canonical/member-names.js'
import { bodyOf } from '../mapping/operation/message/body.js'
import { isObject, OpenApiDocument, type OpenApiObject } from '../openapi/document.js'
import type { Wsdl } from '../wsdl/model.js'
import { isSlot, readInputs } from './import/inputs/inputs.js'
import type { ImportedOperation } from './import/summary/summary.js'

/** Members of inputs that no parameter and no member of a body fills, as `GetAccount/Branch`. */
export function droppedInputs(
  document: OpenApiObject,
  operations: readonly ImportedOperation[],
  wsdl: Wsdl,
): readonly string[] {
  const canonical = new CanonicalMappings(wsdl.schemas)
  const ports = wsdl.services.flatMap(({ ports: own }) => own)
  const soapOperations = ports.flatMap(({ binding }) => binding.operations)
  const read = new OpenApiDocument('openapi', document)
  return operations.flatMap(({ method, path, operation: name, input }) => {
    const soap = soapOperations.find(
      (each) => each.name === name && (input === undefined || each.inputName === input),
    )
    const paths = document.paths
    const item = isObject(paths) ? paths[path] : undefined
    const operation = isObject(item) ? item[method] : undefined
    if (!soap || !isObject(operation)) return []
    const { scalars, others } = readInputs(bodyOf(soap.input, canonical))
    const filled = filledBy(read, operation, name)
    return [
      ...scalars.map(({ xmlName }) => xmlName),
      ...others.filter((other) => !isSlot(other)).map(({ element }) => element.name.localName),
    ]
      .filter((member) => !filled.has(memberName(member.replace(/^@/, ''))))
      .map((member) => `${name}/${member}`)
  })
}

/** Names of the elements that an operation's parameters and body stand for, where a SOAP operation serves it. */
function filledBy(
  document: OpenApiDocument,
  operation: OpenApiObject,
  soapOperation: string,
): ReadonlySet<string> {
  const names = new Set<string>()
  const add = (name: unknown): void => {
    if (typeof name === 'string') for (const step of name.split('/')) names.add(memberName(step))
  }
  const { 'x-soap': annotation, parameters, requestBody } = operation
  const { oneOf } = isObject(annotation) ? annotation : {}
  const alternatives = Array.isArray(oneOf) ? oneOf.filter(isObject) : []
  const own = alternatives.filter((alternative) => alternative.operation === soapOperation)
  for (const mapping of [annotation, ...own]) {
    const request = isObject(mapping) ? mapping.request : undefined
    for (const target of Object.keys(isObject(request) ? request : {})) add(target)
  }
  for (const parameter of Array.isArray(parameters) ? parameters : [])
    if (isObject(parameter)) add(parameter.name)
  const seen = new Set<unknown>()
  const pending: unknown[] = [requestBody]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null || seen.has(next)) continue
    seen.add(next)
    const { $ref: reference, properties, xml } = next as OpenApiObject
    if (typeof reference === 'string') pending.push(document.at(reference.slice(1))?.value)
    for (const name of Object.keys(isObject(properties) ? properties : {})) add(name)
    if (isObject(xml)) add(xml.name)
    pending.push(...(Object.values(next) as unknown[]))
  }
  return names
}
