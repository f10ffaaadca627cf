import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  documentLiteralWsdl,
  element,
  enumeration,
  many,
  optional,
  sequence,
  wrapper,
} from './document-literal.mjs'

const namespace = 'urn:example:ledger:v1'

/**
 * Writes a WSDL and an OpenAPI document with so many operations, each with types of its own: lists and orders in turn.
 *
 * @returns the OpenAPI document's path, the URL path of the last list and the local name of its output element
 */
export function writeContract(directory, operations) {
  const folder = join(directory, `contract-${operations}`)
  mkdirSync(folder, { recursive: true })
  const numbers = Array.from({ length: operations }, (_, index) => index + 1)
  writeFileSync(join(folder, 'ledger.wsdl'), wsdl(numbers))
  const contract = join(folder, 'openapi.json')
  writeFileSync(contract, JSON.stringify(openApi(numbers), null, 1))
  const lastList = operations % 2 === 1 ? operations : operations - 1
  return {
    contract,
    path: `/v1/ledgers/${lastList}/accounts/DE89370400440532013000/transactions?limit=1`,
    response: `${nameOf(lastList)}Response`,
  }
}

const isList = (n) => n % 2 === 1
const nameOf = (n) => (isList(n) ? `ListTransactions${n}` : `SubmitOrder${n}`)
const kinds = ['CARD', 'DEBIT', 'FEE', 'SALARY', 'TRANSFER']

function typesOf(n) {
  const kind = enumeration(`Kind${n}`, kinds)
  const row = [
    element('Id', 'xs:long'),
    element('Booked', 'xs:date'),
    element('Value', 'xs:date'),
    element('Entered', 'xs:dateTime'),
    element('Amount', 'xs:decimal'),
    element('Balance', 'xs:decimal'),
    element('Ccy', 'xs:string'),
    element('Kind', `led:Kind${n}`),
    element('Text', 'xs:string'),
    element('Memo', 'xs:string', optional),
    element('Open', 'xs:boolean'),
  ]
  const complex = `<xs:complexType name="Row${n}">${sequence(...row)}</xs:complexType>`
  const name = nameOf(n)
  if (isList(n)) {
    const limit = element('Limit', 'xs:int', optional)
    return (
      kind +
      complex +
      wrapper(name, element('AccountId', 'xs:string'), limit) +
      wrapper(`${name}Response`, element('Items', `led:Row${n}`, many))
    )
  }
  return (
    kind +
    complex +
    wrapper(name, element('AccountId', 'xs:string'), element('Rows', `led:Row${n}`, many)) +
    wrapper(`${name}Response`, element('OrderId', 'xs:long'), element('Entered', 'xs:dateTime'))
  )
}

function wsdl(numbers) {
  return documentLiteralWsdl({
    name: 'Ledger',
    namespace,
    prefix: 'led',
    operations: numbers.map(nameOf),
    components: numbers.map(typesOf),
  })
}

const ref = (name) => ({ $ref: `#/components/schemas/${name}` })
const json = (schema) => ({ 'application/json': { schema } })
const object = (properties, optionals = []) => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optionals.includes(name)),
  properties,
})

const text = { type: 'string' }
const whole = { type: 'integer', format: 'int64' }
const date = { type: 'string', format: 'date' }
const moment = { type: 'string', format: 'date-time' }
const decimal = { type: 'string', format: 'decimal' }

function schemasOf(n) {
  const kind = { type: 'string', enum: kinds }
  const row = object(
    {
      id: whole,
      booked: date,
      value: date,
      entered: moment,
      amount: decimal,
      balance: decimal,
      ccy: text,
      kind,
      text,
      memo: text,
      open: { type: 'boolean' },
    },
    ['memo'],
  )
  const list = { type: 'array', items: ref(`Row${n}`) }
  const answer = isList(n) ? object({ items: list }) : object({ orderId: whole, entered: moment })
  return {
    [`Row${n}`]: row,
    [`Answer${n}`]: answer,
    ...(!isList(n) && { [`Order${n}`]: object({ rows: list }) }),
  }
}

function pathOf(n) {
  const accountId = { name: 'accountId', in: 'path', required: true, schema: text }
  const limit = { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 500 } }
  const operation = {
    operationId: nameOf(n),
    'x-soap': { operation: nameOf(n) },
    parameters: isList(n) ? [accountId, limit] : [accountId],
    ...(!isList(n) && { requestBody: { required: true, content: json(ref(`Order${n}`)) } }),
    responses: { 200: { description: 'The response.', content: json(ref(`Answer${n}`)) } },
  }
  const path = `/ledgers/${n}/accounts/{accountId}/${isList(n) ? 'transactions' : 'orders'}`
  return { [path]: isList(n) ? { get: operation } : { post: operation } }
}

function openApi(numbers) {
  return {
    openapi: '3.1.0',
    info: { title: 'Ledgers', version: '1.0.0' },
    servers: [{ url: '/v1' }],
    security: [{ ApiKey: [] }],
    'x-soap-backends': {
      ledger: { wsdl: 'ledger.wsdl', endpoint: '${LEDGER_URL:-http://127.0.0.1:9/ledger}' },
    },
    paths: Object.assign({}, ...numbers.map(pathOf)),
    components: {
      securitySchemes: { ApiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' } },
      schemas: Object.assign({}, ...numbers.map(schemasOf)),
    },
  }
}
