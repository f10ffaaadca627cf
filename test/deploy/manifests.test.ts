import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { readSettings } from '../../src/config/settings.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = join(root, 'deploy/kubernetes')
const read = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'))
const load = createRequire(import.meta.url)

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0
if (!hasKubectl) console.log('kubectl is not installed: the manifests are judged one by one')

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}
interface Container {
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly securityContext: object
}
interface Deployment extends Manifest {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly Container[]
        readonly securityContext: object
        readonly terminationGracePeriodSeconds: number
      }
    }
  }
}

const { resources } = read('deploy/kubernetes/kustomization.yaml') as {
  readonly resources: readonly string[]
}
const manifests = resources.map((name) => read(`deploy/kubernetes/${name}`) as Manifest)

/** A class that knows the schema of its kind, from packages that carry those of Kubernetes and of the Prometheus operator. */
function modelOf({ apiVersion, kind }: Manifest): new (data: Manifest) => { validate(): void } {
  const models = apiVersion.startsWith('monitoring.coreos.com')
    ? `@kubernetes-models/prometheus-operator/${apiVersion}`
    : `kubernetes-models/${apiVersion}`
  const found = (load(models) as Record<string, new (data: Manifest) => { validate(): void }>)[kind]
  if (!found) throw new Error(`no schema of ${apiVersion} ${kind}`)
  return found
}

const deployment = manifests.find(({ kind }) => kind === 'Deployment') as Deployment
const { spec } = deployment.spec.template
const [container] = spec.containers

describe('the manifests', () => {
  it.each(manifests.map((manifest) => [`${manifest.apiVersion} ${manifest.kind}`, manifest]))(
    'are valid by their schema: %s',
    (_what, manifest) => {
      const Model = modelOf(manifest)
      new Model(manifest).validate()
      // The judge finds something where there is something to find.
      expect(() => {
        new Model({ ...manifest, metadata: 7 } as unknown as Manifest).validate()
      }).toThrow()
    },
  )

  it('are all in the kustomization', () => {
    expect(readdirSync(folder).sort()).toEqual([...resources, 'kustomization.yaml'].sort())
    expect(manifests.map(({ kind }) => kind).sort()).toEqual([
      'Deployment',
      'HorizontalPodAutoscaler',
      'Namespace',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
      'ServiceMonitor',
    ])
  })

  it.skipIf(!hasKubectl)('are what kustomize makes of the folder', () => {
    const rendered = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' })
    const made = parseAllDocuments(rendered).map((document) => document.toJS() as Manifest)
    const named = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`
    expect(made.map(named).sort()).toEqual(manifests.map(named).sort())
    for (const manifest of made) {
      const Model = modelOf(manifest)
      new Model(manifest).validate()
    }
  })

  it('have pods that may do nothing that they need not', () => {
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })

  it('set what the service reads, and leave it the time that it takes to stop', () => {
    const settings = settingsOf(
      Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value])),
    )
    expect(settings.drainDelayMs + settings.shutdownGraceMs).toBeLessThan(
      1000 * spec.terminationGracePeriodSeconds,
    )
    const ports = new Map((container?.ports ?? []).map(({ name, containerPort }) => [name, containerPort]))
    expect([ports.get('http'), ports.get('admin')]).toEqual([settings.listenPort, settings.adminPort])
  })
})

describe('the compose file', () => {
  const compose = read('deploy/compose.yaml') as {
    readonly services: Readonly<
      Record<
        string,
        {
          readonly environment?: Readonly<Record<string, string>>
          readonly secrets?: readonly string[]
          readonly volumes?: readonly string[]
          readonly command?: readonly string[]
        }
      >
    >
    readonly secrets: Readonly<Record<string, { readonly file: string }>>
    readonly volumes: object
  }

  it('names files that are there, and secrets that its script makes', () => {
    const copy = mkdtempSync(join(tmpdir(), 'soapstone-deploy-'))
    try {
      cpSync(join(root, 'deploy'), copy, { recursive: true })
      rmSync(join(copy, 'secrets'), { recursive: true, force: true })
      const said = execFileSync(join(copy, 'secrets.sh'), { encoding: 'utf8' })
      expect(said).toMatch(/^The key of the client: [0-9a-f]{48}\n$/)
      for (const { file } of Object.values(compose.secrets))
        expect(readFileSync(join(copy, file), 'utf8')).not.toBe('')
      for (const { volumes = [], secrets = [] } of Object.values(compose.services)) {
        for (const name of secrets) expect(Object.keys(compose.secrets)).toContain(name)
        for (const source of volumes.map((volume) => volume.split(':')[0] ?? '')) {
          if (source.startsWith('.'))
            cpSync(join(copy, source), join(copy, 'again', source), { recursive: true })
          else expect(Object.keys(compose.volumes)).toContain(source)
        }
      }
      // The service takes them.
      const { environment = {} } = compose.services.soapstone ?? {}
      const own = Object.entries(environment).map(([name, value]) => [
        name,
        value.replace('/run/secrets', join(copy, 'secrets')),
      ])
      const settings = settingsOf(Object.fromEntries(own) as Record<string, string>)
      expect(settings.databaseUrl).toMatch(/^postgres:\/\/soapstone:[0-9a-f]{48}@postgres:5432\/soapstone$/)
      expect(settings.adminToken).toMatch(/^[0-9a-f]{48}$/)
    } finally {
      rmSync(copy, { recursive: true })
    }
  })

  it('simulates WSDLs that are there', () => {
    const wsdls = (compose.services.backends?.command ?? []).filter((word) => word.endsWith('.wsdl'))
    expect(wsdls).toHaveLength(3)
    for (const wsdl of wsdls) expect(readFileSync(join(root, wsdl), 'utf8')).toContain('definitions')
  })
})

const hasPromtool = spawnSync('promtool', ['--version']).status === 0
it.skipIf(!hasPromtool)('promtool takes the configuration of Prometheus', () => {
  const path = join(root, 'deploy/prometheus/prometheus.yaml')
  const checked = spawnSync('promtool', ['check', 'config', '--syntax-only', path], { encoding: 'utf8' })
  expect(checked.stdout).toContain('is valid prometheus config file syntax')
})

/** @throws Error with every finding about the settings */
function settingsOf(env: Readonly<Record<string, string>>): NonNullable<ReturnType<typeof readSettings>> {
  const diagnostics = new Diagnostics()
  const readable = Object.entries(env).filter(([, value]) => !value.startsWith('/etc/soapstone/'))
  const settings = readSettings(Object.fromEntries(readable), diagnostics)
  if (!settings || diagnostics.hasErrors)
    throw new Error(diagnostics.list.map(({ message }) => message).join('\n'))
  return settings
}
