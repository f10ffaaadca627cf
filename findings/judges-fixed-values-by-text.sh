#!/usr/bin/env bash
# libxml2 compares the fixed values of elements as texts and those of attributes as values; Xerces-C does it the other way round. With
# fixed="1.0" for xs:decimal libxml2 refuses <v>1</v> and takes a="1", and Xerces-C takes <v>1</v> and refuses a="1". So it is with
# fixed="1" and the text true for xs:boolean, and libxml2 refuses elements even for spaces around the very text, which the white space
# facet takes away (XML Schema Part 2, section 4.3.6). In both places it is the actual value that must be the fixed one, not
# the text (Part 1, section 3.3.4, Element Locally Valid, clause 5.2.2.2.2; section 3.2.4, Attribute Locally Valid, clause 4;
# texts are compared in mixed content alone). So a version that one side writes as 1 passes or fails by the place where the schema has
# it and by the library of the other side; the schema's own text passes everywhere. xmllint, lxml (so Spyne's validator),
# PHP's schemaValidate and Nokogiri judge by libxml2, and 2.9.14 does the same; Xerces of JDK 17 takes all of these.
# Guess before the run: all compare values, or one of them texts in both places.
#
# Needs libxerces-c-samples. Prints what each judge refuses; exits non-zero when one of them behaves otherwise.
set -euo pipefail
xerces=$(dpkg-query -W -f '${Version}' libxerces-c-samples)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts libxml2-wasm@0.7.2
cat >probe.mjs <<'JS'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'

const places = {
  element: {
    declared: (type, fixed) => `<xs:element name="v" type="xs:${type}" fixed="${fixed}"/>`,
    written: (text, hint = '') => `<v${hint}>${text}</v>`,
  },
  attribute: {
    declared: (type, fixed) =>
      `<xs:element name="v"><xs:complexType><xs:attribute name="a" type="xs:${type}" fixed="${fixed}"/></xs:complexType></xs:element>`,
    written: (text, hint = '') => `<v${hint} a="${text}"/>`,
  },
}
const hint = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="schema.xsd"'

function libxml2(schema, written, text) {
  const validator = XsdValidator.fromDoc(XmlDocument.fromString(schema))
  try {
    validator.validate(XmlDocument.fromString(written(text)))
    return true
  } catch {
    return false
  }
}

function xercesC(schema, written, text) {
  writeFileSync('schema.xsd', schema)
  writeFileSync('document.xml', written(text, hint))
  const { error, stdout, stderr } = spawnSync('DOMCount', ['-n', '-s', '-f', '-v=always', 'document.xml'], { encoding: 'utf8' })
  if (error) throw error
  return !/error/i.test(stdout + stderr)
}

const cases = [
  ['decimal', '1.0', ['1.0', '1', ' 1.0 ', '2']],
  ['boolean', '1', ['1', 'true', 'false']],
  ['token', 'a b', ['a b', ' a  b ', 'ab']],
]
const refused = {}
for (const [judge, takes] of Object.entries({ libxml2, xercesC }))
  for (const [place, { declared, written }] of Object.entries(places))
    for (const [type, fixed, texts] of cases) {
      const schema = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${declared(type, fixed)}</xs:schema>`
      refused[`${judge}, ${place}, ${type} ${fixed}`] = texts.filter((text) => !takes(schema, written, text)).join('|')
    }
console.table(refused)
const known = {
  'libxml2, element, decimal 1.0': '1| 1.0 |2',
  'libxml2, element, boolean 1': 'true|false',
  'libxml2, element, token a b': ' a  b |ab',
  'libxml2, attribute, decimal 1.0': '2',
  'libxml2, attribute, boolean 1': 'false',
  'libxml2, attribute, token a b': 'ab',
  'xercesC, element, decimal 1.0': '2',
  'xercesC, element, boolean 1': 'false',
  'xercesC, element, token a b': 'ab',
  'xercesC, attribute, decimal 1.0': '1|2',
  'xercesC, attribute, boolean 1': 'true|false',
  'xercesC, attribute, token a b': 'ab',
}
process.exit(JSON.stringify(refused) === JSON.stringify(known) ? 0 : 1)
JS
echo "libxml2-wasm 0.7.2, Xerces-C $xerces (described: 3.2.4+debian-1), node $(node --version)"
node probe.mjs
