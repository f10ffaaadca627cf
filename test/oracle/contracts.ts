import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import type { OpenApiObject } from '../../src/openapi/document.js'

const METHODS = ['get', 'put', 'post', 'delete', 'patch']

/** The root of the repository, with its trailing slash. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** A fresh copy of the repository's own contract, annotations included. */
export function readContract(): OpenApiObject {
  return parse(readFileSync(`${root}openapi.yaml`, 'utf8')) as OpenApiObject
}

export interface AnnotatedOperation {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly wsdl: string
  /** Name of the wsdl:operation. */
  readonly soapOperation: string
  readonly parameters: readonly Parameter[]
  readonly bodySchema: unknown
  readonly faults: Readonly<Record<string, number>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: unknown
}

interface RawOperation {
  readonly operationId: string
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> }
  readonly 'x-soap': {
    readonly backend: string
    readonly operation: string
    readonly faults?: Readonly<Record<string, number>>
  }
}

/** The operations of a contract, read without the code that serves them. */
export function annotatedOperations(contract: OpenApiObject): readonly AnnotatedOperation[] {
  const backends = contract['x-soap-backends'] as Record<string, { wsdl: string }>
  const components = (contract.components as { parameters: Record<string, Parameter> }).parameters
  const resolve = (parameter: Parameter | { $ref: string }): Parameter => {
    if (!('$ref' in parameter)) return parameter
    const found = components[parameter.$ref.slice(parameter.$ref.lastIndexOf('/') + 1)]
    if (!found) throw new Error(`${parameter.$ref} names nothing`)
    return found
  }
  return Object.entries(contract.paths as Record<string, Record<string, unknown>>).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method] as RawOperation | undefined
      if (!operation) return []
      const shared = (item.parameters ?? []) as NonNullable<RawOperation['parameters']>
      const { backend, operation: soapOperation, faults = {} } = operation['x-soap']
      return [
        {
          operationId: operation.operationId,
          method,
          path,
          wsdl: `${root}${backends[backend]?.wsdl ?? ''}`,
          soapOperation,
          parameters: [...shared, ...(operation.parameters ?? [])].map(resolve),
          bodySchema: Object.values(operation.requestBody?.content ?? {})[0]?.schema,
          faults,
        },
      ]
    }),
  )
}
