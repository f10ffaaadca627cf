import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { environment } from '../contract.js'
import { notificationId } from '../served.js'
import { dataOf, type PortServer, startPorts } from './port-server.js'

/** Senders that are not ours: each reads the WSDL that the port serves, where it can, and sends two notifications. */
interface ForeignSender {
  readonly name: string
  /** Succeeds where it is installed. */
  readonly probe: readonly string[]
  /** Takes the address of the port and the organization, and prints the Ack, or the fault code. */
  readonly command: readonly string[]
}

const ids = [notificationId(1), notificationId(2)] as const

const php = `
$notification = fn ($id) => ['Id' => $id, 'sObject' => ['Id' => '006000000000000AAA', 'Name' => 'canary', 'Amount' => '12.50']];
try {
  $client = new SoapClient($argv[1] . '?wsdl', ['cache_wsdl' => WSDL_CACHE_NONE]);
  $answer = $client->notifications(['OrganizationId' => $argv[2], 'ActionId' => '04k000000000001AAA', 'SessionId' => null,
    'Notification' => array_map($notification, ['${ids[0]}', '${ids[1]}'])]);
  echo $answer->Ack ? 'true' : 'false';
} catch (SoapFault $fault) { echo $fault->faultcode; }`

const zeep = `
import sys
from zeep import Client
from zeep.exceptions import Fault
def notification(id):
    return {'Id': id, 'sObject': {'Id': '006000000000000AAA', 'Name': 'canary', 'Amount': '12.50'}}
try:
    answer = Client(sys.argv[1] + '?wsdl').service.notifications(OrganizationId=sys.argv[2], ActionId='04k000000000001AAA', SessionId=None,
        Notification=[notification('${ids[0]}'), notification('${ids[1]}')])
    print('true' if answer else 'false', end='')
except Fault as fault:
    print(fault.code, end='')`

const nodeSoap = `
import { createClientAsync } from 'soap'
const notification = (id) => ({ Id: id, sObject: { Id: '006000000000000AAA', Name: 'canary', Amount: '12.50' } })
const [, url, OrganizationId] = process.argv
const client = await createClientAsync(url + '?wsdl')
try {
  const [answer] = await client.notificationsAsync({ OrganizationId, ActionId: '04k000000000001AAA', SessionId: '', Notification: [${ids.map((id) => `notification('${id}')`).join(', ')}] })
  process.stdout.write(String(answer.Ack))
} catch (error) { process.stdout.write(error.root.Envelope.Body.Fault.faultcode) }`

const soapLite = `
use SOAP::Lite;
sub text { SOAP::Data->name($_[0] => $_[1])->type('') }
sub group { my $name = shift; SOAP::Data->name($name => \\SOAP::Data->value(@_)) }
sub notification { group(Notification => text(Id => $_[0]), group(sObject => text(Id => '006000000000000AAA'), text(Name => 'canary'), text(Amount => '12.50'))) }
my $client = SOAP::Lite->proxy($ARGV[0])->default_ns('urn:crm:outbound')->on_action(sub { '""' });
$client->on_fault(sub { print $_[1]->faultcode; exit });
my $answer = $client->call('notifications', text(OrganizationId => $ARGV[1]), text(ActionId => '04k000000000001AAA'), text(SessionId => ''),
  notification('${ids[0]}'), notification('${ids[1]}'));
print $answer->valueof('//Ack');`

const senders: readonly ForeignSender[] = [
  {
    name: 'PHP SoapClient',
    probe: ['php', '-r', 'exit(class_exists("SoapClient") ? 0 : 1);'],
    command: ['php', '-r', php, '--'],
  },
  {
    name: 'zeep',
    probe: ['/usr/bin/python3', '-c', 'import zeep'],
    command: ['/usr/bin/python3', '-c', zeep],
  },
  {
    name: 'node-soap',
    probe: [process.execPath, '--version'],
    command: [process.execPath, '--input-type=module', '-e', nodeSoap],
  },
  {
    name: 'SOAP::Lite',
    probe: ['perl', '-MSOAP::Lite', '-e', '1'],
    command: ['perl', '-e', soapLite],
  },
]

async function output([command = '', ...args]: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let wrong = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (wrong += chunk.toString()))
  await once(child, 'close')
  if (said === '') throw new Error(`${command} said nothing: ${wrong}`)
  return said
}

let server: PortServer
beforeAll(async () => {
  server = await startPorts()
})
afterEach(() => {
  server.events.length = 0
  server.failing = undefined
})
afterAll(() => server.close())

describe.each(senders)('$name', ({ name, probe: [command = '', ...args], command: sender }) => {
  const isAbsent = spawnSync(command, args).status !== 0
  if (isAbsent) console.warn(`${name}: skipped: not installed`)
  const send = (organization: string = environment.CRM_ORGANIZATION) =>
    output([...sender, `${server.url}/soap/crm/${environment.CRM_PATH_SECRET}`, organization])

  it.skipIf(isAbsent)(
    'sends notifications, is acknowledged, and repeats them',
    { timeout: 60_000 },
    async () => {
      expect(await send()).toBe('true')
      expect(server.events.map(dataOf)).toEqual(
        ids.map(() => '{"opportunity":{"id":"006000000000000AAA","name":"canary","amount":"12.50"}}'),
      )
      const first = server.events.splice(0).map(({ id }) => id)
      expect(await send()).toBe('true')
      expect(server.events.map(({ id }) => id)).toEqual(first)
    },
  )

  it.skipIf(isAbsent)('understands the fault of a message that is refused', { timeout: 60_000 }, async () => {
    expect(await send('00D000000000002AAA')).toMatch(/Client(?:\.FailedAuthentication)?$/)
    expect(server.events).toEqual([])
  })

  it.skipIf(isAbsent)('understands that a message is to be sent again', { timeout: 60_000 }, async () => {
    server.failing = new Error('The disk is full.')
    expect(await send()).toMatch(/Server$/)
  })
})
