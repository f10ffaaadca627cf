// Loaded before the service: ends the process, as kill -9 does, at the step of a request that its header X-Kill-At names.
import { createHash } from 'node:crypto'
import http from 'node:http'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const operations = { '/v1/payments': 'pay', '/v1/blind-payments': 'payBlindly' }
let armed

const emit = http.Server.prototype.emit
http.Server.prototype.emit = function (event, req, res) {
  const step = event === 'request' ? req.headers['x-kill-at'] : undefined
  if (step !== undefined) {
    // What stands for the key in the store, of a client that is not known.
    const parts = ['/v1', operations[req.url], null, req.headers['idempotency-key']]
    armed = { step, res, key: createHash('sha256').update(JSON.stringify(parts)).digest('base64url') }
  }
  return emit.apply(this, arguments)
}

function at(step, of) {
  if (armed?.step === step && (of === armed.res || of === armed.key)) process.kill(process.pid, 'SIGKILL')
}

const end = http.ServerResponse.prototype.end
http.ServerResponse.prototype.end = function (...values) {
  at('reply:before', this)
  this.once('finish', () => at('reply:after', this))
  return end.apply(this, values)
}

function nameOf(sql) {
  if (/^INSERT INTO \w*idempotency/.test(sql)) return 'begin'
  return /^UPDATE.*state = 'answered'/.test(sql) ? 'finish' : undefined
}

const keyIn = (values) => values.find((value) => value === armed?.key)

const Libsql = require('libsql/promise')
/** The step of the armed request that the transaction of a connection has in it. */
const written = new WeakMap()
const prepare = Libsql.prototype.prepare
Libsql.prototype.prepare = async function (sql) {
  const statement = await prepare.call(this, sql)
  const name = nameOf(sql)
  if (name) {
    const run = statement.run.bind(statement)
    statement.run = (values) => {
      const key = keyIn(values)
      at(`${name}:before`, key)
      if (key !== undefined) written.set(this, { name, key })
      return run(values)
    }
  }
  return statement
}

const exec = Libsql.prototype.exec
Libsql.prototype.exec = async function (sql) {
  const { name, key } = (sql === 'COMMIT' && written.get(this)) || {}
  if (name === undefined) return exec.call(this, sql)
  written.delete(this)
  const result = exec.call(this, sql)
  // The commit is with the thread of the driver.
  at(`${name}:sent`, key)
  await result
  at(`${name}:after`, key)
}

const { Client } = require('pg')
const query = Client.prototype.query
Client.prototype.query = function (config, values, callback) {
  const name = nameOf(config?.text ?? '')
  if (!name) return query.call(this, config, values, callback)
  const key = keyIn(config.values)
  at(`${name}:before`, key)
  const result =
    typeof callback === 'function'
      ? query.call(this, config, values, (...answer) => {
          at(`${name}:after`, key)
          callback(...answer)
        })
      : query.call(this, config, values).then((answer) => {
          at(`${name}:after`, key)
          return answer
        })
  // The statement is with the kernel, and the server's answer is not read yet.
  at(`${name}:sent`, key)
  return result
}
