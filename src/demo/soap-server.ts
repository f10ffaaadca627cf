import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import soap from 'soap'
import { element, type Markup, text } from './markup.js'
import { Message } from './message.js'

/** A simulated backend that listens. */
export interface DemoBackend {
  readonly name: string
  /** Where the service answers; its WSDL is at `?wsdl`. */
  readonly url: string
  close(): Promise<void>
}

/** One operation: reads the input element, answers with the output element or throws a {@link SoapFault}. */
export type SoapHandler = (input: Message) => Markup

export interface SoapServerOptions {
  readonly wsdlPath: URL | string
  readonly soapVersion: '1.1' | '1.2'
  /** Names as in the WSDL: wsdl:service, wsdl:port, wsdl:operation. */
  readonly service: string
  readonly port: string
  readonly operations: Readonly<Record<string, SoapHandler>>
  /** Path of the endpoint, with a leading slash. */
  readonly path: string
  /** TCP port; 0, the default, takes a free one. */
  readonly listenPort?: number
  readonly host?: string
}

/** A business error, answered as a SOAP fault with a typed detail. */
export class SoapFault extends Error {
  override readonly name = 'SoapFault'

  /**
   * @param reason for people: `faultstring`, or `Reason/Text`
   * @param detail the child of `detail`, as the WSDL declares it for this fault; none for one that it does not declare
   * @param blame `sender` where the request is at fault (SOAP 1.1 `Client`), else `receiver` (`Server`)
   */
  constructor(
    reason: string,
    readonly detail: Markup | undefined,
    readonly blame: 'sender' | 'receiver' = 'sender',
  ) {
    super(reason)
  }
}

/** SOAP 1.1, 4.4: faultcode, faultstring and detail belong to no namespace. */
function fault11(fault: SoapFault): Markup {
  return element('soap:Fault', {}, [
    element('faultcode', {}, text(fault.blame === 'sender' ? 'soap:Client' : 'soap:Server')),
    element('faultstring', {}, text(fault.message)),
    fault.detail && element('detail', {}, fault.detail),
  ])
}

/** SOAP 1.2 Part 1, 5.4. */
function fault12(fault: SoapFault): Markup {
  return element('soap:Fault', {}, [
    element(
      'soap:Code',
      {},
      element('soap:Value', {}, text(fault.blame === 'sender' ? 'soap:Sender' : 'soap:Receiver')),
    ),
    element('soap:Reason', {}, element('soap:Text', { 'xml:lang': 'en' }, text(fault.message))),
    fault.detail && element('soap:Detail', {}, fault.detail),
  ])
}

/** What node-soap's encoder takes for finished XML, in responses and in faults alike. */
interface Finished {
  readonly _xml: string
}

/**
 * Serves one port of a WSDL with node-soap, which reads the requests, finds the operation and writes the envelope.
 * Answers are written by the handlers themselves: node-soap's encoder loses namespaces and types.
 *
 * @throws Error where the WSDL cannot be read or the TCP port is taken
 */
export async function startSoapServer(options: SoapServerOptions): Promise<Omit<DemoBackend, 'name'>> {
  const { soapVersion, service, port, operations, path, listenPort = 0, host = '127.0.0.1' } = options
  const wsdlPath = options.wsdlPath instanceof URL ? fileURLToPath(options.wsdlPath) : options.wsdlPath
  const xml = await readFile(wsdlPath, 'utf8')
  const http = createServer((_request, response) => {
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(listenPort, host, resolve)
  })
  const asText = (lexical: string) => lexical
  const nodeSoapOptions = {
    path,
    xml,
    uri: wsdlPath,
    services: { [service]: { [port]: methods(operations, soapVersion) } },
    suppressStack: true,
    handleNilAsNull: true,
    preserveWhitespace: true,
    forceSoap12Headers: soapVersion === '1.2',
    // Lexical forms pass as they are: numbers would be rounded, dates shifted.
    customDeserializer: Object.fromEntries(
      [
        'int',
        'integer',
        'short',
        'long',
        'double',
        'float',
        'decimal',
        'bool',
        'boolean',
        'dateTime',
        'date',
      ].map((type) => [type, asText]),
    ),
  }
  await new Promise<void>((resolve, reject) => {
    soap.listen(http, {
      ...nodeSoapOptions,
      callback: (error: unknown) => {
        if (error instanceof Error) reject(error)
        else resolve()
      },
    })
  })
  const address = http.address()
  if (address === null || typeof address === 'string')
    throw new Error(`The server for ${wsdlPath} has no TCP address`)
  return {
    url: `http://${host}:${address.port}${path}`,
    close: () =>
      new Promise((resolve, reject) => {
        http.close((error) => {
          if (error) reject(error)
          else resolve()
        })
        http.closeAllConnections()
      }),
  }
}

function methods(
  operations: SoapServerOptions['operations'],
  soapVersion: '1.1' | '1.2',
): Record<string, (input: unknown) => Promise<Finished>> {
  const write = soapVersion === '1.1' ? fault11 : fault12
  return Object.fromEntries(
    Object.entries(operations).map(([name, handle]) => [
      name,
      // eslint-disable-next-line @typescript-eslint/require-await -- node-soap takes a promise's rejection for a fault
      async (input: unknown) => {
        try {
          return { _xml: handle(new Message(input)).xml }
        } catch (error) {
          if (!(error instanceof SoapFault)) throw error
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- the form that node-soap expects
          throw { Fault: { _xml: write(error).xml, statusCode: statusOf(error, soapVersion) } }
        }
      },
    ]),
  )
}

/** SOAP 1.1, 6.2: always 500. SOAP 1.2 Part 2, 7.5.2.2: 400 where the sender is to blame. */
function statusOf(fault: SoapFault, soapVersion: '1.1' | '1.2'): number {
  return soapVersion === '1.2' && fault.blame === 'sender' ? 400 : 500
}
