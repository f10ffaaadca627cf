/** A client that reads at a steady rate, in a process of its own: what the senders take of theirs is no part of its times. */
import { Pool } from 'undici'
import { atRate } from '../event-service.mjs'

const [url, path, credentials] = process.argv.slice(2)
const headers = JSON.parse(credentials)
const pool = new Pool(url, { connections: 48 })

async function read() {
  const begun = performance.now()
  const { statusCode, body } = await pool.request({ method: 'GET', path, headers })
  await body.text()
  // A service that has too much to do refuses.
  if (statusCode === 503) return undefined
  if (statusCode !== 200) throw new Error(`a read was answered ${statusCode}`)
  return performance.now() - begun
}

process.on('message', async ({ perSecond, milliseconds }) => {
  const times = await atRate(perSecond, milliseconds, read)
  const answered = times.filter((time) => time !== undefined)
  process.send({ milliseconds: answered, refused: times.length - answered.length })
})
process.on('disconnect', () => process.exit(0))
process.send({})
