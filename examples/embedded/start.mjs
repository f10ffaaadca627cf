import { createServer } from 'node:http'
import { Fault, freePort, listen, ready, soapServer } from '../support.mjs'
import { createApp } from './app.mjs'

const points = { ann: 1200, bob: 35 }
const backend = soapServer({
  GetBalance({ Member }) {
    if (!(Member in points)) throw new Fault('e:Client', 'No', '<UnknownMember xmlns="urn:example:points"/>')
    return `<GetBalanceResponse xmlns="urn:example:points"><Points>${points[Member]}</Points><Expires>2027-12-31</Expires></GetBalanceResponse>`
  },
})
const { app } = await createApp({ POINTS_URL: await listen(backend) })
const url = await listen(createServer(app), await freePort(Number(process.env.PORT ?? 8080)))

ready(`
An Express app with logins of its own, into which the adapter was mounted:

  curl -i ${url}/v1/members/ann/balance
  curl -c jar -H 'Content-Type: application/json' -d '{"member":"ann"}' ${url}/login
  curl -b jar ${url}/v1/members/ann/balance
  curl -b jar ${url}/v1/members/bob/balance
  curl ${url}/metrics

Spans are printed as they end.`)
