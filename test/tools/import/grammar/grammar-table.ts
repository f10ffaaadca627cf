/*
 * Names of operations, mostly of public services, with what a designer would choose for them. Operations of one service are
 * imported together, since each path depends on the others.
 *
 *   name(inputs)[] = METHOD /path?query      [] where the answer is a list, ? where it is yes or no
 *
 * Inputs are texts: `a?` is optional, `a*` repeats, `a{}` has structure.
 */
export const grammarTable = `# OrderService
  getOrder(orderId) = GET /orders/{orderId}
  getOrderV2(orderId) = GET /orders/{orderId}/v2
  createOrder(order{}) = POST /orders
  createOrderV2(order{}) = POST /orders/v2
  getOrderList(status?)[] = GET /orders?status
  updateOrderList(order{}) = POST /orders/batch/update
  updateOrder(orderId, order{}) = PUT /orders/{orderId}
  deleteOrder(orderId) = DELETE /orders/{orderId}
  cancelOrder(orderId, reason) = POST /orders/{orderId}/cancel
  getOrderStatus(orderId) = GET /orders/{orderId}/status
  getOrderHistory(orderId)[] = GET /orders/{orderId}/history
  getOrdersByCustomer(customerId)[] = GET /customers/{customerId}/orders
  getOrdersByDate(from, to)[] = GET /orders?from&to
  getOrderLines(orderId)[] = GET /orders/{orderId}/lines
  addOrderLine(orderId, sku, quantity) = POST /orders/{orderId}/lines
  removeOrderLine(orderId, lineId) = POST /orders/{orderId}/line/remove
  splitOrder(orderId, lines*) = POST /orders/{orderId}/split
  OrderExists(orderId) = GET /orders/{orderId}/exists
  CountOrders(status?) = GET /orders/count?status
  exportOrders(format?) = GET /orders/export?format

# FilterService
  listDesigns()[] = GET /designs
  getOwner(ownerId) = GET /owners/{ownerId}
  getDesignsByOwnerId(ownerId)[] = GET /owners/{ownerId}/designs
  getDesignsByOwnerName(ownerName)[] = GET /designs?ownerName
  getDesignsByStateId(stateId)[] = GET /designs?stateId
  getDesignsByState(state)[] = GET /designs?state
  getOrdersByTypeCode(typeCode)[] = GET /orders?typeCode
  getOrdersByCategoryId(categoryId)[] = GET /orders?categoryId
  getOrdersByTrackingNumber(trackingNumber)[] = GET /orders?trackingNumber

# CatalogueService
  getCategory(categoryId) = GET /categories/{categoryId}
  getProductsByCategoryId(categoryId)[] = GET /categories/{categoryId}/products

# GreeterService
  sayHi() = POST /greetings/hi
  greetMe(name) = POST /greetings
  greetMeLater(name) = POST /greetings/later
  greetMeOneWay(name) = POST /greetings/one-way
  greetUs(first, second) = POST /greet-us
  pingMe() = GET /ping

# CheckoutService
  Authorize(card, amount) = POST /authorizations
  Reverse(amount) = POST /reversals
  Refund(amount) = POST /refunds
  Pay(invoiceId) = POST /invoices/{invoiceId}/pay
  Notify(message) = POST /notifications

# RoleService
  addPrincipalToRole(principal, role) = PUT /roles/{role}/principals/{principal}
  removePrincipalFromRole(principal, role) = DELETE /roles/{role}/principals/{principal}
  getPrincipalsInRole(role)[] = GET /roles/{role}/principals
  getRolesOfPrincipal(principal)[] = GET /principals/{principal}/roles
  createRole(role) = POST /roles
  deleteRole(role) = DELETE /roles/{role}
  isPrincipalInRole(principal, role) = GET /roles/{role}/principals/{principal}
  assignPermissionToRole(permission, role) = PUT /roles/{role}/permissions/{permission}
  revokePermissionFromRole(permission, role) = DELETE /roles/{role}/permissions/{permission}

# GroupService
  addUserToGroup(userName, groupName) = PUT /groups/{groupName}/users/{userName}
  removeUserFromGroup(userName, groupName) = DELETE /groups/{groupName}/users/{userName}
  getUsersInGroup(groupName)[] = GET /groups/{groupName}/users
  getGroupsForUser(userName)[] = GET /users/{userName}/groups
  attachVolumeToInstance(volumeId, instanceId) = PUT /instances/{instanceId}/volumes/{volumeId}
  detachVolumeFromInstance(volumeId, instanceId) = DELETE /instances/{instanceId}/volumes/{volumeId}
  linkCardToAccount(cardId, accountId) = PUT /accounts/{accountId}/cards/{cardId}
  unlinkCardFromAccount(cardId, accountId) = DELETE /accounts/{accountId}/cards/{cardId}
  addMemberToTeam(memberId, teamId) = PUT /teams/{teamId}/members/{memberId}

# EnvelopeService
  CreateAndSendEnvelope(envelope{}) = POST /envelopes/create-and-send
  CreateEnvelope(envelope{}) = POST /envelopes
  SendEnvelope(envelopeId) = POST /envelopes/{envelopeId}/send
  VoidEnvelope(envelopeId, reason) = POST /envelopes/{envelopeId}/void
  RequestStatus(envelopeId) = GET /envelopes/{envelopeId}/status
  RequestStatuses(filter{})[] = POST /statuses/search
  RequestStatusEx(envelopeId) = GET /envelopes/{envelopeId}/status/extended
  RequestPDF(envelopeId) = GET /envelopes/{envelopeId}/pdf
  RequestRecipientToken(envelopeId, email) = POST /envelopes/{envelopeId}/recipient-token/request
  CorrectAndResendEnvelope(correction{}) = POST /envelopes/correct-and-resend
  PurgeDocuments(envelopeId) = DELETE /envelopes/{envelopeId}/documents
  Ping() = GET /ping

# PortfolioService
  RemoveFromPortfolio(portfolioId, isin) = POST /portfolios/{portfolioId}/remove
  AddToPortfolio(portfolioId, isin) = POST /portfolios/{portfolioId}/add
  GetPortfolio(portfolioId) = GET /portfolios/{portfolioId}
  ListPortfolios()[] = GET /portfolios
  ExportLedger(year) = GET /ledgers/export?year
  CalculatePremium(age, sum) = GET /premiums/calculate?age&sum
  CalculateLoanPayment(amount, rate, months) = GET /loan-payments/calculate?amount&rate&months
  EstimateShipping(weight, zip) = GET /shipping/estimate?weight&zip
  IsAlive() = POST /is-alive
  GetAlive() = GET /alive

# CardService
  CheckLost(cardId) = GET /cards/{cardId}/lost
  ReportLost(cardId) = POST /cards/{cardId}/report-lost
  BlockCard(cardId) = POST /cards/{cardId}/block
  UnblockCard(cardId, reason) = POST /cards/{cardId}/unblock
  GetCardLimits(cardId)[] = GET /cards/{cardId}/limits
  SetCardLimit(cardId, limit) = PUT /cards/{cardId}/limit
  NotifyLate(cardId) = POST /cards/{cardId}/notify-late

# TimeTracking
  TimeEntry_GetData(timeEntryId) = GET /time-entries/{timeEntryId}
  TimeEntry_GetAll()[] = GET /time-entries
  TimeEntry_Create(timeEntry{}) = POST /time-entries
  TimeEntry_Delete(timeEntryId) = DELETE /time-entries/{timeEntryId}
  TimeEntry_FindByDate(from, to)[] = GET /time-entries?from&to
  Unit_Delete(unitNumber) = DELETE /units/{unitNumber}
  Unit_GetName(unitNumber) = GET /units/{unitNumber}/name
  Unit_SetName(unitNumber, value) = PUT /units/{unitNumber}/name
  Debtor_GetOpenEntries(debtorNumber)[] = GET /debtors/{debtorNumber}/open-entries
  Debtor_GetBalance(debtorNumber) = GET /debtors/{debtorNumber}/balance
  Debtor_FindByName(name)[] = GET /debtors?name
  Debtor_UpdateFromData(data{}) = POST /debtors/update
  CashBook_Book(cashBookNumber) = POST /cash-books/{cashBookNumber}/book
  Account_GetAllUpdated(since)[] = GET /accounts/updated?since
  CurrentInvoice_SetDebtor(invoiceId, debtorNumber) = PUT /current-invoices/{invoiceId}/debtor
  CurrentInvoice_GetDebtor(invoiceId) = GET /current-invoices/{invoiceId}/debtor

# AuctionService
  doGetCountries()[] = GET /countries
  DoCancel(auctionId) = DELETE /auctions/{auctionId}
  doGetSitesInfo()[] = GET /sites
  doCheckItemExists(itemId) = GET /items/{itemId}/exists
  doAddWatchList(itemId) = POST /items/{itemId}/watch-lists
  doSearch(query)[] = GET /auctions?query

# NetworkService
  GetNetworkName(this) = GET /network-names/{this}
  SetNetworkName(this, name) = PUT /network-names/{this}
  GetDomainName() = GET /domain-name
  SetDomainName(name) = PUT /domain-name
  getNextAvailablePort(this) = GET /next-available-ports/{this}
  GetAll()[] = GET /networks
  GetMore(cursor)[] = GET /networks/more?cursor
  GetDeleted(since?)[] = GET /networks/deleted?since

# MessageService
  CreateMessage(message{}) = POST /messages
  CreateMultipleMessage(messages{}) = POST /messages/batch
  GetMessage(messageId) = GET /messages/{messageId}
  GetMessages(folder?)[] = GET /messages?folder
  GetUnreadMessages()[] = GET /messages/unread
  DeleteMessage(messageId) = DELETE /messages/{messageId}
  DeleteMessages(messageIds*) = POST /messages/delete
  MarkAsRead(messageId) = POST /messages/{messageId}/mark-as-read
  MarkMessageRead(messageId) = POST /messages/{messageId}/mark-read
  ForwardMessage(messageId, to) = POST /messages/{messageId}/forward
  MoveMessageToFolder(messageId, folderId) = POST /messages/{messageId}/move
  CopyMessageToFolder(messageId, folderId) = POST /messages/{messageId}/copy
  ReplyToMessage(messageId, text) = POST /messages/{messageId}/reply

# srm
  srmPing(authorization?) = POST /ping
  srmReserveSpace(request{}) = POST /spaces/reserve
  srmUpdateSpace(request{}) = POST /spaces/update
  srmStatusOfUpdateSpaceRequest(request{}) = POST /update-space-requests/status/query
  srmGetSpaceTokens(userSpaceDescription?)[] = POST /space-tokens/search
  srmReleaseSpace(request{}) = POST /spaces/release
  srmAbortRequest(request{}) = POST /requests/abort
  srmSuspendRequest(request{}) = POST /requests/suspend
  srmLs(request{}) = POST /ls
  srmMkdir(request{}) = POST /mkdir

# NetService
  GetIPv6Address(hostId) = GET /hosts/{hostId}/ipv6-address
  GetOAuthToken(clientId) = POST /oauth-tokens/query
  ListPhDs()[] = GET /phd
  GetVPNConnection(vpnId) = GET /vpn/{vpnId}/connection
  DescribeVPNs()[] = GET /vpn
  CreateVPC(cidr) = POST /vpc
  GetURLs()[] = GET /url
  GetSMSStatus(smsId) = GET /sms/{smsId}/status
  SendSMS(to, text) = POST /sms/send
  GetFAQ()[] = GET /faq
  GetVATRate(country) = GET /vat-rates/{country}
  ValidateVAT(vatNumber) = GET /vat/{vatNumber}/validate
  CheckVat(countryCode, vatNumber) = GET /vat/{vatNumber}/check?countryCode
  CheckVatApprox(countryCode, vatNumber, traderName?) = GET /vat/{vatNumber}/approx/check?countryCode&traderName
  GetISBN(isbn) = GET /isbn/{isbn}

# CountryInfoService
  ListOfCountryNamesByName()[] = GET /country-names
  ListOfCurrenciesByCode()[] = GET /currencies
  CountryName(countryIsoCode) = GET /countries/{countryIsoCode}/name
  CountryCurrency(countryIsoCode) = GET /countries/{countryIsoCode}/currency
  FullCountryInfo(countryIsoCode) = GET /countries/{countryIsoCode}
  CountriesUsingCurrency(isoCurrencyCode)[] = GET /currencies/{isoCurrencyCode}/countries
  LanguageName(isoCode) = GET /language-names/{isoCode}

# Convert
  CelsiusToFahrenheit(celsius) = GET /celsius-to-fahrenheit?celsius
  NumberToWords(number) = GET /number-to-words?number
  NumberToDollars(number) = GET /number-to-dollars?number
  ConvertCurrency(from, to, amount) = GET /currencies/convert?from&to&amount
  ConvertTemp(value, from, to) = GET /temps/convert?value&from&to
  ConversionRate(from, to) = GET /conversion-rate?from&to
  Add(a, b) = POST /add
  Subtract(a, b) = POST /subtract

# Weather
  GetWeather(city, country) = GET /weather?city&country
  GetCitiesByCountry(country)[] = GET /cities?country
  GetCityForecastByZIP(zip) = GET /city-forecasts/{zip}
  GetCityWeatherByZIP(zip) = GET /city-weather/{zip}
  GetWeatherInformation()[] = GET /weather/information

# SalesforceSoap
  query(queryString) = GET /query?queryString
  queryMore(queryLocator) = GET /query-more?queryLocator
  queryAll(queryString) = GET /query-all?queryString
  create(objects{}) = POST /objects
  update(objects{}) = POST /objects/update
  upsert(objects{}) = POST /objects/upsert
  delete(ids*) = POST /delete
  undelete(ids*) = POST /undelete
  retrieve(fieldList, objectType, ids*) = GET /retrieve?fieldList&objectType&ids
  search(searchString)[] = GET /search?searchString
  describeSObject(objectType) = GET /s-objects/{objectType}
  describeSObjects(objectTypes*)[] = GET /s-objects?objectTypes
  describeLayout(objectType) = GET /layouts/{objectType}
  getUserInfo() = GET /user-info
  getServerTimestamp() = GET /server-timestamp
  convertLead(leads{}) = POST /leads/convert
  merge(request{}) = POST /merge
  setPassword(userId, password) = PUT /users/{userId}/password
  resetPassword(userId) = POST /users/{userId}/password/reset
  sendEmail(messages{}) = POST /email/send
  login(username, password) = POST /login
  logout() = POST /logout
  emptyRecycleBin(ids*) = POST /empty-recycle-bin
  process(actions{}) = POST /actions/process

# eBayAPI
  AddItem(item{}) = POST /items
  AddItems(items{}) = POST /items/batch
  ReviseItem(item{}) = POST /items/revise
  RelistItem(item{}) = POST /items/relist
  EndItem(itemId, reason) = POST /items/{itemId}/end
  EndItems(items{}) = POST /items/end
  GetItem(itemId, includeWatchCount?) = GET /items/{itemId}?includeWatchCount
  GetItemTransactions(itemId, page?)[] = GET /items/{itemId}/transactions?page
  GetMyeBaySelling(filter{}) = POST /ebay-sellings/query
  GetSellerList(from, to)[] = GET /sellers?from&to
  GetCategories(siteId?)[] = GET /categories?siteId
  GetCategoryFeatures(categoryId)[] = GET /categories/{categoryId}/features
  GeteBayOfficialTime() = GET /ebay-official-time
  GetFeedback(userId)[] = GET /users/{userId}/feedback
  LeaveFeedback(itemId, comment) = POST /items/{itemId}/feedback/leave
  CompleteSale(itemId, shipped?) = POST /items/{itemId}/sale/complete
  PlaceOffer(offer{}) = POST /offers
  VerifyAddItem(item{}) = POST /items/verify-add
  GetUser(userId) = GET /users/{userId}
  UploadSiteHostedPictures(picture{}) = POST /site-hosted-pictures
  GetSuggestedCategories(query)[] = GET /categories/suggested?query
  GetHighBidders(itemId)[] = GET /items/{itemId}/high-bidders
  RespondToBestOffer(itemId, action) = POST /respond-to-best-offer

# PayPalAPI
  DoDirectPayment(details{}) = POST /direct-payments
  DoCapture(authorizationId, amount) = POST /authorizations/{authorizationId}/capture
  DoVoid(authorizationId) = POST /authorizations/{authorizationId}/void
  DoAuthorization(transactionId, amount) = POST /transactions/{transactionId}/authorizations
  DoReferenceTransaction(details{}) = POST /reference-transactions
  SetExpressCheckout(details{}) = POST /express-checkouts/set
  GetExpressCheckoutDetails(checkoutId) = GET /express-checkouts/{checkoutId}
  DoExpressCheckoutPayment(details{}) = POST /express-checkout-payments
  RefundTransaction(transactionId, amount?) = POST /transactions/{transactionId}/refund
  GetTransactionDetails(transactionId) = GET /transactions/{transactionId}
  TransactionSearch(startDate, endDate?)[] = GET /transactions?startDate&endDate
  GetBalance() = GET /balance
  CreateRecurringPaymentsProfile(details{}) = POST /recurring-payments-profiles
  ManageRecurringPaymentsProfileStatus(profileId, action) = POST /recurring-payments-profiles/{profileId}/status/manage
  AddressVerify(email, street, zip) = POST /addresses/verify
  BillOutstandingAmount(profileId) = POST /profiles/{profileId}/outstanding-amount/bill

# ExchangeServices
  ResolveNames(query{}) = POST /names/resolve
  ExpandDL(mailbox{}) = POST /dl/expand
  GetServerTimeZones(ids*)[] = GET /server-time-zones?ids
  FindFolder(shape{})[] = POST /folders/search
  FindItem(shape{})[] = POST /items/search
  GetFolder(shape{}) = POST /folders/query
  GetItem(shape{}) = POST /items/query
  CreateItem(items{}) = POST /items
  DeleteItem(items{}) = POST /items/delete
  UpdateItem(changes{}) = POST /items/update
  SendItem(items{}) = POST /items/send
  MoveItem(items{}) = POST /items/move
  CopyItem(items{}) = POST /items/copy
  CreateAttachment(parent{}) = POST /attachments
  DeleteAttachment(ids{}) = POST /attachments/delete
  GetAttachment(ids{}) = POST /attachments/query
  GetUserAvailability(request{}) = POST /user-availability/query
  GetUserOofSettings(mailbox{}) = POST /user-oof-settings/query
  SetUserOofSettings(mailbox{}, settings{}) = POST /user-oof-settings/set
  AddDelegate(mailbox{}) = POST /delegates
  RemoveDelegate(mailbox{}) = POST /delegates/remove
  SyncFolderItems(sync{}) = POST /folder-items/sync
  Subscribe(request{}) = POST /subscriptions
  Unsubscribe(subscriptionId) = DELETE /subscriptions/{subscriptionId}
  MarkAsJunk(items{}) = POST /items/mark-as-junk
  GetPasswordExpirationDate(mailbox) = GET /password-expiration-dates/{mailbox}
  ArchiveItem(items{}) = POST /items/archive

# Lists
  GetListCollection()[] = GET /lists
  GetList(listName) = GET /lists/{listName}
  DeleteList(listName) = DELETE /lists/{listName}
  AddList(listName, description, templateId) = POST /lists
  AddListFromFeature(listName, description, featureId) = POST /features/{featureId}/lists
  UpdateList(listName, properties{}) = PUT /lists/{listName}
  GetListItems(listName, query{})[] = POST /list-items/search
  GetListItemChanges(listName, since?)[] = GET /list-item-changes?listName&since
  UpdateListItems(listName, updates{}) = POST /list-items/update
  GetVersionCollection(listId, itemId)[] = GET /versions?listId&itemId
  AddAttachment(listName, itemId, fileName) = POST /items/{itemId}/attachments
  GetAttachmentCollection(listName, itemId)[] = GET /items/{itemId}/attachments?listName
  DeleteAttachment(listName, itemId, url) = POST /items/{itemId}/attachment/delete
  CheckOutFile(pageUrl, checkoutToLocal) = POST /files/checkout
  UndoCheckOut(pageUrl) = POST /checkouts/undo
  CheckInFile(pageUrl, comment) = POST /files/checkin
  GetListContentTypes(listName)[] = GET /list-content-types?listName

# JiraSoapService
  getIssue(issueKey) = GET /issues/{issueKey}
  getIssueById(issueId) = GET /issues?issueId
  getIssuesFromFilter(filterId)[] = GET /filters/{filterId}/issues
  getIssuesFromJqlSearch(jql, maxResults)[] = GET /issues/from-jql-search?jql&maxResults
  createIssue(issue{}) = POST /issues
  updateIssue(issueKey, fields{}) = PUT /issues/{issueKey}
  deleteIssue(issueKey) = DELETE /issues/{issueKey}
  addComment(issueKey, comment{}) = POST /issues/{issueKey}/comments
  getComments(issueKey)[] = GET /issues/{issueKey}/comments
  addAttachmentsToIssue(issueKey, names*) = POST /issues/{issueKey}/attachments
  getAttachmentsFromIssue(issueKey)[] = GET /issues/{issueKey}/attachments
  getAvailableActions(issueKey)[] = GET /issues/{issueKey}/available-actions
  getProjectByKey(projectKey) = GET /projects/{projectKey}
  getPriorities()[] = GET /priorities
  getResolutions()[] = GET /resolutions
  getServerInfo() = GET /server-info
  getFavouriteFilters()[] = GET /favourite-filters
  addUserToRole(user, role) = PUT /roles/{role}/users/{user}
  archiveVersion(versionId) = POST /versions/{versionId}/archive
  releaseVersion(versionId) = POST /versions/{versionId}/release

# Magento
  customerCustomerList(filters{})[] = POST /customers/search
  catalogProductInfo(productId) = GET /catalog-products/{productId}
  catalogProductList(filters{})[] = POST /catalog-products/search
  catalogProductCreate(product{}) = POST /catalog-products
  catalogProductUpdate(productId, product{}) = PUT /catalog-products/{productId}
  catalogProductDelete(productId) = DELETE /catalog-products/{productId}
  salesOrderHold(orderId) = POST /sales-orders/{orderId}/hold
  salesOrderUnhold(orderId) = POST /sales-orders/{orderId}/unhold
  salesOrderCancel(orderId) = DELETE /sales-orders/{orderId}
  shoppingCartProductAdd(cartId, products{}) = POST /shopping-carts/{cartId}/products
  directoryCountryList()[] = GET /directory-countries

# VehicleService
  GetVehicleByVIN(vin) = GET /vehicles?vin
  GetVehicleByPlate(plate) = GET /vehicles/by-plate?plate
  GetVehicleByOwner(ownerId) = GET /owners/{ownerId}/vehicle
  GetVehicleByPlateAndCountry(plate, country) = GET /vehicles/by-plate-and-country?plate&country
  GetVehicleInfo(vehicleId) = GET /vehicles/{vehicleId}
  RegisterVehicle(vehicle{}) = POST /vehicles
  UnregisterVehicle(vehicleId) = DELETE /vehicles/{vehicleId}
  GetVehicleListForOwner(ownerId)[] = GET /owners/{ownerId}/vehicles
  GetLatestPosition(vehicleId) = GET /vehicles/{vehicleId}/latest-position
  GetCurrentMileage(vehicleId) = GET /vehicles/{vehicleId}/current-mileage

# AttributeService
  GetVolumeAttribute(volumeId, attribute) = GET /volumes/{volumeId}/attribute?attribute
  ModifyVolumeAttribute(volumeId, attribute, value) = PUT /volumes/{volumeId}/attribute
  DescribeVolumes(volumeIds*)[] = GET /volumes?volumeIds
  AttachVolume(volumeId, instanceId, device) = POST /volumes/{volumeId}/attach
  DetachVolume(volumeId) = POST /volumes/{volumeId}/detach
  RunInstances(imageId, count) = POST /instances/run
  TerminateInstances(instanceIds*) = POST /instances/terminate
  DescribeInstances(filter{})[] = POST /instances/search
  RebootInstances(instanceIds*) = POST /instances/reboot
  AllocateAddress(domain?) = POST /addresses/allocate
  AssociateAddress(publicIp, instanceId) = POST /instances/{instanceId}/address/associate
  CreateTags(resourceIds*, tags{}) = POST /tags

# NAV
  hentPerson(ident) = GET /person/{ident}
  hentPersonListe(identer*)[] = GET /person?identer
  opprettSak(sak{}) = POST /saker
  oppdaterSak(sakId, tittel) = PUT /saker/{sakId}
  slettSak(sakId) = DELETE /saker/{sakId}
  finnSaker(tema?)[] = GET /saker?tema
  knyttBehandlingTilSak(behandlingId, sakId) = PUT /saker/{sakId}/behandling/{behandlingId}
  hentSakstatus(sakId) = GET /saker/{sakId}/sakstatus
  ferdigstillJournalpost(journalpostId) = POST /journalpost/{journalpostId}/ferdigstill
  avsluttOgArkiverSak(sakId) = POST /saker/{sakId}/avslutt-og-arkiver
  erEgenansatt(ident) = GET /egenansatt?ident
  lagreOppgaveListe(oppgaver{}) = POST /oppgave/batch/lagre

# Kunden
  holeKunde(kundenNummer) = GET /kunden/{kundenNummer}
  sucheKunden(name)[] = GET /kunden?name
  erstelleKunde(kunde{}) = POST /kunden
  aendereKunde(kundenNummer, kunde{}) = PUT /kunden/{kundenNummer}
  loescheKunde(kundenNummer) = DELETE /kunden/{kundenNummer}
  berechnePreis(artikel, menge) = GET /preis/berechne?artikel&menge
  pruefeVerfuegbarkeit(artikel) = GET /verfuegbarkeit/pruefe?artikel
  sendeNachricht(text) = POST /nachricht/sende

# Klanten
  haalKlant(klantId) = GET /klanten/{klantId}
  zoekKlanten(naam)[] = GET /klanten?naam
  maakKlant(klant{}) = POST /klanten
  wijzigKlant(klantId, klant{}) = PUT /klanten/{klantId}
  verwijderKlant(klantId) = DELETE /klanten/{klantId}
  controleerAdres(postcode) = GET /adres/controleer?postcode

# Objednavky
  nactiObjednavku(objednavkaId) = GET /objednavky/{objednavkaId}
  najdiObjednavky(stav?)[] = GET /objednavky?stav
  vytvorObjednavku(objednavka{}) = POST /objednavky
  upravObjednavku(objednavkaId, objednavka{}) = PUT /objednavky/{objednavkaId}
  smazObjednavku(objednavkaId) = DELETE /objednavky/{objednavkaId}
  odesliObjednavku(objednavkaId) = POST /objednavky/{objednavkaId}/odesli

# Facturas
  obtenerFactura(facturaId) = GET /facturas/{facturaId}
  listarFacturas(fecha?)[] = GET /facturas?fecha
  crearFactura(factura{}) = POST /facturas
  modificarFactura(facturaId, factura{}) = PUT /facturas/{facturaId}
  eliminarFactura(facturaId) = DELETE /facturas/{facturaId}
  anularFactura(facturaId) = POST /facturas/{facturaId}/anular
  enviarFactura(facturaId) = POST /facturas/{facturaId}/enviar
  validarCuit(cuitEmisor) = GET /cuit/validar?cuitEmisor
  consultarSaldo(cuenta) = GET /saldo/{cuenta}

# Notas
  obterNota(notaId) = GET /notas/{notaId}
  listarNotas(data?)[] = GET /notas?data
  incluirNota(nota{}) = POST /notas
  alterarNota(notaId, nota{}) = PUT /notas/{notaId}
  excluirNota(notaId) = DELETE /notas/{notaId}

# Commandes
  obtenirCommande(commandeId) = GET /commandes/{commandeId}
  rechercherCommandes(date?)[] = GET /commandes?date
  creerCommande(commande{}) = POST /commandes
  modifierCommande(commandeId, commande{}) = PUT /commandes/{commandeId}
  supprimerCommande(commandeId) = DELETE /commandes/{commandeId}
  calculerPrix(article) = GET /prix/calculer?article

# Ordini
  leggiOrdine(ordineId) = GET /ordini/{ordineId}
  cercaOrdini(data?)[] = GET /ordini?data
  creaOrdine(ordine{}) = POST /ordini
  aggiornaOrdine(ordineId, ordine{}) = PUT /ordini/{ordineId}
  eliminaOrdine(ordineId) = DELETE /ordini/{ordineId}

# Siparis
  siparisGetir(siparisId) = GET /siparis/{siparisId}
  siparisListele(tarih?)[] = GET /siparis?tarih
  siparisOlustur(siparis{}) = POST /siparis
  siparisGuncelle(siparisId, siparis{}) = PUT /siparis/{siparisId}
  siparisSil(siparisId) = DELETE /siparis/{siparisId}

# BankService
  GetAccount(accountId) = GET /accounts/{accountId}
  GetAccountBalance(accountId) = GET /accounts/{accountId}/balance
  GetAccountStatement(accountId, from, to) = GET /accounts/{accountId}/statement?from&to
  GetAccountTransactions(accountId, from?, to?)[] = GET /accounts/{accountId}/transactions?from&to
  ListAccounts(customerId)[] = GET /customers/{customerId}/accounts
  OpenAccount(account{}) = POST /accounts
  CloseAccount(accountId) = DELETE /accounts/{accountId}
  TransferFunds(transfer{}) = POST /funds/transfer
  TransferFundsBetweenAccounts(fromAccountId, toAccountId, amount) = POST /funds/transfer-between-accounts
  CreateStandingOrder(accountId, order{}) = POST /accounts/{accountId}/standing-orders
  CancelStandingOrder(standingOrderId) = DELETE /standing-orders/{standingOrderId}
  FreezeAccount(accountId) = POST /accounts/{accountId}/freeze
  UnfreezeAccount(accountId) = POST /accounts/{accountId}/unfreeze
  GetExchangeRates(currency?)[] = GET /exchange-rates?currency
  GetExchangeRate(from, to) = GET /exchange-rate?from&to
  ApproveLoan(loanId) = POST /loans/{loanId}/approve
  GetInterestRate(product) = GET /interest-rates/{product}
  ChangeAddressOfCustomer(customerId, address{}) = PUT /customers/{customerId}/address
  GetCustomerByTaxNumber(taxNumber) = GET /customers?taxNumber
  ValidateIBAN(iban) = GET /iban/{iban}/validate
  GetBankNameByBIC(bic) = GET /bank-names/{bic}
  GetAllBranches()[] = GET /branches
  GetNearestBranch(latitude, longitude) = GET /branches/nearest?latitude&longitude

# ShippingService
  CreateShipment(shipment{}) = POST /shipments
  CancelShipment(shipmentId) = POST /shipments/{shipmentId}/cancel
  GetRates(request{})[] = POST /rates/search
  GetLabel(shipmentId) = GET /shipments/{shipmentId}/label
  PrintLabel(shipmentId, printer) = POST /shipments/{shipmentId}/label/print
  SchedulePickup(pickup{}) = POST /pickups/schedule
  CancelPickup(pickupId) = DELETE /pickups/{pickupId}
  ValidateAddress(address{}) = POST /addresses/validate
  ValidatePostalCode(postalCode) = GET /postal-codes/{postalCode}/validate
  FindLocations(zip, radius?)[] = GET /locations?zip&radius
  ProcessShipment(shipment{}) = POST /shipments/process
  DeleteShipment(shipmentId, reason?) = DELETE /shipments/{shipmentId}?reason
  getTransitTime(from, to) = GET /transit-time?from&to
  UploadDocuments(documents{}) = POST /documents

# HotelService
  SearchHotels(city, from, to)[] = GET /hotels?city&from&to
  GetHotelDetails(hotelId) = GET /hotels/{hotelId}
  GetHotelAvailability(hotelId, from, to) = GET /hotels/{hotelId}/availability?from&to
  BookRoom(booking{}) = POST /room-bookings
  CancelBooking(bookingId) = DELETE /bookings/{bookingId}
  GetBooking(bookingId) = GET /bookings/{bookingId}
  GetBookingsByGuest(guestId)[] = GET /guests/{guestId}/bookings
  ConfirmBooking(bookingId) = POST /bookings/{bookingId}/confirm
  PreBook(request{}) = POST /prebook
  HotelSearch(city)[] = GET /hotels?city
  GetRoomTypes(hotelId)[] = GET /hotels/{hotelId}/room-types
  GetCancellationPolicy(hotelId) = GET /hotels/{hotelId}/cancellation-policy

# PatientService
  getPatient(patientId) = GET /patients/{patientId}
  findPatients(name?)[] = GET /patients?name
  admitPatient(patientId, ward) = POST /patients/{patientId}/admit
  dischargePatient(patientId) = POST /patients/{patientId}/discharge
  transferPatient(patientId, ward) = POST /patients/{patientId}/transfer
  getPatientAllergies(patientId)[] = GET /patients/{patientId}/allergies
  getLabResults(patientId)[] = GET /patients/{patientId}/lab-results
  mergePatients(sourceId, targetId) = POST /patients/merge
  registerPatient(patient{}) = POST /patients
  getVaccinationHistory(patientId)[] = GET /patients/{patientId}/vaccination-history
  submitClaim(claim{}) = POST /claims
  checkEligibility(memberId, date) = GET /eligibility/check?memberId&date
  getEligibility(memberId) = GET /members/{memberId}/eligibility
  connectivityTest(echoBack) = POST /connectivity/test

# UserManagement
  AuthenticateUser(username, password) = POST /users/authenticate
  ChangePassword(userId, oldPassword, newPassword) = PUT /users/{userId}/password
  ResetPassword(userId) = POST /users/{userId}/password/reset
  GetUserByEmail(email) = GET /users/by-email?email
  GetUsers()[] = GET /users
  CreateUser(user{}) = POST /users
  UpdateUserProfile(userId, profile{}) = PUT /users/{userId}/profile
  GetUserProfile(userId) = GET /users/{userId}/profile
  LockUser(userId) = POST /users/{userId}/lock
  UnlockUser(userId) = POST /users/{userId}/unlock
  DeactivateUser(userId) = POST /users/{userId}/deactivate
  IsUserActive(userId) = GET /users/{userId}/active
  HasPermission(userId, permission) = GET /users/{userId}/permission?permission
  GetLoggedInUser() = GET /logged-in-user
  LogIn(username, password) = POST /login
  LogOut(userId) = POST /users/{userId}/logout
  GetCurrentUser() = GET /users/current
  SignUp(user{}) = POST /users/signup
  GetUserSettings(userId) = GET /users/{userId}/settings
  SetUserSettings(userId, settings{}) = PUT /users/{userId}/settings

# Documents
  UploadDocument(document{}) = POST /documents
  DownloadDocument(documentId) = GET /documents/{documentId}
  GetDocumentMetadata(documentId) = GET /documents/{documentId}/metadata
  SearchDocuments(query)[] = GET /documents?query
  CheckInDocument(documentId) = POST /documents/{documentId}/checkin
  CheckOutDocument(documentId) = POST /documents/{documentId}/checkout
  SignDocument(documentId) = POST /documents/{documentId}/sign
  VerifySignature(document{}) = POST /signatures/verify
  GetDocumentVersions(documentId)[] = GET /documents/{documentId}/versions
  RestoreDocumentVersion(documentId, version) = POST /documents/{documentId}/version/restore
  PublishDocument(documentId) = POST /documents/{documentId}/publish
  GenerateReport(reportId, from, to) = POST /reports/{reportId}/generate
  GetReportStatus(reportId) = GET /reports/{reportId}/status

# ZuoraService
  subscribe(subscribes{}) = POST /subscriptions
  amend(requests{}) = POST /amend
  generate(objects{}) = POST /objects/generate
  getUserInfo() = GET /user-info

# SmsGateway
  SendSmsAsync(to, text) = POST /sms/send
  SendBulkSms(messages{}) = POST /sms/batch/send
  GetDeliveryReport(messageId) = GET /messages/{messageId}/delivery-report
  GetCreditBalance() = GET /credit-balance
  GetInboundMessages(since?)[] = GET /inbound-messages?since
  SendScheduledSms(to, text, at) = POST /scheduled-sms/send
  CancelScheduledSms(smsId) = DELETE /scheduled-sms/{smsId}

# Stock
  GetStockQuote(symbol) = GET /stock-quotes/{symbol}
  GetQuote(symbol) = GET /quotes/{symbol}
  GetLastTradePrice(tickerSymbol) = GET /last-trade-prices/{tickerSymbol}
  GetHistoricalPrices(symbol, from, to)[] = GET /historical-prices?symbol&from&to
  GetTopGainers(count?)[] = GET /top-gainers?count
  GetMarketStatus() = GET /market-status
  AdjustStock(sku, delta) = PUT /stock/{sku}
  GetStockLevels(warehouse)[] = GET /stock-levels?warehouse
  TransferStock(from, to, sku) = POST /stock/{sku}/transfer

# Batch
  AddCustomer(customer{}) = POST /customers
  AddCustomers(customers{}) = POST /customers/batch
  UpdateCustomersBatch(customers{}) = POST /customers/batch/update
  BulkDeleteCustomers(ids*) = POST /customers/batch/delete
  ImportCustomers(file{}) = POST /customers/import
  SyncCustomers() = POST /customers/sync

# Votes
  AddVote(pollId, option) = POST /polls/{pollId}/votes
  GetResults(pollId)[] = GET /polls/{pollId}/results
  ClosePoll(pollId) = DELETE /polls/{pollId}
  GetActivePolls()[] = GET /polls/active
  GetPollByCode(code) = GET /polls?code

# MenardsDesign
  getPreConfiguredDesignByProgramDesignId(programId, designId) = GET /programs/{programId}/pre-configured-designs/{designId}
  getDesignBlobByDesignId(designId) = GET /designs/{designId}/blob
  setDesignDeletedFlag(designId, flag) = PUT /designs/{designId}/deleted-flag
  getDesignByDesignId(designId) = GET /designs/{designId}
  getDesignByGuestAccountId(guestAccountId)[] = GET /guest-accounts/{guestAccountId}/designs
  getDesignByProgramSoc(programId, socNumber)[] = GET /programs/{programId}/designs?socNumber
  getDesignByProgramSocStore(programId, socNumber, storeNumber)[] = GET /programs/{programId}/designs?socNumber&storeNumber
  getDesignByProgramEstimate(programId, estimateNumber)[] = GET /programs/{programId}/designs?estimateNumber
  deletePreConfiguredDesignAttribute(attribute{}) = POST /pre-configured-design-attributes/delete
  setFollowUpClosedFlag(followUpId, flag) = PUT /follow-up/{followUpId}/closed-flag
  getNextDesignId() = POST /design-ids/next

# OneClickPaymentService
  finishInscription(inscription{}) = POST /inscriptions/finish
  initInscription(inscription{}) = POST /inscriptions/init
  authorize(payment{}) = POST /authorizations
  reverse(payment{}) = POST /reversals
  acknowledgeTransaction(tokenInput) = POST /transactions/acknowledge
  getTransactionResult(tokenInput) = POST /transaction-results/query

# IIS
  connectivityTest(echoBack) = POST /connectivity/test
  submitSingleMessage(username?, password?, hl7Message) = POST /messages

# EventService
  GetCardTerminals(mandantWide?)[] = GET /card-terminals?mandantWide
  GetCards(slotId?, cardType?)[] = GET /cards?slotId&cardType
  GetResourceInformation(context{}) = POST /resources/query
  GetSubscription(subscriptionId) = GET /subscriptions/{subscriptionId}
  RenewSubscriptions(subscriptionIds*) = POST /subscriptions/renew
  VerifyPin(context{}) = POST /pin/verify
  GetPinStatus(context{}) = POST /pin-statuses/query
  EjectCard(context{}) = POST /cards/eject
  ReadCardCertificate(context{}) = POST /card-certificates/query
  CheckCertificateExpiration(context{}) = POST /certificate-expirations/check
  ExternalAuthenticate(context{}) = POST /external-authenticate
  GetAuthorizationList(context{}) = POST /authorizations/search

# DownloadQueue
  GetDownloadQueueItems(systemPassword)[] = POST /download-queue-items/search
  PurgeItem(systemPassword, reference) = POST /items/{reference}/purge
  InsertCorrespondence(correspondence{}) = POST /correspondence
  InsertCorrespondenceV2(correspondence{}) = POST /correspondence/v2
  GetCorrespondenceStatusDetails(reference?) = GET /correspondence-statuses/{reference}
  GetCorrespondenceStatusDetailsV2(reference?) = GET /correspondence-statuses/{reference}/v2
  CreateSimpleCorrespondenceService(correspondence{}) = POST /simple-correspondence

# DsRi
  GetBenefitCategories(institutionId?, language?)[] = GET /benefit-categories?institutionId&language
  GetBenefitCategory(benefitCategoryId, language?) = GET /benefit-categories/{benefitCategoryId}?language
  GetCountryNames(language?)[] = GET /country-names?language
  GetInstitutions(countryCode?)[] = GET /institutions?countryCode
  GetAccessPointCertificate(accessPointId) = GET /access-points/{accessPointId}/certificate
  GetAllAccessPoints()[] = GET /access-points
  GetAccessPointIDsOfCountry(countryCode)[] = GET /countries/{countryCode}/access-point-ids

# AddressBook
  getAddress(arg0) = GET /addresses/{id}
  listAddresses()[] = GET /addresses
  updAddress(arg0, name?) = PATCH /addresses/{id}
  delAddress(arg0) = DELETE /addresses/{id}
  addAddress(address{}) = POST /addresses

# Files
  pullFile(fileId) = POST /files/{fileId}/pull
  putFile(fileId, content) = PUT /files/{fileId}
  getFile(fileId) = GET /files/{fileId}
  execFile(fileId) = POST /files/{fileId}/exec
  listFiles()[] = GET /files
  setKey(key, value) = PUT /keys/{key}
  getKey(key) = GET /keys/{key}
  clearKey(key) = POST /keys/{key}/clear
  listKeys()[] = GET /keys
  heartbeat() = GET /heartbeat

# Henvendelse
  oppdaterKontorsperre(behandlingId, enhet) = PUT /behandling/{behandlingId}/kontorsperre
  knyttBehandlingskjedeTilTema(behandlingskjedeId, temaId) = PUT /tema/{temaId}/behandlingskjede/{behandlingskjedeId}
  hentSykmeldingListe(aktoerId)[] = GET /aktoer/{aktoerId}/sykmelding
  sendForsendelseMedId(forsendelse{}) = POST /forsendelse/send
  hentKontaktinformasjonOgPreferanser(ident) = GET /kontaktinformasjon-og-preferanser/{ident}
  ping() = GET /ping

# vSphere
  CloneVM_Task(vmId, name) = POST /vm/{vmId}/clone
  CreateSnapshot_Task(vmId, name) = POST /vm/{vmId}/snapshots
  RetrieveProperties(spec{}) = POST /properties/search
  CurrentTime() = GET /current-time

# AdWords
  CampaignService_Get(selector{}) = POST /campaigns/query

# SeatService
  SelectSeat(seatId) = POST /seats/{seatId}/select
  GetSeatMap(flightId) = GET /flights/{flightId}/seat-map
  BookSeat(seatId) = POST /seats/{seatId}/bookings
  HoldSeat(seatId) = POST /seats/{seatId}/hold
  ReleaseSeat(seatId) = POST /seats/{seatId}/release
  GetFlightStatus(flightNumber) = GET /flights/{flightId}/status
  SearchFlights(from, to, date)[] = GET /flights?from&to&date
  BookFlight(booking{}) = POST /flight-bookings
  CheckIn(bookingId) = POST /bookings/{bookingId}/checkin
  GetFareRules(fareId)[] = GET /fares/{fareId}/rules

# TaxOffice
  SubmitTaxReturn(taxReturn{}) = POST /tax-returns
  GetTaxReturnStatus(taxReturnId) = GET /tax-returns/{taxReturnId}/status
  AmendTaxReturn(taxReturnId, taxReturn{}) = PUT /tax-returns/{taxReturnId}
  ListSubmissions(year?)[] = GET /submissions?year
  AcknowledgeSubmission(submissionId) = POST /submissions/{submissionId}/acknowledge
  RequestPaymentPlan(plan{}) = POST /payment-plans/request
  CalculateTax(income, year) = GET /taxes/calculate?income&year

# DesignService
  getDesignByDesignId(designId?)[] = GET /designs/{designId}
  getDesignByOwner(owner?)[] = GET /designs?owner
  getDesignPrice(designId, languageId) = GET /designs/{designId}/price?languageId
  getPriceList(languageId) = GET /price-list?languageId
  approveDesign(designId) = POST /designs/{designId}/approve
  deleteDesign(designId) = DELETE /designs/{designId}

# LanguageService
  getLanguage(languageId) = GET /languages/{languageId}

# Versandportal
  erstelleSendungsauftrag(x{}) = POST /sendungsauftrag
  storniereSendung(sendungsnummer) = DELETE /sendung/{sendungsnummer}
  holeSendungsstatus(sendungsnummer) = GET /sendung/{sendungsnummer}/status
  sucheFilialen(plz)[] = GET /filialen?plz
  legeKundeAn(x{}) = POST /kunden
  aendereKunde(kundennummer, x{}) = PUT /kunden/{kundennummer}
  ladeDokument(dokumentId) = GET /dokument/{dokumentId}
  getKundenListe()[] = GET /kunden
  kuendigeVertrag(vertragsnummer, grund) = POST /vertrag/{vertragsnummer}/kuendige
  meldeAn(benutzer) = POST /melde-an
  holeRechnungenZuKunde(kundennummer)[] = GET /kunden/{kundennummer}/rechnungen

# Zaakservice
  geefZaakDetails(zaakId) = GET /zaak/{zaakId}
  creeerZaak(zaak{}) = POST /zaak
  actualiseerZaakstatus(zaakId, status) = PUT /zaak/{zaakId}/status
  voegDocumentToe(zaakId, document{}) = POST /zaak/{zaakId}/document
  geefLijstZaakdocumenten(zaakId)[] = GET /zaak/{zaakId}/zaakdocumenten
  overdragenZaak(zaakId, x{}) = POST /zaak/{zaakId}/overdragen
  haalKlantOp(klantnummer) = GET /klant/{klantnummer}
  ophalenBestellingen(klantnummer)[] = GET /klant/{klantnummer}/bestellingen

# ObjednavkyEshopu
  nactiObjednavku(cislo) = GET /objednavku/{cislo}
  seznamObjednavek(datumOd?, datumDo?)[] = GET /objednavek?datumOd&datumDo
  zrusObjednavku(cislo) = DELETE /objednavku/{cislo}
  vratSeznamPobocek()[] = GET /pobocek
  stahniPrilohu(id) = GET /prilohu/{id}
  podejPriznani(x{}) = POST /priznani/podej

# Facturador
  timbrarComprobante(x{}) = POST /comprobante/timbrar
  obtenerFacturas(desde, hasta)[] = GET /facturas?desde&hasta
  obtenerFactura(facturaId) = GET /facturas/{facturaId}
  enviarFactura(facturaId) = POST /facturas/{facturaId}/enviar
  descargarDocumento(id) = GET /documento/{id}
  buscarClientePorNombre(nombre)[] = GET /cliente?nombre
  registrarCliente(x{}) = POST /cliente

# Wsfe
  FECAESolicitar(x{}) = POST /cae/solicitar
  FEDummy() = GET /dummy
  FECAEASinMovimientoConsultar(caea) = GET /caea/{caea}/sin-movimiento
  FECAEAConsultar(periodo, orden) = GET /caea?periodo&orden
  FEParamGetTiposIva()[] = GET /param/tipos-iva
  FEParamGetTiposDoc()[] = GET /param/tipos-doc
  FEParamGetCotizacion(monId) = GET /param/mon/{monId}/cotizacion

# Versions
  joarkGetApplicationVersion() = GET /joark/application-version
  arenaSakGetApplicationVersion() = GET /arena-sak/application-version
  tpsGetApplicationVersion() = GET /tps/application-version

# Carriers
  ManifestShipments(x{}) = POST /shipments/manifest
  createPickup(x{}) = POST /pickups
  cancelPickup(confirmationNumber) = DELETE /pickups/{confirmationNumber}
  sendNotifications(trackingId, email) = POST /notifications/send
  SubscribeToEvents(x{}) = POST /subscriptions
  UnsubscribeFromEvents(subscriptionId) = DELETE /subscriptions/{subscriptionId}
  saveAddress(address{}) = POST /addresses
  listAddresses()[] = GET /addresses
  sayHello(name) = POST /greetings/hello
  greetMe(name) = POST /greetings

# Consents
  ReadConsent(patient, purpose?) = GET /consent?patient&purpose
  WriteConsent(consent{}) = PUT /consent
  DeleteConsent(patient, purpose?) = DELETE /consent?patient&purpose

# Registries
  DocumentRegistry_RegistryStoredQuery(query{})[] = POST /documents/stored/search
  DocumentRegistry_DeleteDocumentSet(x{}) = POST /document-sets/delete

# Prenotazioni
  creaPrenotazione(x{}) = POST /prenotazioni
  annullaPrenotazione(prenotazioneId) = DELETE /prenotazioni/{prenotazioneId}
  elencoPrenotazioni(dal?, al?)[] = GET /prenotazioni?dal&al
  scaricaFattura(numero) = GET /fattura/{numero}
  inviaOrdine(ordine{}) = POST /ordine/invia

# Reservations
  creerReservation(x{}) = POST /reservation
  annulerReservation(reservationId) = DELETE /reservation/{reservationId}
  listerClients()[] = GET /clients
  obtenirFactureParNumero(numero) = GET /facture/{numero}
  modifierClient(clientId, x{}) = PUT /clients/{clientId}

# Siparisler
  SiparisOlustur(x{}) = POST /siparis
  SiparisGetir(siparisNo) = GET /siparis/{siparisNo}
  FaturaListele()[] = GET /fatura
  SiparisIptal(siparisNo) = DELETE /siparis/{siparisNo}
  UrunGuncelle(urunKodu, x{}) = PUT /urun/{urunKodu}

# Ordrer
  hentOrdre(ordrenummer) = GET /ordre/{ordrenummer}
  opprettFaktura(x{}) = POST /faktura
  slettKunde(kundeId) = DELETE /kunde/{kundeId}
  hentFakturaForKunde(kundeId)[] = GET /kunde/{kundeId}/faktura
  avbestillOrdre(ordrenummer) = DELETE /ordre/{ordrenummer}

# Ticketing
  Ticket_IssueRQ(x{}) = POST /tickets
  PNR_Retrieve(pnr) = GET /pnr/{pnr}
  PNR_Cancel(pnr) = DELETE /pnr/{pnr}

# SvarUt
  sendForsendelse(forsendelse{}) = POST /forsendelse/send
  startNyForsendelse() = POST /forsendelse/start
  retrieveForsendelseStatus(forsendelsesid?) = GET /forsendelse/{forsendelsesid}/status
  retrieveForsendelseHistorikk(forsendelsesid)[] = GET /forsendelse/{forsendelsesid}/historikk
  setForsendelseLestAvEksterntSystem(forsendelsesid?, navnPaEksterntSystem?, datoLest?) = PATCH /forsendelse/{forsendelsesid}/lest
  ferdigstillForsendelseUtenSvar(forsendelsesid) = POST /forsendelse/{forsendelsesid}/ferdigstill-uten-svar

# DirectoryService
  GetAllAccessPoints()[] = GET /access-points
  GetAccessPointAddress(accessPointId?, countryCode?) = GET /access-points/{accessPointId}/address?countryCode
  GetAPBenefitCategories(accessPointId?, countryCode?)[] = GET /access-points/{accessPointId}/benefit-categories?countryCode
  GetBenefitCategoryAPs(benefitCategoryId?)[] = GET /benefit-categories/{benefitCategoryId}/access-points
  GetAccessPointIDsOfCountry(countryCode?)[] = GET /countries/{countryCode}/access-point-ids
  FindAccessPointId(accessPointId?, countryCode?)? = GET /access-points/{accessPointId}/exists?countryCode
  FindAccessPointAddress(accessPointId?, countryCode?)? = GET /access-points/{accessPointId}/address/exists?countryCode
  FindInstitutions(countryCode?)[] = GET /institutions?countryCode
  GetMaintenance()? = GET /maintenance

# Claims
  Submit(claim{}) = POST /claims
  Reject(claim{}) = POST /claims/reject
  Process(invoiceRequest{}) = POST /invoices/process
  Execute(request{}) = POST /execute
  Pay(claim{}) = POST /payments
  Nullify(nullificationInput{}) = POST /nullify
  Order(basket{}) = POST /orders
  Message(text, receiver) = POST /messages
  Payment() = POST /payment
  OpeningHours(branch) = POST /opening-hours

# Shortened
  GetCust(custId) = GET /customers/{custId}
  GetCustomerOrders(custno)[] = GET /customers/{custId}/orders
  GetDocument(docId) = GET /documents/{docId}
  DeleteDoc(docId) = DELETE /docs/{docId}
  GetProduct(prodId) = GET /products/{prodId}
  GetOrdersByEmp(empId)[] = GET /employees/{empId}/orders
  AddAddrToCust(custId, addr{}) = POST /customers/{custId}/addresses
  UpdateAcct(acctNo, name) = PUT /accounts/{acctNo}
  PostTxn(txn{}) = POST /transactions/post
  GetOrganisation(orgnummer, withHistory?) = GET /organisations/{orgnummer}?withHistory
  GetCat(name) = GET /cats/{name}

# Devices
  getDevice(deviceid) = GET /devices/{deviceid}
  updateDevice(deviceid, prepaid, name) = PUT /devices/{deviceid}
  topUp(prepaid) = POST /topup
  heartbeat(deviceid, uptime) = POST /devices/{deviceid}/heartbeat
  legacyHeartbeat(deviceid) = POST /devices/{deviceid}/heartbeat-legacy
  Test() = GET /test
  About() = GET /about
`
