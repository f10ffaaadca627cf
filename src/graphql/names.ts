/** What GraphQL takes as a name (GraphQL, October 2021, section 2.1.9). Names that begin with `__` are its own. */
const LEGAL = /^(?!__)[_A-Za-z][_0-9A-Za-z]*$/

/** @returns the name itself where GraphQL takes it; else the nearest that it takes */
export function legalName(name: string): string {
  if (LEGAL.test(name)) return name
  const plain = name.replaceAll(/[^_0-9A-Za-z]+/g, '_').replace(/^_{2,}/, '_')
  if (plain === '' || plain === '_') return '_'
  return /^[0-9]/.test(plain) ? `_${plain}` : plain
}

/** `Idempotency-Key` as an argument: `idempotencyKey`. */
export function argumentName(name: string): string {
  const [first = '', ...others] = name.split(/[^0-9A-Za-z_]+/).filter((word) => word !== '')
  return legalName([lowerFirst(first), ...others.map(upperFirst)].join(''))
}

/** `accountStatus` as a type: `AccountStatus`. */
export function typeName(name: string): string {
  return legalName(
    name
      .split(/[^0-9A-Za-z_]+/)
      .filter((word) => word !== '')
      .map(upperFirst)
      .join(''),
  )
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1)
}
