import { identified, placementOf } from '../inputs/identifiers.js'
import type { ScalarInput } from '../inputs/inputs.js'
import { type Intent, isSafe } from '../words/intent.js'

/** What the documentation of a member says where it must be there, in the languages that WSDLs are written in. */
const demanded =
  /\b(?:required|mandatory|compulsory|must be (?:given|set|present|provided|specified|supplied)|pflichtfeld|pflichtangabe|obligatorisk|p(?:å|aa)krevd|verplicht|obligatorio|obligat[oó]ria|obrigat[oó]ri[oa]|obligatoire|obbligatori[oa]|povinn[eéáý]|zorunlu)/iu

/** The same where that is denied, or depends on something else. */
const limited =
  /\b(?:not|non|no|nicht|kein|niet|ikke|nie|não|nao|optional)\b[^.]{0,24}(?:required|mandatory|pflicht|verplicht|p(?:å|aa)krevd|obligator|obrigat|obligatoire|obbligator)|\b(?:required|mandatory|verplicht|obligatorio|obligatoire|obbligatorio)\s+(?:if|when|where|only|unless|for|als|si|se|wenn|indien)\b|\bif required\b|\boptional\b/iu

/**
 * Members of an input that seem to be required although the XSD lets them be left out, as WSDLs made from code do with everything.
 * Nothing in the document changes: they are for a person to decide on.
 *
 * @param given inputs that the path has, which are required there
 * @returns a text of each, with what says so
 */
export function seeminglyRequired(
  scalars: readonly ScalarInput[],
  given: ReadonlySet<ScalarInput>,
  { intent, noun }: { readonly intent: Intent | undefined; readonly noun: readonly string[] },
): string[] {
  return scalars.flatMap((input) => {
    if (input.required || given.has(input)) return []
    const { documentation = '', name } = input
    if (demanded.test(documentation) && !limited.test(documentation)) return [`${name} (its documentation)`]
    return isKeyOfTheDone(input, intent, noun) ? [`${name} (it says which)`] : []
  })
}

/** What is changed or deleted must be named; a read may ask for all. */
function isKeyOfTheDone(input: ScalarInput, intent: Intent | undefined, noun: readonly string[]): boolean {
  if (intent === undefined || isSafe(intent) || intent === 'create' || noun.length === 0) return false
  const stem = identified(input)
  if (stem === undefined || stem.length === 0) return false
  const placement = placementOf(stem, noun)
  return placement.kind === 'own' && placement.rest.length === 0
}
