import type { ReceivePolicy } from '../../annotation/backend/receive.js'
import type { IssuedTokenAnnotation } from '../../annotation/ws-security/issued-token.js'
import type { BackendPolicy } from '../../backend/policy.js'
import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { LenientKind } from '../../base/lenient-kind.js'
import type { QName } from '../../base/qname.js'
import type { OpenApiOperation } from '../../openapi/operations.js'
import type { AddressingPolicy } from '../../soap/addressing.js'
import type { FaultCondition } from '../../soap/fault-condition.js'
import type { FaultPath } from '../../soap/fault-content.js'
import type { WsSecurityPolicy } from '../../ws-security/policy.js'
import type { LeftOut, MimePart, SoapOperation, SoapVersion, Wsdl } from '../../wsdl/model.js'
import type { XmlReaderLimits } from '../../xml/reader.js'
import type { TimeZone } from '../../xsd/values/time-zone.js'
import type { CanonicalMappings } from '../canonical/canonical.js'
import type { ObjectMapping, ValueMapping } from '../canonical/value-mapping.js'
import type { DocumentSchemas } from '../fit/document-schemas.js'
import type { CachePolicy, IdempotencyPolicy } from './guarantees.js'
import type { Selection } from './selection.js'
import type { Source, Template } from './source.js'

/** A backend of the contract with its WSDL port. */
export interface BackendMapping {
  readonly name: string
  readonly wsdl: Wsdl
  /** Of its file; absolute. */
  readonly wsdlPath: string
  readonly canonical: CanonicalMappings
  /** Of documents that stand in texts. */
  readonly documents: DocumentSchemas
  readonly soapVersion: SoapVersion
  /** Whether messages have no envelope: those of a binding to HTTP, or where the contract says so. */
  readonly isPlain: boolean
  readonly operations: readonly SoapOperation[]
  /** Those of the port that cannot be called. */
  readonly leftOut: readonly LeftOut[]
  readonly endpoint: string
  readonly policy: BackendPolicy
  readonly limits: ResponseLimits
  /** Header blocks of responses, in Clark notation, that may demand to be understood. */
  readonly understood: readonly string[]
  /** Whether clients may shorten the deadline. */
  readonly takesTimeout: boolean
  /** What its responses are forgiven. */
  readonly lenient: ReadonlySet<LenientKind>
  /** What local times of its responses are in. */
  readonly timeZone?: TimeZone | undefined
  /** Whether bytes travel beside the envelope wherever they can. */
  readonly isMtom: boolean
  readonly addressing: AddressingPolicy | undefined
  readonly security: WsSecurityPolicy | undefined
  /** Where tokens for its calls are asked for. */
  readonly issuedToken: IssuedTokenAnnotation | undefined
  /** Who may call the port, where soapstone serves it and the backend is the client. */
  readonly receive?: ReceivePolicy | undefined
  /** Where the contract describes it. */
  readonly at: SourceLocation
}

/** What one response may hold. */
export interface ResponseLimits {
  readonly xml: XmlReaderLimits
  /** Beside the envelope. */
  readonly maxAttachments: number
}

/** The join of one REST operation and one SOAP operation. */
export interface OperationMapping {
  readonly rest: OpenApiOperation
  readonly backend: BackendMapping
  readonly soap: SoapOperation
  /** Which requests it is for; absent where the SOAP operation serves all of them. */
  readonly selection?: Selection
  readonly timeoutMs: number | undefined
  /** May be carried out more than once; absent where the method tells. */
  readonly isIdempotent?: boolean | undefined
  readonly request: RequestMapping
  readonly response: ResponseMapping
  readonly faults: readonly FaultMapping[]
  /** Faults that the WSDL does not declare, in the order in which they are tried. */
  readonly mappedFaults: readonly MappedFaultMapping[]
  readonly idempotency?: IdempotencyPolicy | undefined
  readonly cache?: CachePolicy | undefined
  /** Whether agents may use it; absent where the contract does not say. */
  readonly mcp?: boolean | undefined
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
  /** Whether the REST body is bytes as they are. */
  readonly takesBytes: boolean
  /** Where the SAML assertion comes from; absent where none is sent. */
  readonly samlAssertion?: Source
}

/** A part beside the envelope (WSDL 1.1, 5). */
export interface SentAttachment extends MimePart {
  /** Where its bytes come from. */
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
  /** The part of the response that is the REST body. */
  readonly part?: MimePart
  /** Parts of the response that are members of the REST body. */
  readonly attached: readonly AttachedMember[]
  /** Absent on one-way operations. */
  readonly body: BodyMapping | undefined
  /** The member of the object that is the REST body; absent where the object itself is. */
  readonly selected: string | undefined
  /** A document in a text of it may be a fault. */
  readonly mayHoldFault?: boolean
  /** A write whose selected member is absent has been carried out: its body is null, where the contract allows that. */
  readonly absentIsNull?: boolean
  readonly headers: readonly { readonly name: string; readonly template: Template }[]
  /** The header blocks that the WSDL declares for the output. */
  readonly blocks: readonly BlockMapping[]
}

/**
 * - `json`: the object, or its one selected member
 * - `text`: the selected member's text
 * - `bytes`: those of the selected member
 */
export type ResponseForm = 'json' | 'text' | 'bytes'

export interface AttachedMember extends MimePart {
  /** The JSON member that is the part in base64. */
  readonly member: string
  readonly required: boolean
}

/** A header block of a response. */
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
  /** Told by xsi:type, where several faults have one element; absent for an anonymous type. */
  readonly type?: QName | undefined
  readonly status: number
  readonly value: ValueMapping
  readonly title: string
}

/** A fault that the WSDL does not declare, told by what it says. */
export interface MappedFaultMapping {
  readonly name: string
  readonly when: FaultCondition
  readonly status: number
  readonly title: string
  /** The members of `fault` in the problem. */
  readonly values: readonly MappedValue[]
}

export interface MappedValue {
  readonly name: string
  readonly path: FaultPath
  /** What the text is read as. */
  readonly value: ValueMapping
  /** Whether the schema requires it. */
  readonly required: boolean
}
