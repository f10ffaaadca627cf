import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, listen, ready, scratchFolder, serve } from '../support.mjs'
import { createProvider } from './identity.mjs'
import { createRegistry } from './registry.mjs'
import { createRepository } from './repository.mjs'

const folder = scratchFolder()

/** A key and its certificate, for as long as the example lasts. */
function keyPair(name) {
  const files = { key: join(folder, `${name}.key`), certificate: join(folder, `${name}.pem`) }
  const make = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', `/CN=${name}`]
  execFileSync('openssl', ['req', ...make, '-keyout', files.key, '-out', files.certificate], {
    stdio: 'ignore',
  })
  return { files, key: readFileSync(files.key, 'utf8'), certificate: readFileSync(files.certificate, 'utf8') }
}

const facade = keyPair('facade')
const signer = keyPair('provider')
const provider = await createProvider(signer)
const issuer = await listen(provider.server)
const journalOf = (name) => (line) => console.log(`${name}: ${line}`)
const known = { facade: facade.certificate, provider: signer.certificate }
const registry = await listen(createRegistry({ ...known, journal: journalOf('registry') }))
const repository = await listen(createRepository({ ...known, journal: journalOf('repository') }))
const port = await freePort(Number(process.env.PORT ?? 8080))
const audit = join(folder, 'audit.log')
const url = await serve(`${import.meta.dirname}/openapi.yaml`, {
  PORT: String(port),
  REGISTRY_URL: registry,
  REPOSITORY_URL: repository,
  FACADE_KEY_FILE: facade.files.key,
  FACADE_CERTIFICATE: facade.files.certificate,
  ...{ AUTHENTICATION: 'contract', OAUTH_ISSUER: issuer, OAUTH_JWKS_URL: `${issuer}/keys` },
  OAUTH_AUDIENCE: 'patients',
  ...{ AUDIT_LOG: audit, AUDIT_CHAIN: 'true', GRAPHQL: 'true' },
})

/** A file with the header that proves who calls, for curl. */
async function headerFile(subject) {
  const file = join(folder, subject)
  writeFileSync(file, `Authorization: Bearer ${await provider.token(subject, issuer, 'patients')}\n`, {
    mode: 0o600,
  })
  return file
}
const okafor = `curl -H @${await headerFile('okafor')}`
const query = `{ patientSummary(patientId: "P-1001") { name allergies documents { items { title file { mediaType base64 } } } } }`

ready(`
Patients, over two registries: ${url}

Doctor Okafor reads, as the one who treats P-1001:

  ${okafor} ${url}/v1/patients/P-1001/summary
  ${okafor} ${url}/v1/patients/P-1001/documents
  ${okafor} -o letter.pdf ${url}/v1/documents/D-17

All of it in one query:

  ${okafor} -H 'Content-Type: application/json' -d '${JSON.stringify({ query })}' ${url}/graphql

P-1002 is another doctor's patient; that is for the registries to say:

  ${okafor} ${url}/v1/patients/P-1002/summary
  ${okafor} ${url}/v1/documents/D-30

Who read what:

  cat ${audit}
  node ${join(import.meta.dirname, '../../dist/cli/main.js')} audit ${audit}

The registry itself, without an assertion and a signature:

  curl -d '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>' ${registry}`)
