import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('contracts/', import.meta.url)

/** Where the WSDLs of the contract are. */
export const contractFolder = fileURLToPath(folder)
export const contractFile = fileURLToPath(new URL('openapi.yaml', folder))
export const contractText = readFileSync(contractFile, 'utf8')

/** Of nobody: what the contract takes from its environment. */
export const environment: Readonly<
  Record<'CRM_ORGANIZATION' | 'CRM_PATH_SECRET' | 'SENSORS_PASSWORD', string>
> = {
  CRM_ORGANIZATION: '00D000000000001AAA',
  CRM_PATH_SECRET: 'c3a7f0b1d2e4968574',
  SENSORS_PASSWORD: 'correct horse',
}
