/*
 * Words that are written in parts or in capitals: what splits names at capitals cuts them, and none has a plural in a path.
 * In lower-case ASCII.
 */

/** Names that capitals cut in the wrong place, as they are written. */
const written =
  /IPv4|IPv6|OAuth|PhD|eBay|iOS|macOS|PayPal|YouTube|GitHub|LinkedIn|WiFi|MySQL|NoSQL|vCard|iCal|QuickBooks|SharePoint|OpenID|DevOps|XPath|JavaScript|TypeScript|iPhone|iPad/g

/** Verbs that are written as two: `logIn`, `CheckOut`. */
const phrases: ReadonlyMap<string, string> = new Map(
  (
    'log-in log-out log-on log-off sign-in sign-out sign-on sign-off sign-up check-in check-out look-up set-up top-up back-up roll-back ' +
    'shut-down start-up un-block un-lock un-subscribe un-register un-assign un-link un-do un-publish un-delete un-archive ' +
    're-open re-send re-set re-start re-new re-issue re-activate re-schedule re-submit re-calculate re-try re-assign re-index ' +
    'de-activate de-register de-link de-allocate pre-authorize pre-validate bulk-update call-back opt-in opt-out'
  )
    .split(' ')
    .map((parts) => [parts, parts.replaceAll('-', '')]),
)

const known = new Set(
  (
    'ach acl ads aml api aps asn atm aws b2b bban bic bin blob bom bpm bss cae caea cas cif cis cnpj cpf cps crl crm cms cpu csr css csv cuit ' +
    'cvs dao dns dns dss dtd dvd ean ebcs ecm edi eft ein eori epa erp esb etl eta eur faq fax fx fxs ftp gcs gdpr gln gps gui gtin guid hl7 html ' +
    'http https iam iban icd icf ip ipv4 ipv6 irs isbn isin iso isp iva jms jpg json jwt kml kpi kyc ldap lei lms los mac mcc mfa mis mms mq ' +
    'msisdn mt940 nfd nfe nif nfse npi oauth oauth2 ocr oid openid orm otp pdf phd phi php pii pin png pnr poi pos ppp psd2 qr rbac rds rest rfc rfid rms rpc ' +
    'rss rtf s3 saas saml sap sas sbs sdk sepa sftp sim sip sku sla sms smtp snmp soap sos sql sqs srs srm ssh ssl sso sts svg swift tcp tds tin tls tps uat ' +
    'udi uid unspsc upc upi upn uri url urn usd uuid vat vin vip vm voip vpc vpn wac wcs wfs wms wps www xds xls xml xop xsd xslt zip'
  ).split(' '),
)

export function isAcronym(word: string): boolean {
  return known.has(word)
}

/** A name in which `OAuthToken` is written `OauthToken`, so that it is cut into the words that it has. */
export function withWholeWords(name: string): string {
  return name.replace(written, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
}

/** Before a verb these are a part of it: `PreBook`. */
const verbPrefixes = new Set(['re', 'un', 'de', 'pre'])

/** Joins verbs of two words, `log in`, at the head of a name and, as the noun that they are there, at its end. */
export function joinedVerbs(words: readonly string[], isVerb: (word: string) => boolean): string[] {
  const [first = '', second = '', ...others] = words
  const phrase =
    phrases.get(`${first}-${second}`) ??
    (verbPrefixes.has(first) && isVerb(second) ? `${first}${second}` : undefined)
  const joined = phrase === undefined ? [...words] : [phrase, ...others]
  const last = phrases.get(joined.slice(-2).join('-'))
  return last !== undefined && joined.length > 2 ? [...joined.slice(0, -2), last] : joined
}

/** Words of a name in capitals, where not all of it is: acronyms, whatever they stand for. */
export function capitalsIn(name: string): string[] {
  if (!/\p{Ll}/u.test(name)) return []
  return [...name.matchAll(/\p{Lu}{2,64}(?!\p{Ll})/gu)].map(([word]) => word.toLowerCase())
}
