import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SigningKey } from '../../src/ws-security/policy.js'

/** A private key and its certificate as PEM, in files that other programs can read. */
export interface Credential extends SigningKey {
  readonly keyFile: string
  readonly certificateFile: string
  readonly keyPem: string
  readonly certificatePem: string
}

export interface CredentialOptions {
  /** Who signs it; itself where nobody is named. */
  readonly issuer?: Credential
  readonly ca?: boolean
  /** Extensions as openssl writes them, `keyUsage=keyEncipherment`. */
  readonly extensions?: readonly string[]
  /** Arguments of `openssl req -newkey`. */
  readonly key?: readonly string[]
  readonly days?: number
  readonly serial?: number
  /** Arguments of `openssl x509` that say how it is signed. */
  readonly signature?: readonly string[]
}

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0

/** A folder of keys and certificates made for one test file. */
export class KeyFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'soapstone-wss-'))
  #made = 0

  /** @param subject as openssl writes it, `/C=DE/O=Acme/CN=backend` */
  make(subject: string, options: CredentialOptions = {}): Credential {
    const {
      issuer,
      ca = false,
      extensions = [],
      key = ['rsa:2048'],
      days = 30,
      serial,
      signature = [],
    } = options
    const base = join(this.path, `${++this.#made}`)
    const [keyFile, request, certificateFile, extensionFile] = ['key', 'csr', 'crt', 'ext'].map(
      (ending) => `${base}.${ending}`,
    ) as [string, string, string, string]
    openssl([
      'req',
      '-new',
      '-newkey',
      ...key,
      '-nodes',
      '-keyout',
      keyFile,
      '-out',
      request,
      '-subj',
      subject,
      '-utf8',
    ])
    writeFileSync(
      extensionFile,
      [
        ...(extensions.some((each) => each.startsWith('basicConstraints='))
          ? []
          : [`basicConstraints=critical,CA:${ca ? 'TRUE' : 'FALSE'}`]),
        ...extensions,
      ].join('\n'),
    )
    const signer = issuer ? ['-CA', issuer.certificateFile, '-CAkey', issuer.keyFile] : ['-signkey', keyFile]
    openssl([
      ...['x509', '-req', '-in', request, '-out', certificateFile, '-extfile', extensionFile],
      ...['-days', `${days}`, '-set_serial', `${serial ?? 1000 + this.#made}`, ...signer],
      ...signature,
    ])
    const keyPem = readFileSync(keyFile, 'utf8')
    const certificatePem = readFileSync(certificateFile, 'utf8')
    return {
      keyFile,
      certificateFile,
      keyPem,
      certificatePem,
      privateKey: createPrivateKey(keyPem),
      certificate: new X509Certificate(certificatePem),
    }
  }

  /** Another certificate of an authority for its key, under its name; it signs it itself where nobody is named. */
  again(
    authority: Credential,
    serial: number,
    { issuer, days = 20_000, extensions = ['basicConstraints=critical,CA:TRUE'] }: CredentialOptions = {},
  ): Credential {
    const request = authority.certificateFile.replace(/crt$/, 'csr')
    const certificateFile = join(this.path, `again-${serial}.crt`)
    writeFileSync(join(this.path, 'again.ext'), extensions.join('\n'))
    const signer = issuer
      ? ['-CA', issuer.certificateFile, '-CAkey', issuer.keyFile]
      : ['-signkey', authority.keyFile]
    openssl([
      ...['x509', '-req', '-in', request, ...signer, '-out', certificateFile],
      ...['-set_serial', `${serial}`, '-days', `${days}`],
      ...['-extfile', join(this.path, 'again.ext')],
    ])
    const certificatePem = readFileSync(certificateFile, 'utf8')
    return { ...authority, certificateFile, certificatePem, certificate: new X509Certificate(certificatePem) }
  }

  remove(): void {
    rmSync(this.path, { recursive: true })
  }
}

export function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' })
}
