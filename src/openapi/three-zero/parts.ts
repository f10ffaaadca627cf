import { isObject, type OpenApiObject } from '../document.js'
import { contentKind } from '../media-type.js'
import { join, valueAt } from '../pointer.js'
import type { Conversion } from './conversion.js'
import { isAnnotation } from './nulls.js'
import type { Schema30 } from './schema30.js'

type Write = (value: OpenApiObject, pointer: string, conversion: Conversion) => OpenApiObject

/** An object, or a reference to one: beside a reference 3.0 has nothing (3.0.3, section 4.7.23). */
export function orReference(write: Write, conversion: Conversion) {
  return (value: unknown, pointer: string): OpenApiObject => {
    if (!isObject(value)) return {}
    const { $ref } = value
    if (typeof $ref !== 'string') return write(value, pointer, conversion)
    for (const beside of ['summary', 'description']) {
      if (value[beside] === undefined) continue
      conversion.notes.add(join(pointer, beside), `\`${beside}\` beside a reference is left out.`)
    }
    return { $ref }
  }
}

/** A parameter or a header: they have the same parts. */
export const parameter30: Write = (parameter, pointer, conversion) => ({
  ...parameter,
  ...(parameter.schema !== undefined && {
    schema: conversion.schema(parameter.schema, join(pointer, 'schema')),
  }),
  ...(parameter.content !== undefined && {
    content: content30(parameter.content, join(pointer, 'content'), conversion),
  }),
})

export const requestBody30: Write = (body, pointer, conversion) => ({
  ...body,
  content: content30(body.content, join(pointer, 'content'), conversion),
})

export const response30: Write = (response, pointer, conversion) => ({
  ...response,
  description: response.description ?? '',
  ...(response.headers !== undefined && {
    headers: conversion.map(response.headers, join(pointer, 'headers'), orReference(parameter30, conversion)),
  }),
  ...(response.content !== undefined && {
    content: content30(response.content, join(pointer, 'content'), conversion),
  }),
})

function content30(content: unknown, pointer: string, conversion: Conversion): OpenApiObject {
  if (!isObject(content)) return {}
  return Object.fromEntries(
    Object.entries(content).map(([mediaType, value]) => {
      const at = join(pointer, mediaType)
      return [mediaType, isObject(value) ? mediaType30(mediaType, value, at, conversion) : {}]
    }),
  )
}

function mediaType30(
  mediaType: string,
  { schema, encoding, ...rest }: OpenApiObject,
  pointer: string,
  conversion: Conversion,
): OpenApiObject {
  const written = bodySchema(mediaType, schema, join(pointer, 'schema'), conversion)
  return {
    ...(written && { schema: written }),
    ...(encoding !== undefined && {
      encoding: conversion.map(encoding, join(pointer, 'encoding'), (value, at) =>
        encoding30(value, at, conversion),
      ),
    }),
    ...rest,
  }
}

function encoding30(encoding: unknown, pointer: string, conversion: Conversion): OpenApiObject {
  if (!isObject(encoding)) return {}
  const { headers } = encoding
  if (headers === undefined) return encoding
  const write = orReference(parameter30, conversion)
  return { ...encoding, headers: conversion.map(headers, join(pointer, 'headers'), write) }
}

/** Bytes need no schema in 3.1, and `format: binary` in 3.0 (3.0.3, sections 4.7.14.2 and 4.7.14.4). */
function bodySchema(
  mediaType: string,
  schema: unknown,
  pointer: string,
  conversion: Conversion,
): Schema30 | undefined {
  const kind = contentKind(mediaType)
  if (kind === 'bytes' && !/^(?:multipart\/|application\/x-www-form-urlencoded)/i.test(mediaType)) {
    if (schema === undefined || isOpen(schema))
      return { ...annotationsOf(schema), type: 'string', format: 'binary' }
  }
  if (schema === undefined) return undefined
  const written = conversion.schema(schema, pointer)
  if (!/^multipart\//i.test(mediaType)) return written
  const form = isObject(schema) && typeof schema.$ref === 'string' ? undefined : schema
  const parts = isObject(form) ? valueAt(form, '/properties') : undefined
  if (!isObject(parts) || !isObject(written.properties)) return written
  const properties = Object.entries(written.properties).map(([name, part]): [string, unknown] => [
    name,
    isOpen(parts[name]) ? { ...annotationsOf(parts[name]), type: 'string', format: 'binary' } : part,
  ])
  return { ...written, properties: Object.fromEntries(properties) }
}

/** Says a schema nothing of the value, but perhaps that it is of a media type of bytes? */
function isOpen(schema: unknown): boolean {
  if (schema === true) return true
  if (!isObject(schema)) return false
  const { contentMediaType } = schema
  if (typeof contentMediaType === 'string' && contentKind(contentMediaType) !== 'bytes') return false
  return Object.keys(schema).every((keyword) => keyword === 'contentMediaType' || isAnnotation(keyword))
}

function annotationsOf(schema: unknown): OpenApiObject {
  if (!isObject(schema)) return {}
  const kept = ['title', 'description', 'deprecated', 'readOnly', 'writeOnly']
  return Object.fromEntries(
    kept.flatMap((name) => (schema[name] === undefined ? [] : [[name, schema[name]]])),
  )
}
