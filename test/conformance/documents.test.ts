import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { chapters } from './constructs/index.js'
import { soapConstructs } from './constructs/soap.js'
import { schemaText, wsdlText } from './contract.js'
import { folder } from './features.js'
import { gaps } from './gaps.js'
import { featuresPage } from './page.js'

const constructs = chapters.flatMap(([, own]) => own)

describe('what is made from the table (`npx vitest run test/conformance/documents.test.ts -u` writes it)', () => {
  it('has each operation once', () => {
    const names = constructs.map(({ operation }) => operation)
    expect(new Set(names).size).toBe(names.length)
  })
  it('features.wsdl', async () => {
    await expect(wsdlText(constructs, soapConstructs)).toMatchFileSnapshot(`${folder}features.wsdl`)
  })
  it('features.xsd', async () => {
    await expect(schemaText(constructs, soapConstructs)).toMatchFileSnapshot(`${folder}features.xsd`)
  })
  it('docs/features.md', async () => {
    const file = `${folder}../../docs/features.md`
    const options = await resolveConfig(file)
    const page = await format(featuresPage(chapters, soapConstructs, gaps), {
      ...options,
      parser: 'markdown',
    })
    await expect(page).toMatchFileSnapshot(file)
  })
})
