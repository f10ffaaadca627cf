import pluralize from 'pluralize'
import { isAcronym } from './acronyms.js'

/** What English cannot count, of the trades that WSDLs are written for; the rest is the library's to know. */
const uncountable = new Set(
  (
    'info data metadata software hardware money cash weather history access availability eligibility staff advice evidence mail ' +
    'correspondence personnel health shipping traffic stock content inventory authentication feedback connectivity ' +
    'email help usage stamina capacity ownership compliance liquidity settings preferences credentials ' +
    'details statistics analytics logistics status-history kyc knowledge liability membership visibility ' +
    'permissioning audio video hearsay auth oauth support training travel research progress pricing billing'
  ).split(' '),
)

/** Nouns that are words of other languages in the names of services: no English plural suits them. */
const foreignNouns = new Set(
  (
    'adresse bestilling bruker dokument faktura henvendelse hendelse journalpost kjoeretoey konto kunde ordre oppgave person ' +
    'sak sykmelding tjeneste vedlegg vedtak ytelse aktor aktoer arbeidsforhold organisasjon soknad utbetaling mappe melding ' +
    'auftrag rechnung kunden buchung bestellung angebot benutzer beleg kennung lieferung vertrag zahlung artikel ' +
    'klant bericht bestelling factuur rekening zaak persoon dossier medewerker opdracht ' +
    'objednavka faktury zakaznik ucet doklad osoba zasilka musteri siparis fatura urun kullanici hesap gonderi ' +
    'commande devis ordine fattura bolletta spedizione prenotazione'
  ).split(' '),
)

const naturalised = new Set(['person', 'dossier', 'konto', 'data'])

/** The plural of an English noun in lower case; a plural stays as it is, and so does what English has no plural of. */
export function pluralOf(noun: string): string {
  return isInvariable(noun) || isPlural(noun) ? noun : pluralize.plural(noun)
}

/** The singular of an English noun in lower case; a singular stays as it is. */
export function singularOf(noun: string): string {
  if (isInvariable(noun) || /(?:ss|us|is|as|os|[^aeiou]ys)$/.test(noun)) return noun
  return pluralize.singular(noun)
}

export function isPlural(noun: string): boolean {
  return singularOf(noun) !== noun
}

function isInvariable(noun: string): boolean {
  return (
    (noun.length < 3 && noun !== 'id') ||
    !/[a-z]$/.test(noun) ||
    uncountable.has(noun) ||
    pluralize.singular(noun) === pluralize.plural(noun) ||
    isAcronym(noun) ||
    isForeignNoun(noun) ||
    isNoEnglishNoun(noun)
  )
}

/** Is it a word of another language than English, by a list of what services are often about? */
export function isForeignNoun(noun: string): boolean {
  return foreignNouns.has(noun) && !naturalised.has(noun)
}

/** No English noun ends like this: `historikk`, `saksbehandlingstj`; nor does a participle have a plural. */
function isNoEnglishNoun(noun: string): boolean {
  return (
    /(?:kk|[jvq]|aa|ii|uu|[^e]ed|ungen|keit|heit|schaft|zione|zioni|elser|skap|ning[ae]r)$/.test(noun) &&
    !/(?:bed|feed|seed|shed|sled|weed|dev|gov|iv)$/.test(noun)
  )
}

/** Two forms of one word, whose ending tells number or case: `kunde` and `kunden`, `factura` and `facturas`. */
export function isAlike(a: string, b: string): boolean {
  if (a === b || singularOf(a) === singularOf(b)) return true
  const stem = (word: string): string => word.replace(/(?:er|en|es|as|os|[sniyueao])$/, '')
  return stem(a).length > 2 && stem(a) === stem(b)
}
