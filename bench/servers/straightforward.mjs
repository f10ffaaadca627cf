/**
 * What a good team would write by hand: Express, helmet, express-openapi-validator, a breaker around a SOAP client with
 * kept-alive connections, and a function that maps. It asks nobody for a key, writes no log and keeps no metrics, which
 * is in its favour.
 */
import { Agent, createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import express from 'express'
import * as OpenApiValidator from 'express-openapi-validator'
import helmet from 'helmet'
import CircuitBreaker from 'opossum'
import { createClientAsync } from 'soap'
import { listen } from './child.mjs'

const contract = (name) => fileURLToPath(new URL(`../contract/${name}`, import.meta.url))

const client = await createClientAsync(contract('ledger.wsdl'), { endpoint: process.env.LEDGER_URL })
const connections = { httpAgent: new Agent({ keepAlive: true, maxSockets: 64 }), forever: true }
const breakerOptions = { timeout: 10_000, errorThresholdPercentage: 50, rollingPercentilesEnabled: false }
const listTransactions = new CircuitBreaker(
  async (args) => (await client.ListTransactionsAsync(args, connections))[0],
  breakerOptions,
)
const submitPayment = new CircuitBreaker(
  async (args) => (await client.SubmitPaymentAsync(args, connections))[0],
  breakerOptions,
)

const day = (date) => date.toISOString().slice(0, 10)

const toTransaction = (item) => ({
  id: item.Id,
  booked: day(item.Booked),
  value: day(item.Value),
  entered: item.Entered.toISOString(),
  amount: item.Amount,
  balance: item.Balance,
  ccy: item.Ccy,
  kind: item.Kind,
  text: item.Text,
  ...(item.Memo !== undefined && { memo: item.Memo }),
  open: item.Open,
})

const fromParty = (party) => ({
  Name: party.name,
  Iban: party.iban,
  Street: party.street,
  Town: party.town,
  Country: party.country,
})

const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.use(helmet())
app.use(express.json())
app.use(
  OpenApiValidator.middleware({
    apiSpec: contract('openapi.yaml'),
    validateResponses: false,
    validateSecurity: false,
    formats: { decimal: { type: 'string', validate: (text) => /^[+-]?[0-9]+(?:\.[0-9]+)?$/.test(text) } },
  }),
)
app.get('/v1/accounts/:accountId/transactions', async (req, res) => {
  const answer = await listTransactions.fire({
    AccountId: req.params.accountId,
    From: req.query.from,
    Limit: req.query.limit,
  })
  res.json({ items: (answer?.Items ?? []).map(toTransaction) })
})
app.post('/v1/accounts/:accountId/payments', async (req, res) => {
  const { body } = req
  const answer = await submitPayment.fire({
    AccountId: req.params.accountId,
    EndToEndId: body.endToEndId,
    Amount: body.amount,
    Ccy: body.ccy,
    Due: body.due,
    Kind: body.kind,
    Debtor: fromParty(body.debtor),
    Creditor: fromParty(body.creditor),
    Lines: body.lines?.map((line) => ({ Invoice: line.invoice, Issued: line.issued, Amount: line.amount })),
  })
  res
    .status(201)
    .json({ paymentId: answer.PaymentId, accepted: answer.Accepted.toISOString(), fee: answer.Fee })
})
app.use((error, _req, res, _next) => {
  res.status(error.status ?? 502).json({ message: error.message })
})

listen(createServer(app))
