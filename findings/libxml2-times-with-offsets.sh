#!/usr/bin/env bash
# libxml2 holds every xs:time with an offset for later than every one in UTC: with maxInclusive 18:00:00Z it refuses
# 08:00:00+01:00, which is 07:00:00Z, and with minInclusive 08:00:00+01:00 it refuses noon in UTC. Times with zones are compared as
# the instants that they are on one day (XML Schema Part 2, sections 3.2.8 and 3.2.7.4), and both values are in the range. Times
# that all have offsets, or are all in UTC, it compares rightly, and so it does dateTimes of any zones: a limit in UTC works until
# the first client sends its local offset. xmllint, lxml (so Spyne's validator), PHP's schemaValidate and Nokogiri judge by
# libxml2, and 2.9.14 does the same; Xerces of JDK 17 takes all of these values.
#
# Prints which values in the range libxml2 in WebAssembly refuses; exits non-zero when it behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts libxml2-wasm@0.7.2
cat >probe.mjs <<'JS'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'

const schema = (base, facet, limit) => `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="value">
    <xs:simpleType><xs:restriction base="xs:${base}"><xs:${facet} value="${limit}"/></xs:restriction></xs:simpleType>
  </xs:element>
</xs:schema>`

function refused(base, facet, limit, values) {
  const validator = XsdValidator.fromDoc(XmlDocument.fromString(schema(base, facet, limit)))
  return values.filter((value) => {
    try {
      validator.validate(XmlDocument.fromString(`<value>${value}</value>`))
      return false
    } catch {
      return true
    }
  })
}

const seen = {
  'at most 18:00:00Z': refused('time', 'maxInclusive', '18:00:00Z', ['17:00:00Z', '17:00:00+00:00', '08:00:00+01:00', '11:00:00-02:00']),
  'at least 08:00:00+01:00': refused('time', 'minInclusive', '08:00:00+01:00', ['08:00:00+01:00', '10:00:00+02:00', '12:00:00Z']),
  'dateTime': refused('dateTime', 'maxInclusive', '2026-11-30T18:00:00Z', ['2026-11-30T17:00:00Z', '2026-11-30T08:00:00+01:00']),
}
console.log('refused:', seen)
process.exit(Object.values(seen).map(String).join(';') === '08:00:00+01:00,11:00:00-02:00;12:00:00Z;' ? 0 : 1)
JS
echo "libxml2-wasm 0.7.2, node $(node --version)"
node probe.mjs
