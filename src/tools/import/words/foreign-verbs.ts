import type { Vocabulary } from './intent.js'

/** Verbs of other languages than English, in lower-case ASCII as all names are read. */
export const foreign: readonly Vocabulary[] = [
  // Norwegian, with Danish and Swedish.
  {
    read: 'tilbyr uthent laes haemta hent hente vis vise hamta les lese hentliste',
    search: 'hentalle soke hitta finn sok soek soeg find sog',
    check: 'simuler verifiser kontrollera beregn kontroller valider sjekk berakna',
    create: 'legginn innrapporter bestil opprett registrer bestill opret skapa leggtil tilfoej',
    update: 'rediger juster aendra oppdater oppdatere endre lagre sett korriger opdater uppdatera rett',
    delete: 'avbestill fjerne annuller makuler slett fjern slet radera',
    action:
      'aktiver deaktiver sperr opphev utbetal betal godta publiser arkiver avbryt avslutt avvis bekreft behandle ferdigstill feilfoer feilfor feilregistrer godkjenn identifiser innsend ' +
      'knytt marker meld send startny stopp tildel overfoer skift',
  },
  // German.
  {
    read: 'abrufe abhole herunterlade lade laden gebe abholen besorge ausgeben hole holen lese lies lesen abrufen ermittle ermitteln gib liefere liefern anzeigen zeige',
    search: 'liste auflisten recherchiere suche suchen finde finden abfragen',
    check:
      'kalkuliere simuliere ueberpruefe ueberpruefen berechne berechnen pruefe pruefen validiere validieren',
    create:
      'anlege ausstelle hinzufuege eintrage einreiche hochlade buche buchen bestelle bestellen lege stelle eroeffne eroeffnen beauftrage erfasse erfassen neuanlage erstelle erstellen anlegen erzeuge erzeugen registriere registrieren hinzufuegen',
    update:
      'aktualisieren aendern ersetze ersetzen pflege aktualisiere aendere speichere speichern setze setzen bearbeite bearbeiten',
    delete: 'vernichte loesche loeschen losche loschen storniere stornieren entferne entfernen',
    action:
      'anmelde abmelde annehme ablehne freigebe freischalte ausfuehre ausloese absage abbreche auszahle ablege beantrage beantragen kuendige kuendigen uebermittle uebermitteln drucke drucken freigeben aktiviere aktivieren deaktiviere verarbeite uebergebe uebertrage ueberweise ueberweisen quittiere unterschreibe signiere anmelden abmelden ablehnen genehmige genehmigen schliesse schliessen oeffne verlaengere reserviere reservieren sende senden bestaetige bestaetigen sperre sperren entsperre entsperren melde melden starte starten',
  },
  // Spanish and Portuguese.
  {
    read: 'obtenha obten obtener descargar descarga baixar mostrar recuperar visualizar consultar consulta consulte obtenga leer recupera obter obtem retorna ler devolver trae traer',
    search: 'encontrar localizar listado buscar busca listar lista pesquisar pesquisa',
    check:
      'calcule simula estimar cotiza checar calcular calcula cotizar simular validar valida verificar verifica comprobar conferir',
    create:
      'registra ingresar ingresa grabar abrir adicionar adiciona crear registrar insertar inserta agregar agrega criar cria incluir inclui inserir cadastrar cadastra alta',
    update:
      'actualize atualize modifique actualizar actualiza modificar modifica cambiar guardar atualizar atualiza alterar altera salvar editar',
    delete: 'elimine suprimir eliminar elimina borrar anular excluir exclui remover apagar baja',
    action:
      'timbra aceptar aceitar asignar activar ativar desactivar desativar bloquear desbloquear finalizar iniciar cerrar fechar confirma reservar reserva anexar notificar firmar assinar imprimir transferir processar rechaza reenviar publicar manifestar autorizar cancelar cancela confirmar emitir emite enviar envia informar pagar procesar rechazar solicitar ' +
      'solicita gerar gera generar genera transmitir recepcionar timbrar aprovar rejeitar',
  },
  // French.
  {
    read: 'recupere obtient telecharger obtenir lire consulter recuperer afficher',
    search: 'liste cherche chercher rechercher lister trouver',
    check: 'calcule simuler estimer verifie calculer valider verifier controler',
    create: 'cree ajoute reserver creer ajouter inserer',
    update: 'modifie changer mettre modifier enregistrer maj',
    delete: 'supprime annule supprimer annuler effacer',
    action:
      'envoie valide confirmer accepter refuser activer desactiver imprimer payer deposer cloturer envoyer traiter demander signer transmettre',
  },
  // Dutch.
  {
    read: 'ophaal opvraag oproep verkrijg lezen geefop haal ophalen opvragen lees geef raadpleeg raadplegen',
    search: 'vind lijst opzoeken zoek zoeken',
    check: 'valideren toets bereken berekenen controleer controleren valideer',
    create:
      'toevoeg indien creeer creeren genereer plaats plaatsen voeg boeken maakaan maak aanmaken registreer registreren toevoegen voegtoe',
    update: 'opsla actualiseer actualiseren muteer bewaar wijzig wijzigen opslaan bijwerken',
    delete: 'wis verwijder verwijderen annuleer annuleren',
    action:
      'aanmeld afmeld toewijs afwijs toeken opzeg vaststel omzet afrond overdragen ontkoppel koppel meld activeer deactiveer accepteer weiger blokkeer deblokkeer betaal reserveer verleng sluit dien verzend verzenden autoriseer onderteken verstuur versturen indienen stuur bevestig',
  },
  // Italian.
  {
    read: 'leggere ottenere scarica mostra recuperare leggi ottieni recupera visualizza',
    search: 'trova elenco lista cercare cerca elenca ricerca',
    check: 'verificare calcolare controllare simula calcola verifica controlla',
    create: 'creare inserire registra prenota prenotare emetti crea aggiungi inserisci',
    update: 'modifica modificare aggiornare aggiorna salva',
    delete: 'eliminare annullare elimina cancella rimuovi annulla',
    action:
      'inviare trasmetti trasmettere attiva disattiva blocca sblocca approva rifiuta paga stampa accetta conferma invia',
  },
  // Czech and Slovak.
  {
    read: 'stahni stahnout zobraz nacti nacist ziskej ziskat vrat vratit zjisti dej cti precti',
    search: 'seznam hledani vyber najdi najit hledej hledat vyhledej vyhledat vypis',
    check: 'overeni validuj spocti overit zkontroluj kontrola spocitej',
    create: 'zaregistruj registruj objednej vytvor vytvorit pridej pridat zaloz zalozit vloz vlozit',
    update: 'zapis oprav uprav upravit aktualizuj aktualizovat zmen zmenit uloz ulozit nastav nastavit',
    delete: 'vymaz smaz smazat odstran odstranit zrus zrusit',
    action:
      'aktivuj deaktivuj zablokuj odblokuj schval zamitni prijmi zaplat tiskni podepis prihlas odhlas odesli odeslat posli poslat potvrd potvrdit podej podat',
  },
  // Turkish.
  {
    read: 'getir oku goster',
    search: 'arama liste ara bul listele sorgula',
    check: 'sorgulama denetle hesapla dogrula kontrolet',
    create: 'olustur ekle kaydet yarat',
    update: 'yenile guncelle degistir duzenle',
    delete: 'temizle sil kaldir iptal',
    action: 'onay reddet iade yazdir gonder onayla baslat durdur',
  },
]
