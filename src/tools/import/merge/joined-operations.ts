import { resolve } from 'node:path'
import { isObject, type OpenApiObject } from '../../../openapi/document.js'
import { type KeptBackend, operationKey } from './kept-routes.js'

export interface Route {
  readonly method: string
  readonly path: string
}

/** An operation of a document and a SOAP operation that it is joined to. */
export interface JoinedOperation extends Route {
  readonly key: string
  /** Of all that it is joined to: several where it has alternatives. */
  readonly keys: readonly string[]
  readonly backend: string
  readonly soapOperation: string
  readonly operation: OpenApiObject
}

const methods = ['get', 'put', 'post', 'delete', 'patch']

/**
 * The operations of a document that have an annotation, by what they are joined to.
 *
 * @param rename other names for backends
 * @param known where operations were: of several for one SOAP operation, that one counts, else the first
 */
export function joinedOperations(
  document: OpenApiObject,
  rename: ReadonlyMap<string, string> = new Map(),
  known: ReadonlyMap<string, Route> = new Map(),
): Map<string, JoinedOperation> {
  const found = new Map<string, JoinedOperation>()
  const [only, ...others] = Object.keys(members(document['x-soap-backends']))
  for (const [path, item] of Object.entries(members(document.paths))) {
    for (const method of methods) {
      const operation = members(item)[method]
      if (!isObject(operation)) continue
      const { backend: said } = members(operation['x-soap'])
      const named = typeof said === 'string' ? said : others.length === 0 ? only : undefined
      if (named === undefined) continue
      const backend = rename.get(named) ?? named
      const joined = mappingsOf(operation).flatMap(({ operation: soapOperation, input }) => {
        if (typeof soapOperation !== 'string') return []
        const key = operationKey(backend, soapOperation, typeof input === 'string' ? input : undefined)
        return [{ key, soapOperation }]
      })
      const keys = joined.map(({ key }) => key)
      for (const { key, soapOperation } of joined) {
        const before = known.get(key)
        if (!found.has(key) || (before?.path === path && before.method === method))
          found.set(key, { key, keys, backend, soapOperation, method, path, operation })
      }
    }
  }
  return found
}

/** What `x-soap` of an operation says of each SOAP operation that serves it. */
export function mappingsOf(operation: OpenApiObject): readonly OpenApiObject[] {
  const annotation = members(operation['x-soap'])
  return Array.isArray(annotation.oneOf) ? annotation.oneOf.filter(isObject) : [annotation]
}

/** All methods and paths of a document, joined to something or not. */
export function routesIn(document: OpenApiObject): { method: string; path: string; operationId: string }[] {
  return Object.entries(members(document.paths)).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = members(item)[method]
      return isObject(operation) ? [{ method, path, operationId: idOf(operation) }] : []
    }),
  )
}

export function idOf({ operationId }: OpenApiObject): string {
  return typeof operationId === 'string' ? operationId : ''
}

/** @param directory where the document lies */
export function backendsOf(document: OpenApiObject, directory: string): KeptBackend[] {
  return Object.entries(members(document['x-soap-backends'])).flatMap(([name, entry]) => {
    const { wsdl, port } = members(entry)
    if (typeof wsdl !== 'string') return []
    const named = typeof port === 'string' ? port : undefined
    return [{ name, madeAs: name, wsdl: resolve(directory, wsdl), port: named }]
  })
}

/** The backend that is meant: of that WSDL, and of that port where both say one. */
export function sameBackend(
  backends: readonly KeptBackend[],
  wsdl: string,
  port: string | undefined,
): KeptBackend | undefined {
  const ofFile = backends.filter((backend) => backend.wsdl === wsdl)
  const exact = ofFile.find((backend) => backend.port === port)
  return exact ?? ofFile.find((backend) => backend.port === undefined || port === undefined)
}

export function members(value: unknown): OpenApiObject {
  return isObject(value) ? value : {}
}
