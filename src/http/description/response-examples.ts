import { isObject, type OpenApiObject } from '../../openapi/document.js'
import { followed } from './described-operation.js'
import type { Examples } from './possible-problems.js'

/** A response of an operation that is given examples. */
interface Place {
  /** The Responses Object, which is written to. */
  readonly responses: Record<string, unknown>
  readonly key: string
  readonly mediaType: string
  readonly examples: Examples
}

/**
 * Puts examples where a response has none. Those of a component that operations share go into it, as long as they are the
 * same for all; an operation for which they are others gets a response of its own.
 */
export class ResponseExamples {
  readonly #places: Place[] = []

  constructor(readonly root: OpenApiObject) {}

  /** @param place its response is an object or refers to a component */
  add(place: Place): void {
    if (Object.keys(place.examples).length === 0) return
    const response = followed(this.root, place.responses[place.key])
    if (response && !hasExample(response, place.mediaType)) this.#places.push(place)
  }

  /** Writes all of them. @returns the document with its components */
  written(): OpenApiObject {
    const components = isObject(this.root.components) ? this.root.components : {}
    const shared: Record<string, unknown> = isObject(components.responses) ? { ...components.responses } : {}
    const given = new Map<string, string>()
    for (const { responses, key, mediaType, examples } of this.#places) {
      const name = componentOf(responses[key])
      const text = JSON.stringify([mediaType, examples])
      if (name !== undefined && (given.get(name) ?? text) === text) {
        if (!given.has(name)) shared[name] = exemplified(shared[name], mediaType, examples)
        given.set(name, text)
      } else {
        responses[key] = exemplified(followed(this.root, responses[key]), mediaType, examples)
      }
    }
    return { ...this.root, components: { ...components, responses: shared } }
  }
}

function componentOf(response: unknown): string | undefined {
  const ref = isObject(response) && typeof response.$ref === 'string' ? response.$ref : ''
  return /^#\/components\/responses\/([\w.-]+)$/.exec(ref)?.[1]
}

function hasExample({ content }: OpenApiObject, mediaType: string): boolean {
  const media = isObject(content) ? content[mediaType] : undefined
  return isObject(media) && (media.example !== undefined || media.examples !== undefined)
}

function exemplified(response: unknown, mediaType: string, examples: Examples): unknown {
  if (!isObject(response)) return response
  const content = isObject(response.content) ? response.content : {}
  const media = isObject(content[mediaType]) ? content[mediaType] : {}
  const all = Object.entries(examples).map(([name, value]) => [name, { value }] as const)
  const [only, ...others] = all
  const filled =
    only && others.length === 0
      ? { ...media, example: only[1].value }
      : { ...media, examples: Object.fromEntries(all) }
  return { ...response, content: { ...content, [mediaType]: filled } }
}
