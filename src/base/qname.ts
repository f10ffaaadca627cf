/** An expanded name (Namespaces in XML 1.0, section 2.1). No namespace is the empty string. */
export interface QName {
  readonly namespace: string
  readonly localName: string
}

/**
 * Writes a name in Clark notation, which is also its key in every map of ours.
 *
 * @returns `{namespace}localName`, or `localName` alone where there is no namespace
 */
export function clark(name: QName): string {
  return name.namespace === '' ? name.localName : `{${name.namespace}}${name.localName}`
}

export function sameQName(a: QName, b: QName): boolean {
  return a.localName === b.localName && a.namespace === b.namespace
}
