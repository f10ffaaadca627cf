import { gzipSync } from 'node:zlib'
import { XMLParser } from 'fast-xml-parser'
import { list, listen, ready, serve, soapServer } from '../support.mjs'

// The hub passes on what is in its strings. Behind it customs charge 10 %, and refuse tariff codes that begin with 93.
const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false })
const namespace = 'xmlns="urn:example:customs"'
function customs(document) {
  const items = list(parser.parse(document).Declaration.Item)
  const refused = items.findIndex(({ TariffCode }) => TariffCode.startsWith('93'))
  if (refused >= 0)
    return `<Rejection ${namespace}><Reason>A permit is missing</Reason><Item>${refused + 1}</Item></Rejection>`
  const duty = items.reduce((sum, { Value }) => sum + Number(Value) / 10, 0)
  return `<Assessment ${namespace}><Duty>${duty.toFixed(2)}</Duty><Released>true</Released></Assessment>`
}
let count = 0
const backend = soapServer({
  Submit({ XmlRequest }) {
    console.log(`\nThe hub got this text:\n${XmlRequest}`)
    const reply = gzipSync(`<?xml version="1.0" encoding="UTF-8"?>\n${customs(XmlRequest)}`).toString(
      'base64',
    )
    return `<SubmitResponse xmlns="urn:example:hub"><TrackingId>T-${++count}</TrackingId><XmlReply>${reply}</XmlReply></SubmitResponse>`
  },
})
const url = await serve(`${import.meta.dirname}/openapi.yaml`, { HUB_URL: await listen(backend) })

const declare = (code) =>
  `curl -H 'Content-Type: application/json' -d '{"reference":"R-1","items":[{"origin":"JP","tariffCode":"${code}","value":"120.50"}]}' ${url}/v1/declarations`
ready(`
A message hub whose strings hold XML:

  ${declare('85171300')}

Customs refuse this one, in a document that the contract makes a 422 of:

  ${declare('93020000')}

This is no tariff code, and does not reach the hub:

  ${declare('phone')}`)
