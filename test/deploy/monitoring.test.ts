import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = new URL('../../', import.meta.url)
const text = (path: string) => readFileSync(new URL(path, root), 'utf8')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}
const { groups } = parse(text('deploy/prometheus/alerts.yaml')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[]
}
const rules = groups.flatMap((group) => group.rules)

interface Panel {
  readonly id: number
  readonly title: string
  readonly type: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string }[]
}
const dashboard = JSON.parse(text('deploy/grafana/soapstone.json')) as {
  readonly panels: readonly Panel[]
  readonly annotations: { readonly list: readonly { readonly expr: string }[] }
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] }
}
const shown = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
const queries = [
  ...shown,
  ...dashboard.annotations.list.map(({ expr }) => expr),
  ...dashboard.templating.list.flatMap(({ definition }) => definition ?? []),
]

/** The series that the guide tells of, with their labels. */
const guide = new Map(
  [...text('docs/operations.md').matchAll(/^\| `([a-z_]+)` *\|([^|]*)\| *(histogram|gauge|counter):/gm)].map(
    ([, name = '', labels = '', type = '']) => [
      name,
      { type, labels: [...labels.matchAll(/`([a-z_]+)`/g)].map(([, label = '']) => label) },
    ],
  ),
)
const OF_HISTOGRAMS = /_(?:count|sum|bucket)$/

/** What an expression asks for that the service does not give. */
function unknownIn(expression: string): string[] {
  const selectors = expression.matchAll(
    /\b((?:http|backend|translation|response|idempotency|shared)_[a-z_]+)(?:\{([^}]*)\})?/g,
  )
  return [...selectors].flatMap(([, name = '', matchers = '']) => {
    const isOfHistogram = guide.get(name.replace(OF_HISTOGRAMS, ''))?.type === 'histogram'
    const series = guide.get(isOfHistogram ? name.replace(OF_HISTOGRAMS, '') : name)
    if (!series || (series.type === 'histogram') !== OF_HISTOGRAMS.test(name)) return [name]
    const labels = [...matchers.matchAll(/([a-z_]+)=/g)].map(([, label = '']) => label)
    return labels.filter((label) => !series.labels.includes(label)).map((label) => `${name}{${label}}`)
  })
}

const hasPromtool = spawnSync('promtool', ['--version']).status === 0
if (!hasPromtool) console.warn('skipped: promtool is not installed (Debian package prometheus)')

describe('alerts', () => {
  it.skipIf(!hasPromtool)('fire when they should, and only then (promtool test rules)', () => {
    const cwd = fileURLToPath(new URL('deploy/prometheus/', root))
    const said = execFileSync('promtool', ['test', 'rules', 'alerts.test.yaml'], { cwd, encoding: 'utf8' })
    expect(said).toContain('SUCCESS')
  })

  it('are each tested to fire and to be quiet', () => {
    const { tests } = parse(text('deploy/prometheus/alerts.test.yaml')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] }[]
    }
    const cases = tests.flatMap((each) => each.alert_rule_test)
    for (const { alert } of rules) {
      const own = cases.filter(({ alertname }) => alertname === alert)
      expect([alert, own.some((each) => each.exp_alerts), own.some((each) => !each.exp_alerts)]).toEqual([
        alert,
        true,
        true,
      ])
    }
  })

  it('have an entry in the runbook that says what to look at and to do, and the runbook has no others', () => {
    const [, ...entries] = text('docs/runbook.md').split(/^## /m)
    const told = entries.map((entry) => entry.slice(0, entry.indexOf('\n')))
    expect(told.sort()).toEqual(rules.map(({ alert }) => alert).sort())
    for (const entry of entries) {
      for (const part of ['**Means.**', '**Look at.**', '**Do.**']) expect(entry).toContain(part)
    }
    for (const { alert, annotations } of rules) {
      expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`)
    }
  })

  it('ask for series that there are', () => {
    expect(guide.size).toBeGreaterThan(18)
    expect(rules.flatMap(({ expr }) => unknownIn(expr))).toEqual([])
    expect(unknownIn('rate(backend_calls_total[5m])')).toEqual(['backend_calls_total'])
    expect(unknownIn('backend_retries_total{operation="a"}')).toEqual(['backend_retries_total{operation}'])
  })
})

describe('the dashboard', () => {
  it('asks for series that there are', () => {
    expect(queries.length).toBeGreaterThan(25)
    expect(queries.flatMap(unknownIn)).toEqual([])
  })

  it('shows every series of the service', () => {
    const missing = [...guide.keys()].filter((name) => !shown.some((expr) => expr.includes(name)))
    expect(missing.sort()).toEqual(['backend_endpoint_breaker_state', 'certificates_expiring'])
  })

  it.skipIf(!hasPromtool)('asks in PromQL', () => {
    const plain = [...shown, ...dashboard.annotations.list.map(({ expr }) => expr)].map((expr) =>
      expr.replaceAll('$__rate_interval', '5m'),
    )
    const asRules = {
      groups: [{ name: 'dashboard', rules: plain.map((expr, i) => ({ record: `panel:${i}`, expr })) }],
    }
    const folder = mkdtempSync(join(tmpdir(), 'soapstone-dashboard-'))
    const file = join(folder, 'rules.yaml')
    writeFileSync(file, JSON.stringify(asRules))
    const checked = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    expect(checked.stderr + checked.stdout).toContain(`SUCCESS: ${plain.length} rules found`)
  })

  it('has panels that do not lie on each other', () => {
    const ids = dashboard.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(Math.max(...dashboard.panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24)
  })
})
