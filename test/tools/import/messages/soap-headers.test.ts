import { expect, it } from 'vitest'
import { compileContract } from '../../../../src/adapter/adapter.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { noSettings, parseSettings } from '../../../../src/tools/import/settings/settings.js'
import { settingsLines } from '../../../../src/tools/import/settings/text.js'
import { writeWsdl, wsdlText } from '../wsdl-text.js'

const text = (name: string): string => `<xs:element name="${name}" type="xs:string"/>`

/** A WSDL all of whose operations but the login have one SOAP header. */
function written(header: string) {
  const operations = [
    { name: 'Login', input: text('UserName') + text('Password'), output: text('SessionId') },
    { name: 'GetOrder', input: text('OrderId'), output: text('Title') },
    { name: 'GetItem', input: text('ItemId'), output: text('Title') },
  ]
  const [login = '', ...others] = wsdlText(operations, header).split('<operation name="GetOrder"><soap:')
  const bound = others
    .join('<operation name="GetOrder"><soap:')
    .replaceAll(
      '<input><soap:body use="literal"/>',
      '<input><soap:body use="literal"/><soap:header message="t:Caller" part="header" use="literal"/>',
    )
  const message = '<message name="Caller"><part name="header" element="t:Caller"/></message><portType '
  return writeWsdl(`${login}<operation name="GetOrder"><soap:${bound}`.replace('<portType ', message))
}

it('proposes a session whose token a SOAP header asks for, and applies it', async () => {
  const { directory, file } = written(
    `<xs:element name="Caller"><xs:complexType><xs:sequence>${text('SessionId')}</xs:sequence></xs:complexType></xs:element>`,
  )
  const { summary, document } = await importWsdl(file, { baseDir: directory })
  expect(summary.review.join('\n')).toContain('Nothing fills the SOAP header Caller yet')
  const [proposal, ...more] = summary.proposals
  if (!proposal) throw new Error('Nothing is proposed.')
  expect(more).toEqual([])
  expect(proposal.seen).toBe(
    'Login seems to give the Caller/SessionId that a SOAP header asks for, which nothing fills yet',
  )
  expect(document['x-soap-backends']).not.toHaveProperty('shop.session')
  const settings = parseSettings(settingsLines(proposal.settings).join('\n'), 'import.yaml')
  const after = await importWsdl(file, { baseDir: directory, settings })
  expect(after.diagnostics).toEqual([])
  expect(after.summary.proposals).toEqual([])
  expect(after.summary.review.join('\n')).not.toMatch(/SOAP header|cannot be/)
  expect(after.summary.operations.map(({ operation }) => operation)).toEqual(['GetOrder', 'GetItem'])
  expect(after.document['x-soap-backends']).toMatchObject({
    shop: {
      headers: { 'Caller/SessionId': '$session.token' },
      session: {
        operation: 'Login',
        request: { UserName: '${SHOP_USER_NAME}', Password: '${SHOP_PASSWORD}' },
        token: '$response.body#/sessionId',
      },
    },
  })
  const env = { SHOP_USER_NAME: 'shop', SHOP_PASSWORD: 'secret' }
  const adapter = compileContract({ contract: after.document, baseDir: directory, env })
  const sent = adapter.operations.get('getOrder')?.encode({ path: { orderId: '7' }, query: {}, headers: {} })
  expect(String(sent?.body)).toMatch(/Header>.*Caller.*SessionId>SESSION-TOKEN<.*Body>.*OrderId>7</s)
  await adapter.close()
})

it('proposes the account of the service for credentials in a SOAP header', async () => {
  const { directory, file } = written(
    `<xs:element name="Caller"><xs:complexType><xs:sequence>${text('UserName')}${text('Password')}${text('Branch')}</xs:sequence></xs:complexType></xs:element>`,
  )
  const { summary } = await importWsdl(file, { baseDir: directory })
  expect(summary.proposals.map(({ seen, settings }) => [seen, settings])).toEqual([
    [
      'Caller/UserName, Caller/Password are credentials in SOAP headers that nothing fills yet',
      {
        soapHeaders: {
          'Caller/UserName': '${SHOP_CALLER_USER_NAME}',
          'Caller/Password': '${SHOP_CALLER_PASSWORD}',
        },
      },
    ],
  ])
})

it('says which SOAP header of the settings nothing has', async () => {
  const { directory, file } = written(text('Caller'))
  const settings = { ...noSettings, soapHeaders: { 'Other/Id': 'x' } }
  const { summary } = await importWsdl(file, { baseDir: directory, settings })
  expect(summary.review).toContain('What import.yaml wants cannot be: no operation has a SOAP header Other.')
})
