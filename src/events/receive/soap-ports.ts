import type { WebhookSource } from '../../adapter/webhook-source.js'
import type { ReceivedWebhook } from '../../mapping/operation/webhook/webhook.js'
import { type Keep, SoapPort } from './soap-port.js'

/** The ports that soapstone serves for the backends of a contract that call, one for each. */
export function soapPorts(sources: readonly WebhookSource[], keep: Keep): readonly SoapPort[] {
  const byBackend = new Map<
    string,
    { readonly source: WebhookSource; readonly webhooks: ReceivedWebhook[] }
  >()
  for (const source of sources) {
    const { mapping } = source
    if (mapping.kind !== 'receive') continue
    const { name } = mapping.backend
    const known = byBackend.get(name)
    if (known) known.webhooks.push(mapping)
    else byBackend.set(name, { source, webhooks: [mapping] })
  }
  return [...byBackend.values()].flatMap(({ source: { runtime }, webhooks }) => {
    const mapping = webhooks[0]?.backend
    const policy = mapping?.receive
    return mapping && runtime && policy ? [new SoapPort(webhooks, { mapping, runtime, policy, keep })] : []
  })
}
