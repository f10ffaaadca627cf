/** A key and a certificate that openssl makes, and how long a job with them takes. */
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export function credential(directory) {
  const [key, certificate] = [join(directory, 'wss.key'), join(directory, 'wss.crt')]
  const subject = ['-subj', '/CN=bench', '-days', '30']
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, ...subject],
    { stdio: 'ignore' },
  )
  return {
    certificate: new X509Certificate(readFileSync(certificate)),
    privateKey: createPrivateKey(readFileSync(key)),
  }
}

/** @returns CPU microseconds of one run of `job`, once it is warm */
export function cpuMicros(job, milliseconds) {
  const warm = performance.now() + milliseconds
  for (let i = 0; i < 20 && performance.now() < warm; i++) job()
  const from = process.cpuUsage()
  let count = 0
  for (const until = performance.now() + milliseconds; performance.now() < until; count++) job()
  const { user, system } = process.cpuUsage(from)
  return (user + system) / count
}
