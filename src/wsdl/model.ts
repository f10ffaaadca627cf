import type { Diagnostic, SourceLocation } from '../base/diagnostic/diagnostic.js'
import type { QName } from '../base/qname.js'
import type { ElementDeclaration, SchemaSet, XsdType } from '../xsd/model/model.js'
import type { Demand } from './policy/policy.js'

/** A WSDL 1.1 document with all that it imports, resolved. Ports without a SOAP binding are left out. */
export interface Wsdl {
  readonly file: string
  readonly targetNamespace: string
  readonly documentation?: string | undefined
  readonly services: readonly Service[]
  /** SOAP bindings, also those that no port uses, by Clark name. */
  readonly bindings: ReadonlyMap<string, Binding>
  readonly schemas: SchemaSet
}

export interface Service {
  readonly name: QName
  readonly documentation?: string | undefined
  readonly ports: readonly Port[]
  /** Those of bindings to HTTP, which have no envelope (WSDL 1.1, 4). */
  readonly httpPorts: readonly Port[]
  readonly at: SourceLocation
}

export interface Port {
  readonly name: string
  readonly binding: Binding
  /** What policies ask of clients, at the port, its binding and its operations. */
  readonly demands: readonly Demand[]
  /** soap:address/@location. */
  readonly endpoint?: string | undefined
  readonly at: SourceLocation
}

export type SoapVersion = '1.1' | '1.2'

export interface Binding {
  readonly name: QName
  readonly portType: QName
  readonly soapVersion: SoapVersion
  readonly transport: string
  /** A binding to HTTP has no envelope; its `soapVersion` says nothing then. */
  readonly isHttp: boolean
  readonly operations: readonly SoapOperation[]
  /** Operations that cannot be called, in document order. */
  readonly leftOut: readonly LeftOut[]
  /** The names of all operations that are bound, those too that were not wanted. */
  readonly names: readonly string[]
  readonly at: SourceLocation
}

/** An operation of a binding that cannot be called, since something that it needs is missing or wrong. */
export interface LeftOut {
  readonly name: string
  /** Why: the findings that it caused. */
  readonly findings: readonly Diagnostic[]
  readonly at: SourceLocation
}

/** A wsdl:binding operation joined with its wsdl:portType operation. */
export interface SoapOperation {
  readonly name: string
  /** The name of wsdl:input, given or by default; it tells overloads apart (WSDL 1.1, 2.4.5). */
  readonly inputName: string
  readonly documentation?: string | undefined
  readonly style: 'document' | 'rpc'
  /** soapAction as written; '' where absent. */
  readonly soapAction: string
  /** How it is called without an envelope; absent in bindings to SOAP. */
  readonly http?: HttpOperation | undefined
  /** The [action] property of WS-Addressing for the input. */
  readonly addressingAction: string
  /** The same for the output; '' without one. */
  readonly replyAction: string
  readonly input: SoapMessage
  /** Absent on one-way operations. */
  readonly output?: SoapMessage | undefined
  readonly faults: readonly SoapFault[]
  readonly at: SourceLocation
}

/** How an operation is called over HTTP without an envelope (WSDL 1.1, 4). */
export interface HttpOperation {
  readonly verb: 'GET' | 'POST'
  /** What follows the address; `(part)` stands for the value of a part, where input is `replacement`. */
  readonly location: string
  /** XML in the body, or the values of the parts in a form, in the query or in the location. */
  readonly input: 'xml' | 'form' | 'query' | 'replacement'
}

export interface SoapMessage {
  /** The wsdl:message. */
  readonly name: QName
  readonly use: 'literal' | 'encoded'
  /** Children of soap:Body in order. rpc: one wrapper element, made from the parts (WSDL 1.1, 3.5). */
  readonly body: readonly ElementDeclaration[]
  readonly headers: readonly SoapHeader[]
  /** Parts carried as MIME attachments (WSDL 1.1, 5). */
  readonly attachments: readonly MimePart[]
  readonly at: SourceLocation
}

export interface SoapHeader {
  readonly part: string
  readonly element: ElementDeclaration
  readonly use: 'literal' | 'encoded'
}

export interface MimePart {
  readonly part: string
  /** Media types the binding allows. */
  readonly types: readonly string[]
  readonly type?: XsdType | undefined
}

export interface SoapFault {
  /** wsdl:fault/@name. */
  readonly name: string
  /** The child of detail; rpc/encoded faults get one made from the part. */
  readonly element: ElementDeclaration
  readonly documentation?: string | undefined
  readonly at: SourceLocation
}
