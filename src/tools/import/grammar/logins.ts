import type { OperationName } from './operation-name.js'

/*
 * Operations that begin and end sessions. Their names alone decide: what they take and give is looked at where a session
 * is proposed.
 */

const entries = new Set(
  (
    'login logon log-in log-on signin signon sign-in sign-on authenticate authentifier anmelden einloggen inloggen logginn ' +
    'autenticar autentica identificarse'
  ).split(' '),
)
const exits = new Set(
  'logout logoff log-out log-off signout signoff sign-out sign-off abmelden uitloggen'.split(' '),
)
const handles = new Set('session sessions token ticket sesion sessao sitzung sessie jeton'.split(' '))
const openers = new Set(
  'get create open start begin new init obtain request generate issue acquire retrieve fetch iniciar abrir obtener crear'.split(
    ' ',
  ),
)
const closers = new Set('close end delete destroy terminate invalidate release cerrar finalizar'.split(' '))
/** Whom a login is of. */
const who = new Set('user client system partner customer account application service usuario'.split(' '))

/** `Login`, `authenticateUser`, `CreateSession`, `GetAccessToken`. */
export function isLogin({ verb, noun, words }: OperationName): boolean {
  const [first = '', second = ''] = words
  const isEntry = entries.has(verb ?? '') || entries.has(first) || entries.has(`${first}-${second}`)
  if (isEntry) return noun.every((word) => who.has(word) || entries.has(word))
  return openers.has(verb ?? '') && handles.has(noun.at(-1) ?? '')
}

/** `Logout`, `CloseSession`. */
export function isLogout({ verb, noun, words }: OperationName): boolean {
  const [first = '', second = ''] = words
  if (exits.has(verb ?? '') || exits.has(first) || exits.has(`${first}-${second}`)) return true
  return closers.has(verb ?? '') && noun.length === 1 && handles.has(noun[0] ?? '')
}

const accounts = new Set(
  'user users password credential credentials usuario contrasena benutzer passwort'.split(' '),
)

/** Names and passwords are its matter: it says nothing of what callers show. */
export function isAboutLogins(name: OperationName): boolean {
  return isLogin(name) || accounts.has(name.noun.at(-1) ?? '')
}
