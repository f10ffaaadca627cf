import { element, type Markup, text } from '../markup.js'
import type { Message } from '../message.js'

/** Prefixes of the namespaces of wsdl/health, declared on every output and detail element. */
export const healthNamespaces = {
  'xmlns:msg': 'http://schemas.mhic.example/patient-registry/messages/v2',
  'xmlns:flt': 'http://schemas.mhic.example/patient-registry/faults/v2',
  'xmlns:pat': 'http://schemas.mhic.example/patient/v2',
  'xmlns:cov': 'http://schemas.mhic.example/coverage/v2',
  'xmlns:cli': 'http://schemas.mhic.example/clinical/v2',
  'xmlns:dt': 'http://schemas.mhic.example/datatypes/v3',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
}

/** What an XSD type says that its instances do not: the order and the namespaces of what is in it. */
export interface Shape {
  readonly attributes?: readonly string[]
  /** Prefix of the children: local elements belong to the namespace of their type. */
  readonly prefix?: string
  /** Children in the order of the schema; a shape without children holds text. */
  readonly children?: Readonly<Record<string, Shape>>
  readonly nillable?: boolean
}

const plain: Shape = {}

export const codedValue: Shape = {
  attributes: ['code', 'codeSystem', 'codeSystemVersion', 'displayName'],
  prefix: 'dt',
  children: {
    OriginalText: plain,
    get Translation(): Shape {
      return codedValue
    },
  },
}

export const identifier: Shape = { attributes: ['assigningAuthority', 'type', 'assigningAuthorityName'] }

export const humanName: Shape = {
  attributes: ['use'],
  prefix: 'dt',
  children: { Prefix: plain, Given: plain, Family: plain, Suffix: plain },
}

const address: Shape = {
  attributes: ['use'],
  prefix: 'dt',
  children: { Line: plain, City: plain, State: plain, PostalCode: plain, CountryCode: plain },
}

export const addressList: Shape = { prefix: 'pat', children: { Address: address } }

export const telecomList: Shape = {
  prefix: 'pat',
  children: { Telecom: { attributes: ['system', 'use', 'rank'] } },
}

export const practitioner: Shape = {
  prefix: 'pat',
  children: { PractitionerId: identifier, Name: humanName },
  nillable: true,
}

export const multipleBirthOrder: Shape = { nillable: true }

const quantity: Shape = { attributes: ['value', 'unit', 'comparator'], children: {} }

/** Children of an observation, below its attributes. */
export const observationChildren: Readonly<Record<string, Shape>> = {
  Code: codedValue,
  EffectiveTime: plain,
  ValueQuantity: quantity,
  ValueCode: codedValue,
  ValueText: plain,
  Interpretation: plain,
  ReferenceRange: { prefix: 'cli', children: { Low: quantity, High: quantity } },
  Note: plain,
}

/** Children of a document's description, below its attribute. */
export const documentChildren: Readonly<Record<string, Shape>> = {
  Type: codedValue,
  Title: plain,
  AuthoredOn: plain,
  Author: humanName,
  Keyword: plain,
}

/** Writes the children of that name again, as they were read. */
export function copy(parent: Message, name: string, prefix: string, shape: Shape = plain): Markup[] {
  const tag = `${prefix}:${name}`
  if (!parent.has(name)) return []
  // node-soap makes no difference between an element that is nil and one that is empty.
  if (parent.isNil(name)) return [element(tag, shape.nillable ? { 'xsi:nil': 'true' } : {})]
  return parent.children(name).map((child) => {
    const attributes = Object.fromEntries(
      (shape.attributes ?? []).map((attribute) => [attribute, child.attribute(attribute)]),
    )
    const content = shape.children
      ? copyChildren(child, shape.prefix ?? prefix, shape.children)
      : text(child.text)
    return element(tag, attributes, content)
  })
}

export function copyChildren(
  parent: Message,
  prefix: string,
  children: Readonly<Record<string, Shape>>,
): Markup[] {
  return Object.entries(children).flatMap(([name, shape]) => copy(parent, name, prefix, shape))
}
