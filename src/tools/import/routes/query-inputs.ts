import { flatten, type Inputs } from '../inputs/inputs.js'
import { isSecret } from '../inputs/secrets.js'

/** More than these make a form, not a query. */
export const MAX_QUERY = 16

/** The input as scalars that a path and a query may carry, or nothing where it must be a body. */
export function queryInputs(inputs: Inputs): Inputs | undefined {
  const flat = flatten(inputs)
  return flat && flat.scalars.length <= MAX_QUERY && !flat.scalars.some(isSecret) ? flat : undefined
}

/** Why an input must be a body, for the summary. */
export function whyNotGet({ others, isOpen, scalars }: Inputs): string {
  if (others.length > 0 || isOpen)
    return 'POST for a read, since its input has structure that a query cannot carry'
  return scalars.some(isSecret)
    ? 'POST for a read, since its input has a credential, or what identifies a person to an authority, which no URL should hold'
    : `POST for a read, since its input has more than ${MAX_QUERY} members`
}
