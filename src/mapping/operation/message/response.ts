import { didYouMean } from '../../../base/diagnostic/did-you-mean.js'
import type { ContentKind } from '../../../openapi/media-type.js'
import type { OpenApiContent, OpenApiResponse } from '../../../openapi/operations.js'
import { join } from '../../../openapi/pointer.js'
import type { MimePart, SoapMessage } from '../../../wsdl/model.js'
import type { ElementMapping, ObjectMapping, ValueMapping } from '../../canonical/value-mapping.js'
import type { Fitting } from '../../fit/fitting.js'
import type { MemberSpec } from '../../fit/member-spec.js'
import { fitMembers } from '../../fit/members.js'
import type { OperationJoin } from '../both-sides.js'
import type { AttachedMember, ResponseForm, ResponseMapping } from '../mapping.js'
import { partNamed, splitMembers } from './attachments.js'
import { bodyOf, formMeant } from './body.js'
import { isBytes, kindOf, pathToBytes } from './bytes.js'
import { mapBlocks } from './headers.js'
import { mapResponseHeaders } from './response-headers.js'
import { checkAbsence, followPath } from './response-path.js'

const SELECTED = 'body'

/** The member of the response's object that names the media type of its bytes. */
export const MEDIA_TYPE = 'mediaType'

/** Maps the output message onto the one success response: docs/annotation.md, "response" and "Success". */
export function mapResponse(operation: OperationJoin): ResponseMapping {
  const { document, rest, backend, soap, fittings } = operation
  const fitting = fittings.response
  const response = successOf(operation)
  const blocks = mapBlocks(operation)
  const status = Number(response?.status ?? 200)
  const headers = response ? mapResponseHeaders(operation, response, blocks, fitting) : []
  if (!soap.output) return { ...oneWay(operation, response), status, headers }
  const meant = formMeant(soap.output, [operation.annotation.response.steps])
  const { wrapper, object } = bodyOf(soap.output, backend.canonical, meant)
  const content = response?.content[0]
  const kind = kindOf(response?.content ?? [], operation)
  const selection = selectionOf(operation, { output: soap.output, object, content, kind, fitting })
  const { specs, element, ...selected } = selection
  const at = document.locate(content?.schema.pointer ?? response?.pointer ?? rest.pointer)
  const fitted = fitMembers(fitting, object, specs, { at, certain: true })
  const isWrite = rest.method !== 'get' && rest.method !== 'head'
  const absentIsNull =
    isWrite && selection.form === 'json' && content !== undefined && fitting.view(content.schema).nullable
  if (element && !absentIsNull) {
    const isNilAbsent = selection.form !== 'json' && element.nillable
    checkAbsence(operation, fitted, isNilAbsent ? element.name.localName : undefined)
  }
  return {
    status,
    mediaType: content?.mediaType,
    ...selected,
    body: { wrapper, object: fitted },
    ...(absentIsNull && { absentIsNull }),
    headers,
    blocks,
  }
}

function oneWay(
  { document, annotation, diagnostics }: OperationJoin,
  response: OpenApiResponse | undefined,
): Omit<ResponseMapping, 'status' | 'headers'> {
  const content = response?.content[0]
  if (content) {
    const message = `${annotation.operation} is one-way: its response is 202 without content.`
    diagnostics.error('one-way-content', message, document.locate(content.schema.pointer))
  }
  return { ...nothing, mediaType: undefined, body: undefined, blocks: [] }
}

/** What a response is made from. */
interface ResponseSides {
  readonly output: SoapMessage
  /** Of the output, in its canonical form. */
  readonly object: ObjectMapping
  /** Absent where the response has none. */
  readonly content: OpenApiContent | undefined
  readonly kind: ContentKind | undefined
  readonly fitting: Fitting
}

/** What of the output becomes the body of the response. */
interface Selection extends Pick<ResponseMapping, 'form' | 'attached' | 'selected'> {
  readonly part?: MimePart
  /** The members that the output is fitted to. */
  readonly specs: readonly MemberSpec[]
  /** That `response` names; its absence is a 404. */
  readonly element?: ElementMapping
}

const nothing = { form: 'json', attached: [], selected: undefined } as const

function selectionOf(operation: OperationJoin, sides: ResponseSides): Selection {
  const { document, annotation, diagnostics } = operation
  const { output, object, content, kind } = sides
  const { steps, written, pointer } = annotation.response
  const part = steps.length === 1 ? partNamed(output.attachments, steps[0] ?? '') : undefined
  if (content && part && kind !== 'json') return attachedBytes(operation, sides, part)
  const path = kind === 'json' ? steps : pathToBytes(object, steps)
  const { element, value, lost } = followPath(object, path)
  if (lost !== undefined) {
    const message = `The path ${written} cannot be followed: ${lost}.`
    const related = [{ message: 'the XSD type', at: object.type.at }]
    diagnostics.error('response-path', message, document.locate(pointer), related)
  }
  if (lost !== undefined || !content) return { ...nothing, specs: [] }
  return element && value
    ? selectedElement(operation, sides, content, { path, element, value })
    : wholeObject(operation, sides, content)
}

/** A part beside the envelope is the body. */
function attachedBytes(
  operation: OperationJoin,
  { fitting, object }: ResponseSides,
  part: MimePart,
): Selection {
  const specs = mediaTypeSpec(operation, fitting, object)
  return { form: 'bytes', part, selected: part.part, attached: [], specs }
}

/** What an element or its text holds is the body. */
function selectedElement(
  operation: OperationJoin,
  { fitting, object, kind }: ResponseSides,
  content: OpenApiContent,
  found: { readonly path: readonly string[]; readonly element: ElementMapping; readonly value: ValueMapping },
): Selection {
  const { path, element, value } = found
  const view = fitting.view(content.schema)
  // An absent list is an empty one.
  const isList = element.maxOccurs === 1 && element.value.kind === 'array'
  const spec = { name: SELECTED, schema: content.schema, view, required: isList, path }
  const form = formOf(operation, content, kind, value)
  if (form === 'json') return { form, attached: [], selected: SELECTED, specs: [spec], element }
  // Bytes and plain text have no null: what is nil is not there.
  const plain = { ...spec, view: { ...view, nullable: true } }
  const specs = [plain, ...mediaTypeSpec(operation, fitting, object)]
  return { form, attached: [], selected: SELECTED, specs, element }
}

/** The members of the output are those of the body. */
function wholeObject(
  operation: OperationJoin,
  { fitting, object, kind }: ResponseSides,
  content: OpenApiContent,
): Selection {
  if (kind !== 'json') formOf(operation, content, kind, undefined)
  const view = fitting.view(content.schema)
  const why = 'it is the content of the output element; name a part of it with x-soap: { response: /… }'
  if (kind !== 'json' || !fitting.expectType(view, 'object', object.type.at, why)) {
    return { ...nothing, specs: [] }
  }
  const split: { readonly attached: readonly AttachedMember[]; readonly inBody: readonly MemberSpec[] } =
    splitMembers(operation, withPaths(operation, fitting.specs(view)), fitting)
  return { ...nothing, attached: split.attached, specs: split.inBody }
}

/** Members as the schema has them, at the places that the annotation gives to some of them. */
function withPaths(
  { document, annotation, diagnostics }: OperationJoin,
  specs: readonly MemberSpec[],
): readonly MemberSpec[] {
  const { members } = annotation.response
  if (!members) return specs
  const names = specs.map(({ name }) => name)
  for (const [name, { pointer }] of members) {
    if (names.includes(name)) continue
    const message = `The body has no member ${name}; it has ${names.join(', ') || 'none'}.${didYouMean(name, names)}`
    diagnostics.error('response-path', message, document.locate(pointer))
  }
  return specs.map((spec) => {
    const path = members.get(spec.name)
    return path ? { ...spec, path: path.steps } : spec
  })
}

/** What is not JSON is one value: bytes as they are, or a text. */
function formOf(
  { document, diagnostics }: OperationJoin,
  { mediaType, schema }: OpenApiContent,
  kind: ContentKind | undefined,
  value: ValueMapping | undefined,
): ResponseForm {
  if (kind === undefined || kind === 'json') return 'json'
  if (isBytes(value)) return 'bytes'
  const isText = (value?.kind === 'scalar' && value.form === 'string') || value?.kind === 'xml'
  if (isText && kind === 'text') return 'text'
  diagnostics.error(
    'content-unmapped',
    `A body of ${mediaType} must come from one xs:base64Binary, xs:hexBinary, wsi:swaRef or attachment${kind === 'text' ? ', or from a text' : ''}: name it with x-soap.response.`,
    document.locate(schema.pointer),
  )
  return 'json'
}

/** The member that says what the bytes are: docs/annotation.md, `mediaType`. */
function mediaTypeSpec(
  { document, annotation, diagnostics }: OperationJoin,
  fitting: Fitting,
  object: ObjectMapping,
): MemberSpec[] {
  if (annotation.mediaType === undefined) return []
  const { steps: path, written, pointer } = annotation.mediaType
  const { lost } = followPath(
    object,
    path.filter((step) => !step.startsWith('@')),
  )
  if (lost !== undefined || path.length === 0) {
    const message = `The path ${written} cannot be followed: ${lost ?? 'it is empty'}.`
    diagnostics.error('response-path', message, document.locate(pointer))
    return []
  }
  const schema = { value: { type: ['string', 'null'] }, pointer }
  return [{ name: MEDIA_TYPE, schema, view: fitting.view(schema), required: false, path }]
}

function successOf({ document, rest, diagnostics }: OperationJoin): OpenApiResponse | undefined {
  const successes = rest.responses.filter((response) => /^2\d\d$/.test(response.status))
  if (successes.length !== 1) {
    diagnostics.error(
      'response-success',
      `${rest.operationId} must declare exactly one 2xx response; it declares ${successes.length}.`,
      document.locate(join(rest.pointer, 'responses')),
    )
  }
  return successes[0]
}
