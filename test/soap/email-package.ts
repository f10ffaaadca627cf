import { spawnSync } from 'node:child_process'

/** Python's email package: an implementation of MIME that is not ours. */
export const pythonIsAbsent =
  spawnSync('python3', ['-c', 'import email.policy']).status === 0 ? undefined : 'no python3'

export interface ForeignPart {
  readonly headers: Readonly<Record<string, string>>
  readonly hex: string
}

export interface ForeignMessage {
  readonly type: string
  readonly parameters: Readonly<Record<string, string>>
  readonly defects: readonly string[]
  readonly parts: readonly ForeignPart[]
}

const reader = `
import sys, json, email, email.policy
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.HTTP)
print(json.dumps({
  'type': m.get_content_type(),
  'parameters': dict(m.get_params()[1:]),
  'defects': [type(d).__name__ for d in m.defects] + [type(d).__name__ for p in m.iter_parts() for d in p.defects],
  'parts': [{'headers': {k.lower(): str(v) for k, v in p.items()}, 'hex': p.get_payload(decode=True).hex()} for p in m.iter_parts()],
}))`

/** What a message says to Python. */
export function readByPython(contentType: string, body: Uint8Array): ForeignMessage {
  return JSON.parse(
    run(reader, Buffer.concat([Buffer.from(`Content-Type: ${contentType}\r\n\r\n`), body])),
  ) as ForeignMessage
}

const writer = `
import sys, json
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.base import MIMEBase
from email.policy import HTTP
from email import encoders
given = json.loads(sys.stdin.read())
m = MIMEMultipart('related', policy=HTTP)
for p in given['parts']:
  main, sub = p['type'].split('/')
  b = MIMEBase(main, sub, policy=HTTP, **p.get('parameters', {}))
  b.set_payload(bytes.fromhex(p['hex']))
  (encoders.encode_base64 if p['encoding'] == 'base64' else encoders.encode_quopri)(b)
  b['Content-ID'] = '<' + p['id'] + '>'
  m.attach(b)
for k, v in given['parameters'].items(): m.set_param(k, v)
text = m.as_bytes()
head, body = text.split(b'\\r\\n\\r\\n', 1)
print(json.dumps({'contentType': ' '.join(str(m['Content-Type']).split()), 'hex': body.hex()}))`

export interface ForeignSource {
  readonly parameters: Readonly<Record<string, string>>
  readonly parts: readonly {
    readonly id: string
    readonly type: string
    readonly encoding: 'base64' | 'quoted-printable'
    readonly hex: string
  }[]
}

/** A multipart/related message as Python writes it. */
export function writtenByPython(source: ForeignSource): {
  readonly contentType: string
  readonly body: Buffer
} {
  const { contentType, hex } = JSON.parse(run(writer, Buffer.from(JSON.stringify(source)))) as {
    readonly contentType: string
    readonly hex: string
  }
  return { contentType, body: Buffer.from(hex, 'hex') }
}

function run(script: string, input: Uint8Array): string {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script], { input, maxBuffer: 1e9 })
  if (status !== 0) throw new Error(stderr.toString())
  return stdout.toString()
}
