import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Pair {
  readonly cert: Buffer
  readonly key: Buffer
  /** Where they lie. */
  readonly certFile: string
  readonly keyFile: string
}

export interface LeafOptions {
  /** Common name, and what follows it in subjectAltName: `IP:127.0.0.1`, `DNS:core.example`. */
  readonly alternative?: string
  /** From now; below zero for a certificate that has expired. */
  readonly days?: number
}

/** Certificates made by the openssl command in a folder of their own. */
export class CertificateMaker {
  readonly folder = mkdtempSync(join(tmpdir(), 'soapstone-certificates-'))

  /** @returns undefined where there is no openssl, and prints so */
  static create(): CertificateMaker | undefined {
    try {
      execFileSync('openssl', ['version'], { stdio: 'ignore' })
      return new CertificateMaker()
    } catch {
      console.log('skipped: certificates need the openssl command')
      return undefined
    }
  }

  /** A certificate that has signed itself, and may sign others. */
  authority(name: string): Pair {
    const subject = ['-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:TRUE']
    this.run('req', '-x509', ...newKey, '-days', '2', ...subject, ...this.#out(name))
    return this.#pair(name)
  }

  leaf(name: string, issuer: Pair, { alternative = 'IP:127.0.0.1', days = 2 }: LeafOptions = {}): Pair {
    const request = join(this.folder, `${name}.csr`)
    const extensions = join(this.folder, `${name}.ext`)
    writeFileSync(extensions, `subjectAltName=${alternative}\n`)
    const { certFile, keyFile } = this.#pair(name, false)
    this.run('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', keyFile, '-out', request)
    const signed = [
      '-CA',
      issuer.certFile,
      '-CAkey',
      issuer.keyFile,
      '-CAcreateserial',
      '-extfile',
      extensions,
    ]
    this.run('x509', '-req', '-in', request, '-days', String(days), ...signed, '-out', certFile)
    return this.#pair(name)
  }

  /** The key, encrypted. @returns its path */
  encrypted({ keyFile }: Pair, passphrase: string): string {
    const file = `${keyFile}.encrypted`
    this.run('pkey', '-in', keyFile, '-aes256', '-passout', `pass:${passphrase}`, '-out', file)
    return file
  }

  /** Key and certificate as PKCS #12. @returns its path */
  pkcs12({ certFile, keyFile }: Pair, passphrase: string, ...more: string[]): string {
    const file = `${certFile}.p12`
    const output = ['-passout', `pass:${passphrase}`, '-out', file, ...more]
    this.run('pkcs12', '-export', '-in', certFile, '-inkey', keyFile, ...output)
    return file
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }

  private run(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' })
  }

  #out(name: string): string[] {
    return ['-keyout', join(this.folder, `${name}.key`), '-out', join(this.folder, `${name}.pem`)]
  }

  #pair(name: string, exists = true): Pair {
    const [certFile, keyFile] = [join(this.folder, `${name}.pem`), join(this.folder, `${name}.key`)]
    const read = (file: string) => (exists ? readFileSync(file) : Buffer.alloc(0))
    return { cert: read(certFile), key: read(keyFile), certFile, keyFile }
  }
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
