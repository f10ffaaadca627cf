import { type QName } from '../base/qname.js'
import { type OpenApiOperation } from '../openapi/operations.js'
import { type MimePart, type SoapOperation, type SoapVersion, type Wsdl } from '../wsdl/model.js'
import { type BackendAnnotation } from './backend-annotation.js'
import { type CachePolicy } from './cache-policy.js'
import { type CanonicalMappings } from './canonical.js'
import { type Source, type Template } from './expression.js'
import { type IdempotencyPolicy } from './idempotency-policy.js'
import { type ObjectMapping, type ValueMapping } from './value-mapping.js'

/** A backend of the contract with its WSDL port. */
export interface BackendMapping {
  readonly name: string
  readonly annotation: BackendAnnotation
  readonly wsdl: Wsdl
  readonly canonical: CanonicalMappings
  readonly soapVersion: SoapVersion
  readonly operations: readonly SoapOperation[]
  readonly endpoint: string
}

/** The join of one REST operation and one SOAP operation. */
export interface OperationMapping {
  readonly rest: OpenApiOperation
  readonly backend: BackendMapping
  readonly soap: SoapOperation
  readonly timeoutMs: number | undefined
  /** May be carried out more than once; absent where the method tells. */
  readonly isIdempotent?: boolean | undefined
  readonly request: RequestMapping
  readonly response: ResponseMapping
  readonly faults: readonly FaultMapping[]
  readonly idempotency?: IdempotencyPolicy | undefined
  readonly cache?: CachePolicy | undefined
}

/** The children of soap:Body as one JSON object. */
export interface BodyMapping {
  /** The one element whose members the object holds; absent where the object's members are the elements themselves. */
  readonly wrapper: QName | undefined
  readonly object: ObjectMapping
}

export interface RequestMapping {
  readonly body: BodyMapping
  /** What the object is assembled from. */
  readonly members: readonly RequestMember[]
  /** The children of soap:Header; absent where none is sent. */
  readonly headers?: HeaderMapping
  /** Parts beside the envelope that the WSDL declares, in its order. */
  readonly attachments: readonly SentAttachment[]
  /** Whether the REST body is octets as they are. */
  readonly takesOctets: boolean
}

/** A part beside the envelope (WSDL 1.1, 5). */
export interface SentAttachment extends MimePart {
  /** Where its octets come from. */
  readonly member: RequestMember
  readonly required: boolean
}

/** Header blocks as one JSON object whose members are the blocks. */
export interface HeaderMapping {
  readonly object: ObjectMapping
  readonly members: readonly RequestMember[]
}

export interface RequestMember {
  /** The member of the object that takes the value. */
  readonly key: string
  readonly source: Source
  /** What the value becomes; a parameter's text is read accordingly. */
  readonly value: ValueMapping
  readonly repeated: boolean
  /** For parameters: the value where the client gives none. */
  readonly default: unknown
  /** For array parameters: several texts rather than one with commas. */
  readonly explode: boolean
}

export interface ResponseMapping {
  readonly status: number
  /** Absent where the response has no content. */
  readonly mediaType: string | undefined
  readonly form: ResponseForm
  /** The part of the answer that is the REST body. */
  readonly part?: MimePart
  /** Parts of the answer that are members of the REST body. */
  readonly attached: readonly AttachedMember[]
  /** Absent on one-way operations. */
  readonly body: BodyMapping | undefined
  /** The member of the object that is the REST body; absent where the object itself is. */
  readonly selected: string | undefined
  readonly headers: readonly { readonly name: string; readonly template: Template }[]
  /** The header blocks that the WSDL declares for the output. */
  readonly blocks: readonly BlockMapping[]
}

/**
 * - `json`: the object, or its one selected member
 * - `text`: the selected member's text
 * - `octets`: those of the selected member
 */
export type ResponseForm = 'json' | 'text' | 'octets'

export interface AttachedMember extends MimePart {
  /** The JSON member that is the part in base64. */
  readonly member: string
  readonly required: boolean
}

/** A header block of an answer. */
export interface BlockMapping {
  /** Its member in the object that `$response.soapHeader` points into. */
  readonly member: string
  readonly element: QName
  readonly value: ValueMapping
}

export interface FaultMapping {
  /** wsdl:fault/@name. */
  readonly name: string
  /** The child of soap:Fault's detail that tells the fault. */
  readonly element: QName
  readonly status: number
  readonly value: ValueMapping
  readonly title: string
}
