import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { ContractFiles } from '../../src/xsd/load/contract-files.js'
import { SchemaLoader } from '../../src/xsd/load/load.js'
import type { ComplexType, ElementDeclaration, Particle, SchemaSet, SimpleType, XsdType } from '../../src/xsd/model/model.js' // prettier-ignore

export type Files = Readonly<Record<string, string>>

/** Writes files into a directory of their own for the time of a call. */
export function withFiles<T>(files: Files, use: (directory: string) => T): T {
  const directory = mkdtempSync(path.join(tmpdir(), 'contract-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(directory, name)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    return use(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** Loads the first file as a schema. */
export function loadSchemas(files: Files): { schemas: SchemaSet; diagnostics: Diagnostics } {
  return withFiles(files, (directory) => {
    const diagnostics = new Diagnostics()
    const contract = new ContractFiles('.', diagnostics, directory)
    const loader = new SchemaLoader(contract, diagnostics)
    const main = contract.open(Object.keys(files)[0] ?? '')
    if (main) loader.addFile(main)
    return { schemas: loader.resolve(), diagnostics }
  })
}

export function schema(
  content: string,
  attributes = 'targetNamespace="urn:t" elementFormDefault="qualified"',
): string {
  return `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" xmlns="urn:t" ${attributes}>
${content}
</xs:schema>`
}

/** Loads one schema that must be free of errors and warnings. */
export function soundSchema(content: string, attributes?: string): SchemaSet {
  const { schemas, diagnostics } = loadSchemas({ 'a.xsd': schema(content, attributes) })
  const findings = diagnostics.list.filter((d) => d.severity !== 'note')
  if (findings.length > 0) throw new Error(JSON.stringify(findings))
  return schemas
}

export function elementNamed(schemas: SchemaSet, localName: string): ElementDeclaration {
  const element = schemas.elements.get(`{urn:t}${localName}`)
  if (!element) throw new Error(`no element ${localName}`)
  return element
}

export function typeNamed(schemas: SchemaSet, localName: string): XsdType {
  const type = schemas.types.get(`{urn:t}${localName}`)
  if (!type) throw new Error(`no type ${localName}`)
  return type
}

export function complexTypeNamed(schemas: SchemaSet, localName: string): ComplexType {
  const type = typeNamed(schemas, localName)
  if (type.kind !== 'complexType') throw new Error(`${localName} is simple`)
  return type
}

export function simpleTypeNamed(schemas: SchemaSet, localName: string): SimpleType {
  const type = typeNamed(schemas, localName)
  if (type.kind !== 'simpleType') throw new Error(`${localName} is complex`)
  return type
}

/** A content model in one line: `a, (b | c)*, {urn:x}d?`, urn:t left out, `any` for wildcards, `a & b` for xs:all. */
export function contentOf(type: ComplexType): string {
  const { content } = type
  if (content.kind === 'empty') return 'empty'
  if (content.kind === 'simple') return `simple ${content.type.builtIn}`
  return `${content.mixed ? 'mixed ' : ''}${particleText(content.particle)}`
}

function particleText({ term, minOccurs, maxOccurs }: Particle): string {
  const mark =
    minOccurs === 1 && maxOccurs === 1
      ? ''
      : minOccurs === 0 && maxOccurs === 1
        ? '?'
        : maxOccurs === Infinity && minOccurs < 2
          ? minOccurs === 0 ? '*' : '+' // prettier-ignore
          : `{${minOccurs},${maxOccurs}}`
  if (term.kind === 'any') return `any${mark}`
  if (term.kind === 'element') {
    const { namespace, localName } = term.name
    return `${namespace === 'urn:t' ? '' : `{${namespace}}`}${localName}${mark}`
  }
  const between = { sequence: ', ', choice: ' | ', all: ' & ' }[term.kind]
  return `(${term.particles.map(particleText).join(between)})${mark}`
}
