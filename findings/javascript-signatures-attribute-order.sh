#!/usr/bin/env bash
# xml-crypto and xmldsigjs canonicalize attributes in the same wrong order, so that each verifies what the other signs, and neither
# what other stacks sign. Attributes are sorted by the names of their namespaces, and only within one by local name (Canonical
# XML 1.0, section 2.2; Exclusive Canonicalization 1.0, section 3, takes that over): those of urn:shop go before those of
# urn:shop/types, whatever they are called. Both packages sort by namespace and local name written together, and urn:shop/typeskind
# goes before urn:shopversion. It takes attributes of two namespaces on one element, of which one namespace begins with the other, as
# those of one organisation do.
#
# Prints the exclusive canonical forms of both and of libxml2; exits non-zero when one of them behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts xml-crypto@6.3.2 xmldsigjs@2.8.8 libxml2-wasm@0.7.2 \
  xml-core@1.2.6 @xmldom/xmldom@0.9.12 xpath@0.0.34
cat >probe.mjs <<'JS'
import { DOMImplementation, DOMParser, XMLSerializer } from '@xmldom/xmldom'
import { XmlC14NMode, XmlDocument } from 'libxml2-wasm'
import { setNodeDependencies } from 'xml-core'
import { ExclusiveCanonicalization } from 'xml-crypto'
import { XmlCanonicalizer } from 'xmldsigjs'
import xpath from 'xpath'

setNodeDependencies({ DOMImplementation, DOMParser, XMLSerializer, xpath })
const parsed = (text) => new DOMParser().parseFromString(text, 'text/xml').documentElement
const forms = (text) => ({
  libxml2: XmlDocument.fromString(text).canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 }),
  'xml-crypto': new ExclusiveCanonicalization().process(parsed(text), {}),
  xmldsigjs: new XmlCanonicalizer(false, true).Canonicalize(parsed(text)),
})
const order = (p, q) => `<order xmlns:p="${p}" xmlns:q="${q}" p:version="1" q:kind="2"/>`
const apart = forms(order('urn:order', 'urn:types'))
const alike = forms(order('urn:shop', 'urn:shop/types'))
console.log(apart, alike)
const asKnown =
  new Set(Object.values(apart)).size === 1 &&
  alike.libxml2.includes('p:version="1" q:kind="2"') &&
  alike['xml-crypto'] === alike.xmldsigjs &&
  alike.xmldsigjs.includes('q:kind="2" p:version="1"')
process.exit(asKnown ? 0 : 1)
JS
echo "xml-crypto 6.3.2, xmldsigjs 2.8.8, libxml2-wasm 0.7.2, node $(node --version)"
node probe.mjs
