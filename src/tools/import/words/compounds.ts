import { verbOf } from './verbs.js'

/* What German, Dutch and the languages of the North write as one word, or as two that are one. In lower-case ASCII. */

/** Verbs whose first part stands at the end: `legeKundeAn`, `voegDocumentToe`. */
const partedVerbs = new Set(
  (
    'lege-an lege-ab melde-an melde-ab rufe-ab hole-ab nehme-an lehne-ab gebe-frei schalte-frei fuege-hinzu fuehre-aus stelle-aus ' +
    'loese-aus sage-ab breche-ab lade-hoch lade-herunter reiche-ein trage-ein zahle-aus ' +
    'voeg-toe haal-op vraag-op meld-aan meld-af sla-op dien-in wijs-toe wijs-af ken-toe zeg-op stel-vast zet-om rond-af roep-op'
  ).split(' '),
)

/** `lege kunde an` is `anlege kunde`: the verb with its first part, and what it is done to. */
export function withWholeVerb(words: readonly string[]): readonly string[] {
  const [first = '', ...rest] = words
  const last = rest.at(-1) ?? ''
  return partedVerbs.has(`${first}-${last}`) ? [`${last}${first}`, ...rest.slice(0, -1)] : words
}

/** A noun without the `s` that binds it to what follows: `sendungs` of `sendungsnummer`, `behandlings` of `behandlingsId`. */
export function withoutBinding(word: string): string {
  return word.replace(/(ung|heit|keit|schaft|ion|taet|ing|skap|sak|dom|els)s$/, '$1')
}

/** Heads of words that other languages write as one: `Zaakstatus`, `Kundenliste`. */
export function parted(word: string): string[] {
  const [, first, last] = /^(.{4,}?)(status|liste|daten|details|historie|historikk)$/.exec(word) ?? []
  if (first === undefined || last === undefined || verbOf(word)) return [word]
  return [withoutBinding(first), last === 'daten' ? 'data' : last]
}
