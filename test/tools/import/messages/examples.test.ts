import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect, it } from 'vitest'
import { isObject, type OpenApiObject } from '../../../../src/openapi/document.js'
import { importWsdl } from '../../../../src/tools/import/import.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const corpus = fileURLToPath(new URL('../../../../../shared/corpus/', import.meta.url))
const files = [
  ...['banking/core-banking.wsdl', 'banking/lending.wsdl', 'health/patient-registry.wsdl'].map((file) =>
    join(root, 'wsdl', file),
  ),
  ...[
    'apache__cxf/services/wsn/wsn-api/src/main/resources/org/apache/cxf/wsn/wsdl/wsn.wsdl',
    'apache__cxf/testutils/src/main/resources/wsdl/soapheader.wsdl',
    'gematik__api-telematik/conn/EventService.wsdl',
    'gematik__api-telematik/conn/SignatureService_V7_5_5.wsdl',
    'jboss-fuse__wsdl2rest/tests/spring/src/test/resources/menards/MenardsDesignService.wsdl',
    'navikt__tjenestespesifikasjoner/utenrikstjenesten-tjenestespesifikasjon/src/main/wsdl/eessi/wsdl/DsRi.wsdl',
    'ralcorta__afip.ts/src/soap/wsdl/wsfe.wsdl',
    'vpulim__node-soap/test/wsdl/extended_recursive.wsdl',
    'vpulim__node-soap/test/wsdl/list_parameter.wsdl',
    'vpulim__node-soap/test/wsdl/rpcexample.wsdl',
  ]
    .map((file) => join(corpus, file))
    .filter((file) => existsSync(file)),
]

interface Media {
  readonly pointer: string
  readonly examples: OpenApiObject
}

/** All Media Type Objects with examples below a value. */
function mediaIn(value: unknown, pointer: string): Media[] {
  if (!isObject(value)) return []
  const own =
    isObject(value.examples) && isObject(value.schema) ? [{ pointer, examples: value.examples }] : []
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, member]) =>
      mediaIn(member, `${pointer}/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`),
    ),
  ]
}

it.each(files.flatMap((file) => (['camel', 'preserve'] as const).map((names) => [file, names] as const)))(
  'every example is valid against its schema: %s, %s',
  { timeout: 60_000 },
  async (file, names) => {
    const { document } = await importWsdl(file, { baseDir: dirname(file), names })
    const ajv = new Ajv2020({ strict: false, validateFormats: true })
    formats.default(ajv)
    // The schemas have patterns for these.
    for (const format of ['xsd-date-time', 'xsd-date']) ajv.addFormat(format, true)
    ajv.addFormat('decimal', /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/)
    ajv.addSchema({ $id: 'https://contract.test/', ...document })
    const media = mediaIn(document.paths, '/paths')
    expect(media.length).toBeGreaterThan(0)
    for (const { pointer, examples } of media) {
      const validate = ajv.compile({ $ref: `https://contract.test/#${pointer}/schema` })
      for (const { value } of Object.values(examples) as { readonly value: unknown }[]) {
        validate(value)
        expect(validate.errors, pointer).toBeNull()
      }
    }
  },
)
