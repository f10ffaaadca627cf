/* Words that are no nouns, so that no collection goes by them. In lower-case ASCII. */

const setOf = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/))

/** They join what stands before them to what follows. */
export const conjunctions = setOf('and or then plus og eller und oder y e et ou en of')

/** After these stands whose, where, by what or for whom something is. */
export const prepositions = setOf(
  'by for of from to with without in on at into onto using per via within between about after before since until ' +
    'against through under over upon towards as off out up down',
)

/** Words of languages that make a phrase of nouns; a service that uses them speaks that language. */
export const foreignParticles = setOf(
  'av med fra til ikke hos paa por para con del los las el la les des du pour avec sans par et mit von fuer zu ueber aus bei ' +
    'voor met uit naar van het een pro dla ze dos das nos nas com dei della delle degli per gli nel nella icin ile',
)

/** Say how much of a thing, or how many. */
export const quantifiers = setOf(
  'all any both each every few full half least less many more most much multiple none one other several single some such ' +
    'total whole the a an this that these those only alle alles todos todas tous toutes tutti tutte vse alla',
)

/** Say which or what kind; none is a thing by itself. */
export const adjectives = setOf(
  'active actual additional advanced alternative ambiguous annual archived automatic available basic best big blank broken ' +
    'cheap closed common complete completed confirmed correct current custom daily default deleted detailed different digital ' +
    'direct dirty double dynamic early easy eligible empty enabled existing expired external extended extra failed fast favorite ' +
    'final first fixed foreign former free frequent full further future generic global good great hidden high historical inactive ' +
    'incoming individual initial inner internal invalid large last late latest legal like local locked long lost low main manual ' +
    'matching maximum minimum missing monthly multi national nearby nearest negative new next nice normal old online open optional ' +
    'original outgoing overdue own paid partial past pending permanent personal physical planned popular possible posted ' +
    'preferred present previous prior private public quick raw ready real recent recommended recurring regular related released ' +
    'remote required reserved responsible safe same saved scheduled secure selected sent shared short similar simple small soft ' +
    'special specific standard static stored strict successful suggested supported temporary top total unique unknown unpaid unread ' +
    'unused upcoming updated upper used valid verified virtual visible weekly worst wrong yearly legacy ' +
    // Of the North, German, Spanish and Portuguese.
    'lest sendt mottatt journalfort journalfoert opprettet ferdigstilt slettet avsluttet godkjent avvist betalt annullert inaktiv ' +
    'aktive inaktive offene gesperrt bezahlt geloescht abgeschlossen versendet pendientes pagadas activos activas',
)

/** Stand before verbs and say nothing of their own. */
export const auxiliaries = setOf(
  'do does did is are was were be been has have had can could may might must shall should will would',
)

/** End names and say how something is done or which version it is, not what it is. */
export const suffixes = setOf(
  'ex ext async asynch sync synch v1 v2 v3 v4 v5 v6 v7 v8 v9 request requests rq req response operation op ws service svc call ' +
    'method webservice rpc soap',
)

const sets = [conjunctions, prepositions, quantifiers, adjectives, auxiliaries, suffixes]

/** Can a noun phrase not end with this word? */
export function isNoNoun(word: string): boolean {
  return sets.some((set) => set.has(word)) || /^v?\d+$/.test(word)
}

/** Can a noun phrase not begin with this word? */
export function isNoBeginning(word: string): boolean {
  return conjunctions.has(word) || prepositions.has(word) || auxiliaries.has(word)
}
