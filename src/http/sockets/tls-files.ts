import type { Settings } from '../../config/settings-table.js'
import { WatchedFile } from '../../config/watched-file.js'

/** What a TLS server needs of the files of a deployment. */
export interface TlsMaterial {
  readonly cert: string
  readonly key: string
  /** Authorities of client certificates, where they are asked for. */
  readonly ca?: string
  readonly minVersion: 'TLSv1.2'
}

const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END/

/** Certificate, key and authorities of the settings, read again when they change. */
export class TlsFiles {
  readonly #cert: WatchedFile
  readonly #key: WatchedFile
  readonly #ca: WatchedFile | undefined
  /** The last that had a certificate: without one every client would be refused. */
  #authorities: string | undefined

  /**
   * @param onChange told that they have changed, or why what is there is not taken
   * @throws Error where one cannot be read
   */
  constructor(
    { tlsCertFile, tlsKeyFile, tlsClientCaFile, reloadIntervalMs }: Settings,
    onChange: (refusal?: Error) => void,
  ) {
    const watch = (path: string, name: string, take: (text: string) => void = () => undefined) =>
      new WatchedFile(path, reloadIntervalMs, (text) => {
        try {
          if (text instanceof Error) throw new Error(`${name} cannot be read`)
          take(text)
        } catch (error) {
          onChange(error instanceof Error ? error : new Error(String(error)))
          return
        }
        onChange()
      })
    this.#cert = watch(tlsCertFile, 'TLS_CERT_FILE')
    this.#key = watch(tlsKeyFile, 'TLS_KEY_FILE')
    if (tlsClientCaFile === '') return
    const take = (text: string) => {
      if (!CERTIFICATE.test(text)) throw new Error('TLS_CLIENT_CA_FILE has no certificate')
      this.#authorities = text
    }
    this.#ca = watch(tlsClientCaFile, 'TLS_CLIENT_CA_FILE', take)
    take(this.#ca.text)
  }

  get material(): TlsMaterial {
    return {
      cert: this.#cert.text,
      key: this.#key.text,
      ...(this.#authorities !== undefined && { ca: this.#authorities }),
      minVersion: 'TLSv1.2',
    }
  }

  close(): void {
    for (const file of [this.#cert, this.#key, this.#ca]) file?.close()
  }
}
