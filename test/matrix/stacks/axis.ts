import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Cell, cellName } from '../contract.js'
import { lacking, run, type Stack, startProcess, versionOf } from '../stack.js'

const jars = '/usr/share/java'
/** Axis 1.4 as Debian packages it (libaxis-java). */
const classPath = [
  'axis',
  'axis-jaxrpc',
  'axis-saaj',
  'commons-discovery',
  'commons-logging',
  'wsdl4j',
  'javax.activation',
]
  .map((name) => `${jars}/${name}.jar`)
  .filter(existsSync)
const source = (name: string): string => fileURLToPath(new URL(`axis/${name}`, import.meta.url))

/** One service for each style: Axis answers in the version of SOAP that it was asked in. */
const serviceOf = ({ style }: Cell): string => cellName({ style, soap: '1.1' })

const configuration = (services: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<deployment xmlns="http://xml.apache.org/axis/wsdd/" xmlns:java="http://xml.apache.org/axis/wsdd/providers/java">
  <globalConfiguration>
    <parameter name="sendMultiRefs" value="true"/>
  </globalConfiguration>
  <handler name="URLMapper" type="java:org.apache.axis.handlers.http.URLMapper"/>
  <transport name="http"><requestFlow><handler type="URLMapper"/></requestFlow></transport>
  <transport name="SimpleHTTP"><requestFlow><handler type="URLMapper"/></requestFlow></transport>
${services}
</deployment>
`

export const axis: Stack = {
  name: 'Axis 1',
  found: existsSync(`${jars}/axis.jar`)
    ? (lacking('javac') ??
      versionOf('java', ['-cp', classPath.join(':'), 'org.apache.axis.Version'], /version: ([\d.]+)/))
    : { absent: 'libaxis-java is not installed' },
  speaks: () => true,
  missing: {
    when: () => ({ code: 'Server.userException', text: '^java\\.util\\.NoSuchElementException: no order' }),
    values: { why: 'text' },
    fault: { why: 'java.util.NoSuchElementException: no order 77' },
  },
  peculiarities: {
    // A Calendar keeps no offset, and writes all of its milliseconds.
    changes: { placed: '2026-11-22T18:29:59.250Z' },
    nils: ({ style }) =>
      style === 'rpc encoded' ? 'in SOAP encoding it writes what is absent as nil' : undefined,
  },
  async start(folder, cells) {
    const made = join(folder, 'axis')
    mkdirSync(made)
    const services = [...new Set(cells.map(serviceOf))]
    const generator = [
      '-cp',
      classPath.join(':'),
      'org.apache.axis.wsdl.WSDL2Java',
      '-s',
      '-d',
      'Application',
    ]
    const deployed = services.map((name) => {
      run('java', [...generator, '-p', name, '-o', made, join(folder, `${name}.wsdl`)])
      const marker = name.startsWith('bare') ? '//BARE ' : '//PARTS '
      const text = readFileSync(source('MatrixBindingImpl.java'), 'utf8')
      writeFileSync(
        join(made, name, 'MatrixBindingImpl.java'),
        text.replaceAll('STYLE', name).replaceAll(marker, ''),
      )
      const [service = ''] =
        /<service [\s\S]*<\/service>/.exec(readFileSync(join(made, name, 'deploy.wsdd'), 'utf8')) ?? []
      return service.replace('name="MatrixPort"', `name="${name}"`)
    })
    writeFileSync(join(made, 'server-config.wsdd'), configuration(deployed.join('\n')))
    const path = [made, ...classPath].join(':')
    const implementations = services.map((name) => join(made, name, 'MatrixBindingImpl.java'))
    run('javac', [
      ...['-nowarn', '-proc:none', '-cp', path, '-sourcepath', made, '-d', made],
      ...[source('AxisServer.java'), ...implementations],
    ])
    const { said, stop } = await startProcess('java', ['-cp', path, 'AxisServer'], /ready on (\d+)/, {
      cwd: made,
    })
    return {
      endpoint: (cell) => `http://127.0.0.1:${said[1] ?? ''}/axis/services/${serviceOf(cell)}`,
      stop,
    }
  },
}
