#!/usr/bin/env bash
# libxml2 refuses values that a pattern matches: under I|I{2,3}|IV it takes II, III and IV but not I, and under A([0-9]?){3} it
# takes A12 and A123 but not A and A1. A pattern stands for the set of strings that its expression denotes: of I|I{2,3} the union
# of what the branches denote, of S{n} all sequences of n strings of S, each of which may be the empty one (XML Schema Part 2,
# appendix F). A branch that is a letter gets lost beside one that repeats the same letter, and of repeated groups that may be empty
# libxml2 wants all but one to have something in them. Written as I{1,3}|IV and A[0-9]{0,3}, which mean the same, both
# work. xmllint, lxml (so Spyne's validator), PHP's schemaValidate and Nokogiri judge by libxml2; 2.9.14 does the same.
#
# Prints what libxml2 in WebAssembly takes, and what the pattern means by JavaScript's engine, in whose syntax these patterns mean
# the same; exits non-zero when libxml2 behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts libxml2-wasm@0.7.2
cat >probe.mjs <<'JS'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'

const schema = (pattern) => `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="value">
    <xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="${pattern}"/></xs:restriction></xs:simpleType>
  </xs:element>
</xs:schema>`

function refused(pattern, values) {
  const validator = XsdValidator.fromDoc(XmlDocument.fromString(schema(pattern)))
  return values.filter((value) => {
    if (!new RegExp(`^(?:${pattern})$`).test(value)) throw new Error(`${value} does not match ${pattern}`)
    try {
      validator.validate(XmlDocument.fromString(`<value>${value}</value>`))
      return false
    } catch {
      return true
    }
  })
}

const numerals = ['I', 'II', 'III', 'IV']
const codes = ['A', 'A1', 'A12', 'A123']
const seen = {
  'I|I{2,3}|IV': refused('I|I{2,3}|IV', numerals),
  'I{1,3}|IV': refused('I{1,3}|IV', numerals),
  'A([0-9]?){3}': refused('A([0-9]?){3}', codes),
  'A[0-9]{0,3}': refused('A[0-9]{0,3}', codes),
}
console.log('refused:', seen)
process.exit(Object.values(seen).map(String).join(';') === 'I;;A,A1;' ? 0 : 1)
JS
echo "libxml2-wasm 0.7.2, node $(node --version)"
node probe.mjs
