import { execFileSync, spawn } from 'node:child_process'
import { sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { derElements } from '../../src/ws-security/certificates/der.js'
import type { Credential } from './keys.js'

/** What openssl takes for an authority: its database of certificates, from which it writes lists and answers OCSP. */
export class Authority {
  readonly path = mkdtempSync(join(tmpdir(), 'soapstone-ca-'))
  readonly #ca: Credential
  readonly #config: string
  #written = 0

  constructor(ca: Credential) {
    this.#ca = ca
    const database = join(this.path, 'index.txt')
    writeFileSync(database, '')
    writeFileSync(join(this.path, 'number'), '01\n')
    this.#config = join(this.path, 'ca.cnf')
    writeFileSync(
      this.#config,
      [
        '[ca]\ndefault_ca = d\n[d]',
        `database = ${database}`,
        `crlnumber = ${join(this.path, 'number')}`,
        `certificate = ${ca.certificateFile}`,
        `private_key = ${ca.keyFile}`,
        'default_md = sha256\ndefault_crl_days = 1\npolicy = p\n[p]\ncommonName = optional',
        '[users]\nissuingDistributionPoint = critical, @point\n[point]\nonlyuser = TRUE',
        '[part]\nissuingDistributionPoint = critical, @one',
        '[one]\nfullname = URI:http://pki.example/1.crl,URI:ldap://pki.example/1',
        '[named]\nissuingDistributionPoint = critical, @issuer\n[issuer]\nfullname = dirName:issuer_name',
        '[issuer_name]\nCN = Root',
        '[relative]\nissuingDistributionPoint = critical, @below\n[below]\nrelativename = unit\n[unit]\nOU = relative',
        '[reasons]\nissuingDistributionPoint = critical, @some\n[some]\nonlysomereasons = keyCompromise',
        '[delta]\n2.5.29.27 = critical,DER:02:01:01\n',
      ].join('\n'),
    )
  }

  /** Notes certificates, so that it can answer for them, and revokes others. */
  know(good: readonly Credential[], revoked: readonly Credential[] = []): void {
    for (const { certificateFile } of good)
      this.#run(['ca', '-config', this.#config, '-valid', certificateFile])
    for (const { certificateFile } of revoked) {
      this.#run(['ca', '-config', this.#config, '-revoke', certificateFile])
    }
  }

  /**
   * Writes a list.
   *
   * @param args of `openssl ca -gencrl`: `-crlexts users`
   * @returns its file
   */
  list(...args: readonly string[]): string {
    const file = join(this.path, `${++this.#written}.crl`)
    this.#run(['ca', '-config', this.#config, '-gencrl', '-out', file, ...args])
    return file
  }

  /** What openssl thinks of a certificate by a list: its own word of failure, or OK. */
  judged(certificate: Credential, list: string): string {
    const both = join(this.path, 'both.pem')
    writeFileSync(both, this.#ca.certificatePem + readFileSync(list, 'utf8'))
    try {
      const args = ['verify', '-crl_check', '-CAfile', both, certificate.certificateFile]
      return /: (OK)/.exec(execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' }))?.[1] ?? ''
    } catch (error) {
      return (
        /error \d+ at \d+ depth lookup: (.*)/.exec(String((error as { stderr?: unknown }).stderr))?.[1] ?? ''
      )
    }
  }

  /**
   * Writes an OCSP response that says what is known of certificates.
   *
   * @returns its file
   */
  response(...certificates: readonly Credential[]): string {
    const file = join(this.path, `${++this.#written}.ocsp`)
    const { certificateFile, keyFile } = this.#ca
    this.#run([
      ...['ocsp', '-index', join(this.path, 'index.txt'), '-CA', certificateFile, '-noverify', '-nmin', '5'],
      ...['-rsigner', certificateFile, '-rkey', keyFile, '-issuer', certificateFile, '-no_nonce'],
      '-resp_no_certs',
      ...certificates.flatMap((each) => ['-cert', each.certificateFile]),
      ...['-respout', file],
    ])
    return file
  }

  /**
   * A response as the authority, whose key is RSA, would have given it at another time.
   *
   * @returns its file
   */
  shifted(response: string, ms: number): string {
    const text = readFileSync(response).toString('latin1')
    const shifted = text.replace(/(?<=\x18\x0f)\d{14}(?=Z)/g, (written) => {
      const [, ...parts] = /^(....)(..)(..)(..)(..)(..)$/.exec(written) ?? []
      const [year, month, day, hour, minute, second] = parts
      const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
      return new Date(time + ms).toISOString().replace(/[-:T]|\..*/g, '')
    })
    const octets = Buffer.from(shifted, 'latin1')
    // The signature comes last; what was signed is the first element of that sequence.
    const inner = (tag: number, content: Buffer, index: number): Buffer => {
      const element = derElements(content)[index]
      if (element?.tag !== tag) throw new Error('openssl writes responses otherwise')
      return element.content
    }
    const basic = inner(0x04, inner(0x30, inner(0xa0, inner(0x30, octets, 0), 1), 0), 1)
    const [signed] = derElements(inner(0x30, basic, 0))
    const value = sign('sha256', signed?.raw ?? Buffer.alloc(0), this.#ca.privateKey)
    value.copy(octets, octets.length - value.length)
    const file = join(this.path, `${++this.#written}.ocsp`)
    writeFileSync(file, octets)
    return file
  }

  /** Serves OCSP with the command of openssl. */
  async serve(signer: Credential = this.#ca): Promise<{ readonly url: string; readonly close: () => void }> {
    const responder = spawn(
      'openssl',
      [
        ...['ocsp', '-index', join(this.path, 'index.txt'), '-CA', this.#ca.certificateFile],
        ...['-rsigner', signer.certificateFile, '-rkey', signer.keyFile, '-port', '0', '-nmin', '5'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    const port = await new Promise<string>((resolve) => {
      const read = (chunk: Buffer): void => {
        const found = /ACCEPT .*:(\d+)/.exec(chunk.toString())?.[1]
        if (found !== undefined) resolve(found)
      }
      responder.stdout.on('data', read)
      responder.stderr.on('data', read)
    })
    return { url: `http://127.0.0.1:${port}/`, close: () => void responder.kill() }
  }

  remove(): void {
    rmSync(this.path, { recursive: true })
  }

  #run(args: readonly string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' })
  }
}
