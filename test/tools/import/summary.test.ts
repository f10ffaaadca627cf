import { expect, it } from 'vitest'
import { importWsdl } from '../../../src/tools/import/import.js'
import { formatSummary } from '../../../src/tools/import/summary.js'
import { wsdlText, writeWsdl } from './wsdl-text.js'

const element = (name: string): string => `<xs:element name="${name}" type="xs:string"/>`
const output = element('Title')

it('says what was made of what, what was decided, and what to edit, each once', async () => {
  const { directory, file } = writeWsdl(
    wsdlText([
      { name: 'GetOrder', input: element('OrderId'), output, faults: ['OrderNotFound', 'Trouble'] },
      { name: 'ReadOrder', input: element('OrderId'), output },
      { name: 'GetSession', input: element('Password'), output },
      { name: 'FrobnicateOrder', input: element('Title'), output, faults: ['Trouble'] },
      ...Array.from({ length: 8 }, (_, n) => ({ name: `Frob${n}x`, input: element('Title'), output })),
    ]),
  )
  const { summary } = await importWsdl(file, {
    baseDir: directory,
    operations: ['*Order', 'GetSession', 'Frob*'],
  })
  const text = formatSummary(summary)
  expect(text).toMatch(/^12 operations\n {2}GET \/orders\/\{orderId\} +GetOrder\n/)
  expect(text).toContain(
    [
      'Decisions',
      '  - POST /service/operation, since no verb that is known tells what it does; edit method and path: FrobnicateOrder (POST /shop/frobnicate-order), Frob0x (POST /shop/frob0x), Frob1x (POST /shop/frob1x), Frob2x (POST /shop/frob2x), Frob3x (POST /shop/frob3x), Frob4x (POST /shop/frob4x) and 3 more.',
      '  - POST for a read, since its input has what should not be in a URL: GetSession (POST /sessions/query).',
      '  - The path that the name suggests is taken, so the next best: ReadOrder (GET /orders-by-order-id/{orderId}).',
      '',
      'To review',
      '  - Everybody may call: say who may in security and components.securitySchemes, as docs/security.md shows.',
      '  - Faults whose names say no status are 502; give them one in x-soap.faults: Trouble.',
      '  - GET was given to reads with nothing but scalars for input; move those that change something to post: GetOrder, ReadOrder.',
      '  - Statuses of faults are guessed from their names; see x-soap.faults: OrderNotFound 404.',
    ].join('\n'),
  )
})
