import { withoutTrailing } from '../../../base/substring.js'
import { isBuiltIn } from '../../../xsd/model/built-in-types.js'
import { plainWords } from '../words/names.js'
import type { ScalarInput } from './inputs.js'

/*
 * Addresses end up in logs, histories, caches and referrers (RFC 9110, 17.9). What proves who calls and what identifies
 * a person to an authority therefore stays out of them: credentials, handles of sessions, one-time codes, numbers of
 * cards, national numbers of persons. Names are read in the languages that WSDLs are written in, in ASCII.
 */

const PASSWORDS =
  'password passwort passwrd passwd passphrase passcode kennwort passord adgangskode losenord salasana ' +
  'wachtwoord contrasena contrasenia contrasenya senha motdepasse mdpass parolachiave heslo haslo lozinka jelszo'

/** National numbers of persons, the same way. */
const personStems = compile(
  'socialsecurity sozialversicherung nationalinsurance nationalidentification nationalid fodselsnummer foedselsnummer',
  'personnummer personnumber personnr henkilotunnus burgerservicenummer rijksregister securitesociale seguridadsocial',
  'seguridaddeseguro codicefiscale codfiscale rodnecislo aadhaar passportn passportid reisepass pasaporte personalausweis',
  'taxpayerid steueridentifikation versichertennummer versichertenid kimlikno medicarenumber medicareno healthinsurancen nhsnumber nhsno',
  'documentoidentidad driverslicen driverlicen drivinglicen',
)

/** Secret wherever these letters stand in a name, its words run together: `userPassWord`, `API_KEY`, `idSesion`. */
const stems = compile(
  // Passwords.
  PASSWORDS,
  'userpass passuser loginpass claveacceso clavesecreta claveprivada claveusuario claveapi codigoacceso codigoacesso',
  // Keys and codes.
  'apikey appkey applicationkey accesskey authkey authenticationkey authorizationkey authorisationkey securitykey',
  'secretkey privatekey licensekey licencekey licensecode licencecode lizenzschluessel lizenzschlussel clavelicencia',
  'encryptionkey signingkey activationkey activationcode subscriptionkey developerkey devkey consumerkey consumersecret',
  'clientsecret sharedkey sharedsecret partnerkey merchantkey servicekey webservicekey wskey userkey loginkey tokenkey',
  'chaveacesso chavedeacesso chaveapi apischluessel zugangscode zugriffsschluessel clefapi cleapi codeacces',
  'accesscode securitycode authcode authorizationcode authorisationcode authenticationcode verificationcode smscode',
  'securityanswer secretanswer secretword secretquestion pincode codepin pinblock bearer authheader authinfo authdata',
  'authorizationheader authticket loginticket sessionticket securityticket accessticket serviceticket ssoticket ticketgranting',
  'credential zugangsdaten identifiants samlassertion samlresponse',
  // Sessions.
  'sessionid sessionhandle sessionkey sessionguid sessionuuid sessioncode sessionidentifier sessionhash sessioncookie',
  'sessionref sessionnumber sessionno sessionnr sessionstring usersession loginsession idsession idsesion sesionid',
  'idsessao sessaoid sitzungsid sitzungsnummer sessieid idsessione loginhandle connectionhandle contexthandle authhandle',
  // Cards.
  'cardnumber cardno cardnum cardpan kartennummer kaartnummer kortnummer numerotarjeta numerocartao numerocarte',
  'numerocarta tarjetanumero creditcardnr track2 trackdata',
)

/** National numbers of persons where they are a word of a name. */
const personWords = compile(
  'ssn nino bsn insz niss curp cpf dni nif nie cuil cnp pesel jmbg oib egn tckn hetu fnr cpr nir svnr ahv kvnr ihi',
)

/** Secret where they are a word of a name. */
const words = compile(
  'pwd passwd pin pins puk handle handles otp totp hotp tan mtan itan cvv cvc csc token tokens jwt saml secret secrets secreto',
  'segreto segredo geheimnis geheim hemmelig heslo haslo parola sifre jeton mdp psw',
)

/** Secret where they are all of a name: with other words they are something else. */
const whole = compile(
  'session sessions ticket sid clave chave cookie auth authentication authorization authorisation signature sig',
  'pass sesion sessao sitzung sessie sessione license licence lizenz licencia licenca pan sin wstoken key1 pw passe hash nonce sign firma sello',
)

/** A name that ends so tells something about a secret and not the secret: `tokenType`, `passwordExpiryDate`. */
const descriptors = compile(
  'type typ kind status state count date time expiry expires expiration length policy format flag enabled required level',
  'valid validity timeout ttl language issuer name names version category reason currency country amount description',
)

/** Before a token these make it a place in a list: `nextPageToken`. */
const pagers = compile('next page continuation cursor resumption skip sync delta marker paging previous prev')

/** Say nothing themselves: the name of their group says what they are. */
const generic = compile('id key value code number no nr handle text string identifier guid uuid data content')

const harmless = new Set(['boolean', 'date', 'dateTime', 'time', 'duration', 'gYear', 'gMonth', 'gYearMonth'])

/** Must an input stay out of paths and queries, since it is a credential or identifies a person to an authority? */
export function isSecret({ xmlName, steps, scalar: { type } }: ScalarInput): boolean {
  if (harmless.has(type.builtIn) || type.facets.enumeration !== undefined) return false
  const own = plainWords(xmlName)
  if (isSecretName(own)) return true
  const group = steps.at(-1)
  const isGeneric = own.length === 1 && generic.has(own[0] ?? '')
  if (group !== undefined && isGeneric && isSecretName([...plainWords(group), ...own])) return true
  return type.name !== undefined && !isBuiltIn(type) && isSecretType(plainWords(type.name.localName))
}

const passwordStems = compile(PASSWORDS)
const passwordWords = compile('pwd pw pass psw mdp clave chave parola sifre')

/** Is it what a person or a system logs in with, and no token of a session? */
export function isPassword(input: ScalarInput): boolean {
  if (!isSecret(input)) return false
  const own = plainWords(input.xmlName)
  const joined = own.join('')
  return passwordWords.has(joined) || [...passwordStems].some((stem) => joined.includes(stem))
}

/** @param name its words, in lower-case ASCII */
export function isSecretName(name: readonly string[]): boolean {
  const plain = name.map((word) => word.replace(/(?<=\p{L})\d+$/u, ''))
  if (descriptors.has(plain.at(-1) ?? '')) return false
  const joined = plain.join('')
  return (
    whole.has(joined) ||
    hasStem(joined) ||
    hasStem(name.join('')) ||
    plain.some((word, index) => isSecretWord(word, plain, index))
  )
}

/** Does it tell a person from others, to an authority? */
export function isPersonNumber(input: ScalarInput): boolean {
  const name = plainWords(input.xmlName)
  return isSecret(input) && (hasAny(personStems, name.join('')) || name.some((word) => personWords.has(word)))
}

/** Is what an operation reads a credential? `GetToken`, but not `GetSession` or `GetTicket`. */
export function isCredentialNoun(noun: readonly string[]): boolean {
  return isSecretName(noun) && !whole.has(noun.join(''))
}

function isSecretWord(word: string, name: readonly string[], index: number): boolean {
  if (personWords.has(word)) return true
  if (!words.has(word)) return false
  return !(word.startsWith('token') && name.slice(0, index).some((before) => pagers.has(before)))
}

/** XML Schema has a type `token` of its own, so that the word says nothing in the name of a type. */
function isSecretType(name: readonly string[]): boolean {
  const plain = name.filter((word) => word !== 'type' && !word.startsWith('token'))
  // `password2` is one more password.
  return hasStem(plain.join('')) || plain.some((word) => isListed(withoutTrailing(word, '0123456789')))
}

function isListed(word: string): boolean {
  return words.has(word) || personWords.has(word)
}

function hasStem(joined: string): boolean {
  return hasAny(stems, joined) || hasAny(personStems, joined)
}

function hasAny(parts: ReadonlySet<string>, joined: string): boolean {
  for (const part of parts) if (joined.includes(part)) return true
  return false
}

function compile(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.join(' ').split(' '))
}
