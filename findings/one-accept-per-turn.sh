#!/usr/bin/env bash
# Node accepts one connection of a listening socket in each turn of the event loop. So a burst of connections is accepted at
# the pace of turns: where each takes 10 ms, 100 connections come in a second, and clients wait although the backlog has room.
# The documentation of net.Server does not say so.
#
# Opens some connections before the loop turns, and counts in how many turns they are accepted. Exits non-zero where more
# than one was accepted in a turn.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/probe.mjs" <<'JS'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

const COUNT = 20
let turn = 0
const accepted = []
const server = createServer((socket) => {
  accepted.push(turn)
  socket.destroy()
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 128 })
await once(server, 'listening')
const { port } = server.address()
const script = `const { connect } = require('node:net'); let open = 0
for (let i = 0; i < ${COUNT}; i++) connect(${port}, '127.0.0.1').on('error', () => {}).on('connect', () => { if (++open === ${COUNT}) process.stdout.write('open') })`
// All are in the backlog when this returns: the loop has not turned meanwhile.
const client = execFileSync(process.execPath, ['-e', `
const { spawn } = require('node:child_process')
const child = spawn(process.execPath, ['-e', ${JSON.stringify(script)}], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
child.stdout.once('data', () => { process.stdout.write(String(child.pid)); process.exit() })
`])
await new Promise((resolve) => {
  const next = () => {
    turn++
    if (accepted.length === COUNT) resolve()
    else setImmediate(next)
  }
  setImmediate(next)
})
try {
  process.kill(Number(client))
} catch {
  // It has ended with its connections.
}
server.close()
const perTurn = Math.max(...accepted.map((each) => accepted.filter((other) => other === each).length))
console.log({ node: process.version, connections: COUNT, turns: new Set(accepted).size, mostInOneTurn: perTurn })
process.exit(perTurn === 1 ? 0 : 1)
JS
node "$folder/probe.mjs"
