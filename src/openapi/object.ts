/** An object of a document: its members may be anything. */
export type OpenApiObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is OpenApiObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
