import { isObject, type OpenApiObject } from '../document.js'
import { METHODS } from '../methods.js'
import { join, steps, valueAt } from '../pointer.js'
import type { Conversion } from './conversion.js'
import { orReference, parameter30, requestBody30, response30 } from './parts.js'
import type { SecurityRequirements } from './security.js'

/** Writes Path Item Objects; those that 3.1 keeps under `components/pathItems` are written where they are used. */
export class Paths {
  constructor(
    private readonly conversion: Conversion,
    private readonly security: SecurityRequirements,
  ) {}

  all(paths: unknown, pointer: string): OpenApiObject {
    return this.conversion.map(paths, pointer, (value, at) =>
      at.startsWith(`${pointer}/x-`) ? value : this.#pathItem(value, at),
    )
  }

  /** @param around pointers of the path items that this one is used by */
  #pathItem(value: unknown, pointer: string, around: readonly string[] = []): OpenApiObject {
    if (!isObject(value)) return {}
    const { $ref, ...own } = value
    const used = typeof $ref === 'string' ? this.#used($ref, around) : {}
    const item: Record<string, unknown> = { ...used, ...own }
    if (Array.isArray(own.parameters))
      item.parameters = this.#parameters(own.parameters, join(pointer, 'parameters'))
    for (const method of METHODS) {
      const operation = own[method]
      if (isObject(operation)) item[method] = this.#operation(operation, join(pointer, method), around)
    }
    return item
  }

  #used(target: string, around: readonly string[]): OpenApiObject {
    const value = target.startsWith('#') ? valueAt(this.conversion.root, target) : undefined
    const pointer = join('', ...steps(target))
    // One that leads to itself says nothing.
    return around.includes(pointer) ? {} : this.#pathItem(value, pointer, [...around, pointer])
  }

  #operation(operation: OpenApiObject, pointer: string, around: readonly string[]): OpenApiObject {
    const { parameters, requestBody, responses, callbacks, security } = operation
    const { conversion } = this
    return {
      ...operation,
      ...(Array.isArray(parameters) && {
        parameters: this.#parameters(parameters, join(pointer, 'parameters')),
      }),
      ...(requestBody !== undefined && {
        requestBody: orReference(requestBody30, conversion)(requestBody, join(pointer, 'requestBody')),
      }),
      responses: this.#responses(responses, join(pointer, 'responses')),
      ...(callbacks !== undefined && {
        callbacks: conversion.map(callbacks, join(pointer, 'callbacks'), (value, at) =>
          this.callback(value, at, around),
        ),
      }),
      ...(Array.isArray(security) && {
        security: this.security.written(security, join(pointer, 'security')),
      }),
    }
  }

  #parameters(parameters: readonly unknown[], pointer: string): readonly OpenApiObject[] {
    const write = orReference(parameter30, this.conversion)
    return parameters.map((parameter, index) => write(parameter, join(pointer, index)))
  }

  #responses(responses: unknown, pointer: string): OpenApiObject {
    const write = orReference(response30, this.conversion)
    const written = this.conversion.map(responses, pointer, (value, at) =>
      at.startsWith(`${pointer}/x-`) ? value : write(value, at),
    )
    // OpenAPI 3.0 wants one at least.
    return Object.keys(written).length > 0 ? written : { default: { description: 'Any response.' } }
  }

  callback(value: unknown, pointer: string, around: readonly string[] = []): OpenApiObject {
    if (!isObject(value)) return {}
    if (typeof value.$ref === 'string') return { $ref: value.$ref }
    return this.conversion.map(value, pointer, (item, at) =>
      at.startsWith(`${pointer}/x-`) ? item : this.#pathItem(item, at, around),
    )
  }
}
