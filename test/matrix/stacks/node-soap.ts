import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type IOptions, type IServerOptions, listen } from 'soap'
import { cellName } from '../contract.js'
import type { Stack } from '../stack.js'

const { version } = createRequire(import.meta.url)('soap/package.json') as { version: string }

interface Item {
  readonly sku: string
  readonly quantity: number
}
interface Order {
  readonly id: number
  readonly customer: string
  readonly placed: Date
  readonly items?: { readonly item?: Item | readonly Item[] } | null
}

/** It reads what is nil as absent, and would write it with a prefix that it does not declare. */
const nil = { attributes: { 'xsi:nil': 'true', 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance' } }

/** Throws what node-soap makes a fault of: SOAP 1.1 and 1.2 ask for different objects. */
function refuse(soap12: boolean, text: string, detail?: object): never {
  const fault = soap12
    ? { Code: { Value: 'soap:Sender' }, Reason: { Text: text }, ...(detail && { Detail: detail }) }
    : { faultcode: 'soap:Client', faultstring: text, ...(detail && { detail }) }
  throw Object.assign(new Error(text), { Fault: fault })
}

function receive(order: Order, soap12: boolean): { receipt: string; order: object } {
  if (order.customer === 'declared') {
    const rejected = { attributes: { xmlns: 'urn:matrix' }, code: 'R<1>', left: 3 }
    refuse(soap12, 'Not today', { Rejected: rejected })
  }
  if (order.customer === 'undeclared') refuse(soap12, 'Secret trouble with undeclared')
  if (order.customer === 'missing') refuse(soap12, 'no such order', { Missing: { id: order.id } })
  const items = [order.items?.item ?? []].flat()
  const receipt = items.map(({ sku, quantity }) => `${quantity}x${sku}`).join(';')
  // A date it would write as nothing. Members go out in their order here, and what is nil came in as absent.
  const others = Object.fromEntries(Object.entries(order).filter(([name]) => name !== 'items'))
  return {
    receipt,
    order: { ...others, placed: order.placed.toISOString(), discount: nil, items: { item: items } },
  }
}

/** node-soap, the package `soap`, as a server. */
export const nodeSoap: Stack = {
  name: 'node-soap',
  found: { version },
  // In rpc/literal it qualifies the accessors, which have no namespace (WS-I BP 1.1, R2735).
  speaks: ({ style }) => style.startsWith('document'),
  missing: { when: () => ({ detail: 'Missing' }), values: { id: 'Missing/id' }, fault: { id: 77 } },
  peculiarities: {
    // A JavaScript Date has no offset; texts are trimmed.
    changes: { placed: '2026-11-22T18:29:59.250Z', note: 'two  spaces' },
    undeclared: ({ soap }) =>
      soap === '1.2' ? 'it writes what is in the detail into the namespace of the envelope' : undefined,
  },
  async start(folder, cells) {
    const server = createServer((_request, response) => {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>Not here</body></html>')
    })
    for (const cell of cells) {
      const name = cellName(cell)
      const soap12 = cell.soap === '1.2'
      const Submit = (input: Order & { order: Order }) =>
        receive(cell.style === 'document bare' ? input : input.order, soap12)
      const options: IServerOptions & Pick<IOptions, 'customDeserializer'> = {
        path: `/${name}`,
        services: { MatrixService: { MatrixPort: { Submit } } },
        xml: readFileSync(join(folder, `${name}.wsdl`), 'utf8'),
        forceSoap12Headers: soap12,
        // Without this it reads decimals as doubles.
        customDeserializer: { decimal: String },
      }
      listen(server, options)
    }
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return {
      endpoint: (cell) => `http://127.0.0.1:${port}/${cellName(cell)}`,
      stop: async () => {
        server.close()
        server.closeAllConnections()
        await once(server, 'close')
      },
    }
  },
}
