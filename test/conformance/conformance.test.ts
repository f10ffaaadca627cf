import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { AdapterError, type RestOperation } from '../../src/index.js'
import { EnvelopeJudge } from '../oracle/xsd.js'
import { type Exhibit, judgeWithLxml, lxmlIsAbsent } from '../oracle/xsd-lxml.js'
import { clarkTree } from './clark-tree.js'
import { chapters } from './constructs/index.js'
import { soapConstructs } from './constructs/soap.js'
import { envelope, exactJson, folder, importedOperations, rebased, textOf } from './features.js'

vi.setConfig({ testTimeout: 60_000 })

const wsdl = `${folder}features.wsdl`
const constructs = chapters.flatMap(([, own]) => own)

let operations: ReadonlyMap<string, readonly RestOperation[]>
let judge: EnvelopeJudge
const exhibits: Exhibit[] = []
beforeAll(async () => {
  operations = await importedOperations(wsdl)
  judge = new EnvelopeJudge(wsdl)
})
afterAll(() => {
  judge.dispose()
})

function operationOf(name: string, index = 0): RestOperation {
  const found = operations.get(name)?.[index]
  if (!found) throw new Error(`no operation ${name}`)
  return found
}

function encoded(operation: RestOperation, json: string): string {
  const { path, query, headers } = operation.sample({ optionals: 'none' })
  return textOf(operation.encode({ path, query, headers, body: exactJson(json) }).body)
}

function answered(operation: RestOperation, text: string, version: '1.1' | '1.2' = '1.1'): string {
  const type = version === '1.1' ? 'text/xml' : 'application/soap+xml'
  const { status, body } = operation.decode({ status: 200, headers: { 'content-type': type }, body: text })
  expect(status).toBe(200)
  return textOf(body)
}

describe.each(constructs)(
  '$construct ($operation)',
  ({ operation: name, json, xml, unjudged, refused = [] }) => {
    const body = envelope(`<f:${name}>${xml}</f:${name}>`)

    it('is written', () => {
      const written = encoded(operationOf(name), json)
      expect(clarkTree(rebased(written))).toBe(clarkTree(body))
      if (unjudged !== undefined) return
      expect(judge.complaints(name, 'input', written)).toEqual([])
      exhibits.push({ id: `${name} written`, operation: name, envelope: written })
    })
    it('is read', () => {
      if (unjudged === undefined) expect(judge.complaints(name, 'output', body)).toEqual([])
      expect(answered(operationOf(name), body)).toBe(json)
    })
    it.each(['all', 'none'] as const)('has samples with %s of its optionals', (optionals) => {
      const operation = operationOf(name)
      const written = textOf(operation.encode(operation.sample({ optionals })).body)
      const answer = textOf(operation.sampleResponse({ optionals }).body)
      expect(() => answered(operation, answer)).not.toThrow()
      if (unjudged !== undefined) return
      expect(judge.complaints(name, 'input', written)).toEqual([])
      expect(judge.complaints(name, 'output', answer)).toEqual([])
      exhibits.push({ id: `${name} ${optionals}`, operation: name, envelope: written })
    })
    it.runIf(refused.length > 0)('is refused where it is not valid', () => {
      const operation = operationOf(name)
      for (const text of refused) expect(() => encoded(operation, text), text).toThrow(AdapterError)
    })
  },
)

describe.each(soapConstructs.map((row, index) => ({ ...row, index })))(
  '$construct ($operation)',
  ({ operation: name, json, request, answer, answerJson = json, soapVersion, index }) => {
    const overload = soapConstructs.slice(0, index).filter((other) => other.operation === name).length

    it('is written', () => {
      const written = encoded(operationOf(name, overload), json)
      expect(clarkTree(rebased(written, soapVersion))).toBe(clarkTree(envelope(request, soapVersion)))
      if (overload === 0 && soapVersion === undefined) {
        exhibits.push({ id: `${name} written`, operation: name, envelope: written })
      }
    })
    it.runIf(answer !== undefined)('is read', () => {
      const body = envelope(answer ?? '', soapVersion)
      expect(answered(operationOf(name, overload), body, soapVersion)).toBe(answerJson)
    })
  },
)

it('a one-way operation has no response', () => {
  const { status, body } = operationOf('OneWay').decode({ status: 202, headers: {}, body: '' })
  expect([status, textOf(body)]).toEqual([202, ''])
})

it.each([
  ['NotFoundFault', '<f:NotFoundFault><f:Id>7</f:Id></f:NotFoundFault>', 404, { id: 7 }],
  ['LimitFault', '<f:LimitFault><f:Limit>1.50</f:Limit></f:LimitFault>', undefined, { limit: '1.50' }],
])('the declared fault %s is a problem with its detail', (name, detail, expected, fault) => {
  const text = envelope(
    `<soap:Fault><faultcode>soap:Server</faultcode><faultstring>no</faultstring><detail>${detail}</detail></soap:Fault>`,
  )
  const headers = { 'content-type': 'text/xml' }
  const { status, body } = operationOf('Faults').decode({ status: 500, headers, body: text })
  if (expected !== undefined) expect(status).toBe(expected)
  expect(JSON.parse(textOf(body))).toMatchObject({ code: name, fault })
})

it('another validator says the same of all that was written', ({ skip }) => {
  if (lxmlIsAbsent !== undefined) skip(lxmlIsAbsent)
  expect(exhibits.length).toBeGreaterThan(constructs.length)
  expect(judgeWithLxml(wsdl, exhibits)).toEqual([])
})
