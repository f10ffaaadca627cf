import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadAdapter, type MountableAdapter, type RestResponse } from '../../src/index.js'
import { type Cell, cellName, matrixContract, matrixWsdl, soapVersions, styles } from './contract.js'
import { bodyJson, bodyText } from './response.js'
import type { RunningStack } from './stack.js'
import { axis } from './stacks/axis.js'
import { gsoap } from './stacks/gsoap.js'
import { jaxWs } from './stacks/jax-ws.js'
import { nodeSoap } from './stacks/node-soap.js'
import { phpSoap } from './stacks/php-soap.js'
import { soapLite } from './stacks/soap-lite.js'
import { spyne } from './stacks/spyne.js'

const stacks = [phpSoap, jaxWs, gsoap, axis, soapLite, nodeSoap, spyne]

const order = {
  id: 9007199254740993n,
  customer: 'Ünal & <Söhne> "漢字"',
  placed: '2026-11-22T23:59:59.25+05:30',
  express: true,
  weight: 1.5,
  color: 'GREEN',
  payload: 'AP8QgA==',
  note: ' two  spaces ',
  discount: null,
  items: [
    { sku: 'A-1', quantity: 2, price: '10.50' },
    { sku: 'B<2>', quantity: 1, price: '0.01' },
  ],
}

for (const { name, found } of stacks)
  if ('absent' in found) console.log(`skipped: ${name}, for ${found.absent}`)

describe.each(stacks)('$name', (stack) => {
  const { found } = stack
  const absent = 'absent' in found ? found.absent : undefined
  const cells = styles.flatMap((style) => soapVersions.map((soap): Cell => ({ style, soap })))
  const spoken = cells.filter(stack.speaks)

  describe.skipIf(absent !== undefined)(
    'version' in found ? found.version : `(skipped: ${found.absent})`,
    () => {
      let folder: string
      let running: RunningStack

      beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), 'matrix-'))
        for (const cell of spoken) {
          writeFileSync(join(folder, `${cellName(cell)}.wsdl`), matrixWsdl(cell, 'http://localhost:1/'))
        }
        running = await stack.start(folder, spoken)
      }, 120_000)

      afterAll(async () => {
        await running.stop()
        rmSync(folder, { recursive: true })
      })

      describe.each(spoken)('SOAP $soap, $style', (cell) => {
        let adapter: MountableAdapter
        const nils = stack.peculiarities?.nils?.(cell) !== undefined
        const submit = async (changes: object = {}): Promise<RestResponse | undefined> => {
          const body = { ...order, id: 77, ...changes }
          return adapter.operations.get('submit')?.invoke({ path: {}, query: {}, headers: {}, body })
        }

        beforeAll(async () => {
          const { when, values } = stack.missing
          const missing = { when: when(cell), status: 404, title: 'There is no such order', values }
          const contract = matrixContract(cell, `${cellName(cell)}.wsdl`, { nils, missing })
          adapter = await loadAdapter({
            contract,
            baseDir: folder,
            env: { MATRIX_URL: running.endpoint(cell) },
          })
        })
        afterAll(() => adapter.close())

        test('success', async () => {
          const response = await submit()
          expect(response?.status).toBe(200)
          expect(bodyJson(response)).toEqual({
            receipt: '2xA-1;1xB<2>',
            order: { ...order, id: 77, ...stack.peculiarities?.changes },
          })
        })

        test('one item, and what is optional left out', async () => {
          const items = order.items.slice(0, 1)
          const response = await submit({ items, note: undefined })
          expect(bodyJson(response)).toMatchObject({ receipt: '2xA-1', order: { items } })
          if (nils) expect(bodyText(response)).toContain('"note":null')
          else expect(bodyText(response)).not.toContain('"note"')
        })

        test('no items', async () => {
          const response = await submit({ items: [] })
          expect(bodyJson(response)).toMatchObject({ order: { items: [] } })
        })

        test('a declared fault', async () => {
          const why = stack.peculiarities?.undeclared?.(cell)
          const response = submit({ customer: 'declared' })
          if (why !== undefined) {
            await expect(response).rejects.toMatchObject({ code: 'backend-fault' })
            return
          }
          const answer = await response
          expect(answer?.status).toBe(409)
          expect(bodyJson(answer)).toMatchObject({
            code: 'Rejected',
            fault: { code: 'R<1>', left: 3 },
          })
        })

        test('an undeclared fault', async () => {
          const response = submit({ customer: 'undeclared' })
          await expect(response).rejects.toMatchObject({ code: 'backend-fault' })
          await expect(response).rejects.not.toThrow(/Secret/)
        })

        test('an undeclared fault that the contract maps', async () => {
          const answer = await submit({ customer: 'missing' })
          expect(answer?.status).toBe(404)
          const problem = bodyJson(answer)
          expect(problem).toMatchObject({ code: 'OrderMissing', title: 'There is no such order' })
          expect(problem).toHaveProperty('fault', stack.missing.fault)
        })

        test.skipIf(stack.peculiarities?.answersAnyPath)(
          'nonsense: another path of the same server',
          async () => {
            const contract = matrixContract(cell, `${cellName(cell)}.wsdl`)
            const env = { MATRIX_URL: new URL('/nowhere', running.endpoint(cell)).href }
            const lost = await loadAdapter({ contract, baseDir: folder, env })
            try {
              const body = { ...order, id: 77 }
              const response = lost.operations
                .get('submit')
                ?.invoke({ path: {}, query: {}, headers: {}, body })
              await expect(response).rejects.toMatchObject({
                code: expect.stringMatching(/^backend-(not-soap|malformed|fault)$/) as string,
              })
            } finally {
              await lost.close()
            }
          },
        )
      })
    },
  )
})
