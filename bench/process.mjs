import { fork } from 'node:child_process'
import { openSync, closeSync } from 'node:fs'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process that is measured, or that stands beside one. */
export class Process {
  /**
   * @param script below `servers/`
   * @param log the file that takes its stdout
   */
  static async start(script, { args = [], env = {}, log, execArgv = [] } = {}) {
    const stdout = log === undefined ? 'ignore' : openSync(log, 'a')
    const child = fork(fileURLToPath(new URL(`servers/${script}`, import.meta.url)), args, {
      env: { ...process.env, ...env },
      execArgv,
      stdio: ['ignore', stdout, 'inherit', 'ipc'],
    })
    if (log !== undefined) closeSync(stdout)
    return new Process(child, await answerOf(child, script))
  }

  /** @param ready what the process said when it was ready */
  constructor(child, ready) {
    this.child = child
    this.ready = ready
  }

  /** @returns the response of the process */
  ask(message) {
    const answer = answerOf(this.child)
    this.child.send(message)
    return answer
  }

  async stop() {
    const exited = once(this.child, 'exit')
    this.child.disconnect()
    await exited
  }
}

function answerOf(child, name = 'a process') {
  return new Promise((resolve, reject) => {
    const onExit = (code) => reject(new Error(`${name} ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message)
    })
  })
}
