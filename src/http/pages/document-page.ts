import type { RequestHandler } from 'express'
import type { OpenApiObject } from '../../openapi/document.js'
import { toOpenApi30 } from '../../openapi/three-zero/document.js'
import { yamlText } from '../../openapi/yaml/style.js'
import { CodedText } from './coded-text.js'
import { readOnly } from './read-only.js'

interface Form {
  readonly mediaType: string
  readonly text: (document: OpenApiObject) => string
}

const json: Form = { mediaType: 'application/json', text: (document) => JSON.stringify(document) }
/** RFC 9512. */
const yaml: Form = { mediaType: 'application/yaml', text: yamlText }

function in30({ mediaType, text }: Form): Form {
  return { mediaType, text: (document) => text(toOpenApi30(document).document) }
}

/** Where the document is served, below the base path, and how it is written there. */
const FORMS: ReadonlyMap<string, Form> = new Map([
  ['/openapi.json', json],
  ['/openapi.yaml', yaml],
  ['/openapi-3.0.json', in30(json)],
  ['/openapi-3.0.yaml', in30(yaml)],
])

/** Is the document served at a path below the base path? */
export function isDocumentPath(path: string): boolean {
  return FORMS.has(path)
}

/**
 * Serves the OpenAPI document, in each of its forms, by the path below the base path.
 *
 * @param compressFrom bytes from which on it is compressed for clients that take that; 0 for never
 * @param describe asked once, when the document is first asked for
 */
export function publishedDocument(
  compressFrom: number,
  describe: () => Promise<OpenApiObject>,
): (path: string) => RequestHandler | undefined {
  let described: Promise<OpenApiObject> | undefined
  const document = (): Promise<OpenApiObject> => (described ??= describe())
  const page = ({ mediaType, text }: Form): RequestHandler => {
    const coded = new CodedText(mediaType, async () => text(await document()), compressFrom)
    return readOnly((req, res) => coded.answer(req, res))
  }
  const pages = new Map([...FORMS].map(([path, form]) => [path, page(form)]))
  return (path) => pages.get(path)
}
