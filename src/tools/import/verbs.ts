/** What an operation does, as its name says it. */
export type Intent = 'read' | 'search' | 'create' | 'update' | 'delete' | 'action'

export interface Verb {
  readonly intent: Intent
  /** Of another language than English, whose nouns then are not English either. */
  readonly isForeign: boolean
}

type Vocabulary = Readonly<Record<Intent, string>>

const english: Vocabulary = {
  read: 'get read retrieve fetch lookup load obtain show view describe inquire inquiry enquire enquiry inq',
  search: 'list find search query browse enumerate select',
  create: 'create add register open insert new place issue book record submit initiate',
  update:
    'update modify set change edit amend replace save store put upsert alter adjust rename assign write upd',
  delete: 'delete remove cancel close erase drop purge unregister deregister terminate destroy del',
  /** They act on what follows: `ApproveLoan` is `/loans/{loanId}/approve`. */
  action:
    'accept acknowledge activate allocate apply approve archive attach authenticate authorise authorize block ' +
    'calculate capture check claim clear complete compute confirm convert copy count deactivate decline deliver ' +
    'deposit detach disable download eject enable estimate evaluate execute export extend finish forward freeze ' +
    'generate grant hold import init initialise initialize invoke link lock login logout merge move notify pause ' +
    'pay perform ping post prepare print process publish reactivate receive recalculate refresh refund reissue ' +
    'reject release renew reopen report request resend reserve reset resolve resume return reverse revoke run ' +
    'schedule send settle share sign start stop subscribe suspend sync synchronize test transfer transform ' +
    'translate unblock unlink unlock unsubscribe upload use validate verify void withdraw',
}

/** Norwegian with Danish and Swedish, German, Spanish and Portuguese, French, Dutch, Italian; in ASCII. */
const foreign: readonly Vocabulary[] = [
  {
    read: 'hent vis hamta',
    search: 'finn sok soek find',
    create: 'opprett registrer bestill opret skapa',
    update: 'oppdater endre lagre sett korriger opdater uppdatera',
    delete: 'slett fjern slet radera',
    action:
      'arkiver avbryt avslutt avvis bekreft beregn ferdigstill godkjenn innsend knytt kontroller marker stopp valider',
  },
  {
    read: 'hole lese lies lesen abrufen ermittle ermitteln',
    search: 'suche suchen finde finden abfragen',
    create: 'erstelle erstellen anlegen registriere registrieren',
    update: 'aktualisiere aktualisieren aendere aendern speichere speichern',
    delete: 'loesche loeschen losche loschen storniere stornieren',
    action: 'berechne berechnen pruefe pruefen sende senden bestaetige bestaetigen',
  },
  {
    read: 'consultar consulta obtener leer recuperar obter',
    search: 'buscar listar pesquisar',
    create: 'crear registrar insertar agregar criar incluir inserir cadastrar',
    update: 'actualizar modificar cambiar guardar atualizar alterar',
    delete: 'eliminar borrar anular excluir remover cancelar',
    action:
      'autorizar calcular confirmar emitir enviar informar pagar procesar rechazar solicitar validar verificar',
  },
  {
    read: 'obtenir lire consulter',
    search: 'chercher rechercher lister',
    create: 'creer ajouter inserer',
    update: 'modifier enregistrer',
    delete: 'supprimer annuler',
    action: 'calculer envoyer valider verifier',
  },
  {
    read: 'haal ophalen opvragen',
    search: 'zoek zoeken',
    create: 'maak aanmaken registreer registreren toevoegen',
    update: 'wijzig wijzigen opslaan bijwerken',
    delete: 'verwijder verwijderen',
    action: 'bereken berekenen controleer controleren verstuur versturen',
  },
  {
    read: 'leggi ottieni',
    search: 'cerca elenca',
    create: 'crea aggiungi inserisci',
    update: 'aggiorna salva',
    delete: 'elimina cancella rimuovi',
    action: 'calcola conferma invia verifica',
  },
]

const verbs: ReadonlyMap<string, Verb> = new Map(
  [...foreign, english].flatMap((vocabulary) =>
    Object.entries(vocabulary).flatMap(([intent, words]) =>
      words
        .split(' ')
        .map((word) => [word, { intent: intent as Intent, isForeign: vocabulary !== english }] as const),
    ),
  ),
)

/** @param word in lower-case ASCII */
export function verbOf(word: string): Verb | undefined {
  return verbs.get(word)
}

const nounsToo = new Set(
  (
    'block book claim copy count deposit estimate export extend import issue link list load lock new notify open order ' +
    'place post print process publish receive record release report request return reverse run set share sign start ' +
    'stop store test transfer use view void write'
  ).split(' '),
)

/** Is it a verb although something stands before it? `CustomerSearch`, but not `DocumentSet`. */
export function isVerbAtEnd(word: string): boolean {
  return verbs.has(word) && (!nounsToo.has(word) || word === 'list' || word === 'notify')
}

/** Is it a verb in the midst of a name? `FEParamGetTiposIva`. */
export function isVerbInside(word: string): boolean {
  return /^(?:get|find|list|search|retrieve|create|update|delete|remove)$/.test(word)
}
