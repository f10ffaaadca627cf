import { type Document, isMap, isSeq, parseDocument, stringify } from 'yaml'
import type { DesignSettings } from './settings.js'

/** What a decision adds to settings. */
export type SettingsChange = Partial<DesignSettings>

const STYLE = { lineWidth: 0, singleQuote: true } as const

/** Settings as lines of an `import.yaml`. */
export function settingsLines(settings: SettingsChange): string[] {
  const said = Object.entries(settings).filter(([, value]) => Object.keys(value).length > 0)
  return said.length === 0 ? [] : stringify(Object.fromEntries(said), STYLE).trimEnd().split('\n')
}

/**
 * Writes decisions into the text of an `import.yaml`; what it has, comments included, stays where nothing decides otherwise.
 *
 * @param text empty where there is no file yet; else one that `parseSettings` takes
 */
export function withDecisions(text: string, changes: readonly SettingsChange[]): string {
  const document: Document = parseDocument(text)
  if (!isMap(document.contents)) document.contents = document.createNode({})
  for (const { operations = {}, headers = [], request = {}, soapHeaders = {}, session } of changes) {
    for (const [name, settings] of Object.entries(operations)) {
      if (document.hasIn(['operations', name])) {
        for (const [key, value] of Object.entries(settings))
          document.setIn(['operations', name, key], value as unknown)
      } else {
        document.setIn(['operations', name], document.createNode(settings, { flow: true }))
      }
    }
    for (const header of headers) addHeader(document, header)
    for (const [member, source] of Object.entries(request)) document.setIn(['request', member], source)
    for (const [member, source] of Object.entries(soapHeaders))
      document.setIn(['soapHeaders', member], source)
    if (session) document.set('session', document.createNode(session))
  }
  return document.toString(STYLE)
}

function addHeader(document: Document, header: string): void {
  const known = document.get('headers')
  if (!isSeq(known)) document.set('headers', document.createNode([header]))
  else if (!(known.toJSON() as readonly unknown[]).includes(header)) known.add(header)
}
