import { clark } from '../../base/qname.js'
import { dialect, isSoapNamespace, type SoapDialect } from '../../soap/envelope.js'
import { isForUltimateReceiver, mustUnderstand } from '../../soap/header-block.js'
import { ADDRESSING } from '../../ws-security/names.js'
import { XmlReader, type XmlReaderLimits } from '../../xml/reader.js'
import { trimXml } from '../../xml/white-space.js'
import { type Places, type Values, valuesIn } from './element-values.js'
import { ReceiveFault } from './receive-fault.js'

/** What is known of a message before it is read by its schema. */
export interface ScannedEnvelope {
  /** Clark name of the first child of soap:Body; undefined where there is none. */
  readonly root: string | undefined
  /** Of WS-Addressing; undefined where the sender does not speak it. */
  readonly addressing: ReceivedAddressing | undefined
  /** Header blocks that must be understood by us. */
  readonly demanding: readonly {
    readonly namespace: string
    readonly localName: string
    readonly name: string
  }[]
}

/** Message addressing properties of a message (WS-Addressing 1.0 Core, 3.1). */
export interface ReceivedAddressing {
  readonly namespace: string
  readonly action: string | undefined
  readonly messageId: string | undefined
  readonly replyTo: string | undefined
}

/**
 * Goes to the first child of soap:Body.
 *
 * @throws ReceiveFault where it is no envelope of this version
 * @throws XmlError where it is not well-formed so far
 */
export function openEnvelope(
  text: string,
  version: SoapDialect['version'],
  limits: XmlReaderLimits,
): { readonly reader: XmlReader; readonly more: boolean; readonly header: Omit<ScannedEnvelope, 'root'> } {
  const reader = new XmlReader(text, limits)
  reader.nextElement()
  const { namespace } = dialect(version)
  if (!isSoapNamespace(reader.namespace) || reader.localName !== 'Envelope') {
    throw new ReceiveFault('sender', 'The message is not a SOAP envelope.')
  }
  if (reader.namespace !== namespace) {
    throw new ReceiveFault('version-mismatch', `This port speaks SOAP ${version}.`)
  }
  const demanding: { namespace: string; localName: string; name: string }[] = []
  const addresses = new Map<string, string>()
  let addressing = ''
  while (reader.nextElement()) {
    if (reader.name === clark({ namespace, localName: 'Body' })) {
      const header = { demanding, addressing: addressingOf(addressing, addresses) }
      return { reader, more: reader.nextElement(), header }
    }
    if (reader.name !== clark({ namespace, localName: 'Header' })) {
      reader.skip()
      continue
    }
    while (reader.nextElement()) {
      const { namespace: of, localName, name } = reader
      if (mustUnderstand(reader) && isForUltimateReceiver(reader))
        demanding.push({ namespace: of, localName, name })
      if (ADDRESSING.includes(of) && !addresses.has(localName)) {
        addressing = of
        addresses.set(localName, addressIn(reader))
      } else reader.skip()
    }
  }
  throw new ReceiveFault('sender', 'The envelope has no soap:Body.')
}

/** The text of a block, or of the Address in it. */
function addressIn(reader: XmlReader): string {
  if (!reader.hasElements()) return trimXml(reader.text())
  return valuesIn(reader, { items: [], values: { address: ['Address'] } })[0]?.address ?? ''
}

function addressingOf(namespace: string, found: ReadonlyMap<string, string>): ReceivedAddressing | undefined {
  if (namespace === '') return undefined
  return {
    namespace,
    action: found.get('Action'),
    messageId: found.get('MessageID'),
    replyTo: found.get('ReplyTo'),
  }
}

/** @throws ReceiveFault, XmlError */
export function scanEnvelope(
  text: string,
  version: SoapDialect['version'],
  limits: XmlReaderLimits,
): ScannedEnvelope {
  const { reader, more, header } = openEnvelope(text, version, limits)
  return { ...header, root: more ? reader.name : undefined }
}

/**
 * The texts at some places of the body.
 *
 * @param isWrapped whether paths begin at the child of soap:Body, and not at soap:Body itself
 * @throws XmlError
 */
export function valuesOfBody(
  text: string,
  {
    version,
    limits,
    isWrapped,
    places,
  }: {
    readonly version: SoapDialect['version']
    readonly limits: XmlReaderLimits
    readonly isWrapped: boolean
    readonly places: Places
  },
): readonly Values[] {
  const { reader, more } = openEnvelope(text, version, limits)
  if (!more) return []
  if (isWrapped) return valuesIn(reader, places)
  // The message is what soap:Body holds: its first element is that of the path.
  const [step, ...items] = places.items
  if (step === undefined) {
    const values = Object.fromEntries(
      Object.entries(places.values).map(([name, path]) => [name, path.slice(1)] as const),
    )
    return valuesIn(reader, { items: [], values })
  }
  return reader.localName === step ? valuesIn(reader, { items, values: places.values }) : []
}
