import { formatLocation, type SourceLocation } from '../../../base/diagnostic/diagnostic.js'
import type { OpenApiObject } from '../../../openapi/document.js'
import type { Wsdl } from '../../../wsdl/model.js'
import { policyDetail } from '../summary/policy-details.js'
import { kebab, serviceWords } from '../words/names.js'
import { policyOf } from './policies.js'

/** What the policies of one port of a WSDL ask for, for a person who would rather not read them. */
export interface ExplainedPort {
  readonly service: string
  readonly port: string
  readonly at: SourceLocation
  /** What a backend with `keys` does. */
  readonly met: readonly PolicySaying[]
  /** What a person must write. */
  readonly byHand: readonly PolicySaying[]
  /** What soapstone cannot do, and what to do instead. */
  readonly impossible: readonly PolicySaying[]
  readonly offered: readonly PolicySaying[]
  /** What stands in policies that the WSDL refers to and does not hold. */
  readonly unknown: readonly PolicySaying[]
  /** Of a backend, as `import` writes it. */
  readonly keys: OpenApiObject
  readonly variables: readonly string[]
}

export interface PolicySaying {
  readonly words: string
  readonly assertion: string
  readonly at: SourceLocation
}

/** Explains the policies of each port. */
export function explainPolicies({ services }: Wsdl): readonly ExplainedPort[] {
  return services.flatMap(({ name: { localName: service }, ports }) =>
    ports.map((port): ExplainedPort => {
      const { points, keys, variables } = policyOf(port, kebab(serviceWords(service, port.name)))
      const said = [
        ...points,
        ...port.demands.flatMap((demand) => {
          const detail = policyDetail(demand)
          return detail ? [{ ...detail, assertion: demand.assertion, at: demand.at }] : []
        }),
      ]
      const of = (standing: (typeof said)[number]['standing']): readonly PolicySaying[] =>
        said
          .filter((each) => each.standing === standing)
          .map(({ words, assertion, at }) => ({ words, assertion, at }))
      return {
        ...{ service, port: port.name, at: port.at },
        ...{ met: of('met'), byHand: of('by-hand'), impossible: of('impossible') },
        ...{ offered: of('offered'), unknown: of('unknown'), keys, variables },
      }
    }),
  )
}

/** @param yaml the keys of a backend as text */
export function formatExplainedPort(explained: ExplainedPort, yaml: (keys: OpenApiObject) => string): string {
  const { service, port, at, met, byHand, impossible, offered, unknown, keys, variables } = explained
  const head = `${service} / ${port} (${formatLocation(at)})`
  const sections = [
    ...section('It demands, and soapstone does', met),
    ...section('It demands, and you must say more', byHand),
    ...section('It demands, and soapstone cannot', impossible),
    ...section('It offers', offered),
    ...section('It refers to', unknown),
  ]
  if (sections.length === 0) return `${head}\n\n  Its policies demand nothing.`
  const backend =
    Object.keys(keys).length === 0
      ? []
      : ['', '  The entry of the backend', ...indented(yaml(keys).trimEnd(), '    ')]
  const secrets =
    variables.length === 0 ? [] : ['', `  Set ${variables.join(', ')}: a text, PEM, or a file by NAME_FILE.`]
  return [head, ...sections, ...backend, ...secrets].join('\n')
}

function section(title: string, sayings: readonly PolicySaying[]): string[] {
  if (sayings.length === 0) return []
  const lines = sayings.map(
    ({ words, assertion, at }) => `    - ${words} (${assertion}, ${formatLocation(at)})`,
  )
  return ['', `  ${title}`, ...lines]
}

function indented(text: string, indent: string): string[] {
  return text.split('\n').map((line) => (line === '' ? line : indent + line))
}
