import { Fault, listen, ready, serve, soapServer, xml } from '../support.mjs'

// The backend: three currencies, and a fault for any other.
const worth = { EUR: 1, USD: 1.25, JPY: 160 }
const backend = soapServer({
  GetRate({ From, To }) {
    const unknown = [From, To].find((currency) => !worth[currency])
    if (unknown) {
      const detail = `<NoRate xmlns="urn:example:rates"><Currency>${xml(unknown)}</Currency></NoRate>`
      throw new Fault('e:Client', 'No rate', detail)
    }
    const rate = (worth[To] / worth[From]).toFixed(6)
    return `<GetRateResponse xmlns="urn:example:rates"><Rate>${rate}</Rate><Day>2026-11-29</Day></GetRateResponse>`
  },
})
const url = await serve(`${import.meta.dirname}/openapi.yaml`, { RATES_URL: await listen(backend) })

ready(`
Rates of a SOAP service, over REST:

  curl ${url}/v1/rates/EUR/USD
  curl -i ${url}/v1/rates/EUR/XXX

The API: ${url}/docs/`)
