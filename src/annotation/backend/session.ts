import { AllowedHost } from '../../base/allowed-host.js'
import { join } from '../../openapi/pointer.js'
import { type HeaderEntry, readHeaderBlocks } from '../message/header-blocks.js'
import { expand } from '../reader/environment.js'
import { type AnnotationReader, optional } from '../reader/reader.js'
import {
  readSource,
  readSources,
  type SourceEntry,
  type SourceUse,
  type WrittenSource,
} from '../sources/source.js'

/** `session` of a backend, as docs/annotation.md gives it. */
export interface SessionAnnotation {
  /** The WSDL operation that logs in. */
  readonly operation: string
  readonly input?: string
  /** What its input is made from. */
  readonly request: readonly SourceEntry[]
  /** What its header blocks are made from. */
  readonly headers: readonly HeaderEntry[]
  /** Where the response to the login holds the token. */
  readonly token?: WrittenSource<'response'>
  /** Where the response holds the URL that later calls go to. */
  readonly endpoint?: WrittenSource<'response'>
  /** Hosts that this URL may be at. */
  readonly hosts: readonly AllowedHost[]
  /** The name of a cookie that the response sets and each call brings back. */
  readonly cookie?: string
  readonly lifetimeMs?: number
  /** Names of faults, fault codes or detail elements that say the session is over. */
  readonly faults: readonly string[]
  readonly pointer: string
}

const placeUse: SourceUse<'response'> = {
  kinds: ['response'],
  demand: (name) =>
    `The ${name} must be $response.body#/… or $response.soapHeader#/…, a place in the response to the login.`,
  code: 'session-token',
}

export function readSession(parent: AnnotationReader): SessionAnnotation | undefined {
  const reader = parent.nested('session')
  if (!reader) return undefined
  const operation = reader.text('operation', { required: true })
  const annotation = {
    ...optional('input', reader.text('input')),
    request: readSources(reader, 'request'),
    headers: readHeaderBlocks(reader),
    ...optional('token', readPlace(reader, 'token')),
    ...optional('endpoint', readPlace(reader, 'endpoint')),
    hosts: readHosts(reader),
    ...optional('cookie', reader.text('cookie')),
    ...optional('lifetimeMs', reader.positive('lifetimeMs')),
    faults: reader.texts('faults') ?? [],
    pointer: reader.pointer,
  }
  reader.end()
  const { token, cookie } = reader.value
  if (token === undefined && cookie === undefined) {
    const message = 'A session needs a token or a cookie: token: $response.body#/…, or cookie: NAME.'
    reader.diagnostics.error('session-token', message, reader.document.locate(reader.pointer))
  }
  return operation === undefined ? undefined : { ...annotation, operation }
}

function readPlace(reader: AnnotationReader, name: 'token' | 'endpoint'): SessionAnnotation['token'] {
  const value = reader.text(name)
  if (value === undefined) return undefined
  return readSource(reader, { name, value, pointer: join(reader.pointer, name) }, placeUse)
}

/** Whoever answers the login must not choose where calls go: with an endpoint there are hosts. */
function readHosts(reader: AnnotationReader): readonly AllowedHost[] {
  const texts = reader.texts('hosts') ?? []
  const hosts = texts.flatMap((text) => {
    const expanded = expand(text, reader.env, reader.at('hosts'), reader.diagnostics)
    const host = expanded === undefined ? undefined : AllowedHost.parse(expanded)
    if (expanded !== undefined && !host) {
      const message = 'hosts lists host names, as na1.crm.example or *.crm.example, each perhaps with :port.'
      reader.diagnostics.error('session-endpoint', message, reader.at('hosts'))
    }
    return host ? [host] : []
  })
  const isGiven = reader.value.endpoint !== undefined
  if (isGiven && texts.length === 0) {
    const message = 'A session with an endpoint needs hosts: those that the endpoint of a login may be at.'
    reader.diagnostics.error('session-endpoint', message, reader.at('endpoint'))
  } else if (!isGiven && texts.length > 0) {
    const message = 'hosts says where the endpoint of a login may be: give endpoint: $response.body#/…, too.'
    reader.diagnostics.error('session-endpoint', message, reader.at('hosts'))
  }
  return hosts
}
