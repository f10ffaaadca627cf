import type { Construct } from './construct.js'
import type { SoapConstruct } from './constructs/soap.js'
import type { Gap } from './gaps.js'

type Chapter = readonly [heading: string, constructs: readonly Construct[]]

/** docs/features.md, before it is formatted. */
export function featuresPage(
  chapters: readonly Chapter[],
  soap: readonly SoapConstruct[],
  gaps: readonly Gap[],
): string {
  const count = chapters.reduce((sum, [, own]) => sum + own.length, soap.length)
  return `# Features

What soapstone does of XML Schema 1.0 ([Part 1](https://www.w3.org/TR/xmlschema-1/), [Part 2](https://www.w3.org/TR/xmlschema-2/))
and of [WSDL 1.1](https://www.w3.org/TR/wsdl). Each of the ${count} rows is an operation of
[test/conformance/features.wsdl](../test/conformance/features.wsdl) that is imported, loaded, written and read in the
tests; what is written is judged by libxml2. This page is made from the same table.

${chapters.map(([heading, own]) => section(heading, own.map(constructRow))).join('\n')}
${section('WSDL and SOAP', soap.map(soapRow))}
## Known gaps

What the specifications have and soapstone does not do, and what happens in its place. Tests show each of them.

${table(['gap', 'section', 'in its place'], gaps.map(gapRow))}
`
}

function section(heading: string, rows: readonly (readonly string[])[]): string {
  return `## ${heading}\n\n${table(['construct', 'section', 'JSON', 'XML'], rows)}\n`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function constructRow({ construct, section: where, json, xml }: Construct): readonly string[] {
  return [construct, where, code(json), code(xml)]
}

function soapRow({ construct, section: where, json, request }: SoapConstruct): readonly string[] {
  return [construct, where.startsWith('WSDL') ? where : `WSDL 1.1, ${where}`, code(json), code(request)]
}

function gapRow({ gap, section: where, instead }: Gap): readonly string[] {
  return [gap, where, instead]
}

function code(text: string): string {
  return `\`${text}\``
}
