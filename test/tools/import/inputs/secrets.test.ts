import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { isSecretName } from '../../../../src/tools/import/inputs/secrets.js'
import { plainWords } from '../../../../src/tools/import/words/names.js'
import { writeWsdl, wsdlText } from '../wsdl-text.js'

it.each([
  ...[
    'password',
    'UserPassWord',
    'user_password',
    'pwd',
    'newPwd',
    'Kennwort',
    'motDePasse',
    'contraseña',
    'senha',
  ],
  ...[
    'wachtwoord',
    'Passord',
    'claveAcceso',
    'heslo',
    'parola',
    'token',
    'authToken',
    'access_token',
    'userToken',
  ],
  ...[
    'sessionId',
    'SessionID',
    'session_handle',
    'session',
    'idSesion',
    'idSessao',
    'userSession',
    'sid',
    'cookie',
  ],
  ...[
    'ticket',
    'authTicket',
    'loginTicket',
    'handle',
    'cardHandle',
    'apiKey',
    'API_KEY',
    'apikey',
    'accessKey',
  ],
  ...[
    'licenseKey',
    'licenceKey',
    'LicenseCode',
    'license',
    'secretKey',
    'clientSecret',
    'activationCode',
    'signature',
  ],
  ...[
    'ssn',
    'SSN',
    'socialSecurityNumber',
    'fodselsnummer',
    'Fødselsnummer',
    'fnr',
    'bsn',
    'nationalInsuranceNo',
  ],
  ...['cpf', 'codiceFiscale', 'pesel', 'rodneCislo', 'nhsNumber', 'PassportNumber', 'personnummer', 'dni'],
  ...['pin', 'PIN1', 'PinCode', 'otp', 'oneTimePassword', 'TAN', 'cvv', 'CVV2', 'securityCode', 'smsCode'],
  ...[
    'cardNumber',
    'CreditCardNo',
    'pan',
    'track2',
    'securityAnswer',
    'credentials',
    'bearer',
    'samlAssertion',
  ],
])('%s is a secret', (name) => {
  expect(isSecretName(plainWords(name))).toBe(true)
})

it.each([
  ...[
    'accountId',
    'orderNumber',
    'iban',
    'customerNo',
    'ticketId',
    'ticketNumber',
    'eventSession',
    'sessionDate',
  ],
  ...[
    'tokenType',
    'passwordExpiryDate',
    'nextPageToken',
    'continuationToken',
    'pageToken',
    'key',
    'code',
    'postCode',
  ],
  ...[
    'boardingPass',
    'productKeyword',
    'spinning',
    'panel',
    'authorId',
    'signatureDate',
    'licensePlate',
    'stanza',
  ],
])('%s is not a secret', (name) => {
  expect(isSecretName(plainWords(name))).toBe(false)
})

const text = (name: string, type = 'xs:string'): string => `<xs:element name="${name}" type="${type}"/>`

it('keeps secrets out of the path and the query of all methods', async () => {
  const types = `<xs:simpleType name="SsnType"><xs:restriction base="xs:string"/></xs:simpleType>
    <xs:complexType name="Session"><xs:sequence>${text('Id')}</xs:sequence></xs:complexType>`
  const operations = [
    ['GetAccount', text('SessionId') + text('AccountId')],
    ['GetPerson', text('SSN')],
    ['GetCitizen', text('Number', 't:SsnType')],
    ['ListOrders', text('apiKey')],
    ['ListItems', text('Session', 't:Session') + text('Filter')],
    ['DeleteSession', text('SessionId')],
    ['UpdatePerson', text('Ssn') + text('Name')],
    ['CloseCard', text('CardNumber')],
    ['AddCardLimit', text('CardNumber') + text('Limit')],
    ['BlockCard', text('CardNumber')],
    ['GetToken', text('UserId')],
    ['GetUserPassword', text('UserId')],
  ] as const
  const { directory, file } = writeWsdl(
    wsdlText(
      operations.map(([name, input]) => ({ name, input, output: text('Result') })),
      types,
    ),
  )
  const { summary } = await importWsdl(file, { baseDir: directory })
  const calls = summary.operations.map(({ method, path }) => `${method} ${path}`)
  expect(calls).toHaveLength(operations.length)
  for (const call of calls) expect(call).toMatch(/^(?:post|put) [^{}]*$/)
})

const corpus = fileURLToPath(new URL('../../../../../shared/corpus/', import.meta.url))
if (!existsSync(corpus)) console.warn(`secrets: skipped: there is no ${corpus}`)

interface Parameter {
  readonly $ref?: string
  readonly name: string
  readonly in: string
  readonly schema: { readonly type?: unknown; readonly enum?: unknown }
}

it.skipIf(!existsSync(corpus))(
  'puts no secret into an address of the corpus',
  { timeout: 300_000 },
  async () => {
    const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.wsdl'),
    )
    const found: string[] = []
    let looked = 0
    for (const file of files) {
      const { document } = await importWsdl(`${corpus}${file}`)
      const items = Object.values(document.paths ?? {}).map(
        (item) => item as Record<string, { readonly parameters?: readonly Parameter[] }>,
      )
      for (const { parameters = [] } of items.flatMap((item) => Object.values(item))) {
        const shared = (document.components as { readonly parameters?: Record<string, Parameter> }).parameters
        for (const parameter of parameters) {
          const { $ref: reference } = parameter
          const resolved = reference === undefined ? parameter : shared?.[reference.split('/').at(-1) ?? '']
          if (!resolved) throw new Error(`${file}: there is no ${String(reference)}`)
          const { name, in: place, schema } = resolved
          looked++
          if (schema.type === 'boolean' || schema.enum !== undefined || place === 'header') continue
          if (isSecretName(plainWords(name))) found.push(`${name}: ${file}`)
        }
      }
    }
    expect(looked).toBeGreaterThan(200)
    expect(found).toEqual([])
  },
)
