import { FAILSAFE_SCHEMA, load, Type, YAMLException } from 'js-yaml'

/** Plain scalars of the core schema (YAML 1.2.2, 10.3.2); what none of these takes is a string. */
const core = FAILSAFE_SCHEMA.extend({
  implicit: [
    scalar('null', /^(?:~|null|Null|NULL|)$/, () => null),
    scalar('bool', /^(?:true|True|TRUE|false|False|FALSE)$/, (text) => /^t/i.test(text)),
    scalar('int', /^(?:[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+)$/, Number),
    scalar(
      'float',
      /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
      number,
    ),
  ],
})

function scalar(tag: string, pattern: RegExp, construct: (text: string) => unknown): Type {
  return new Type(`tag:yaml.org,2002:${tag}`, {
    kind: 'scalar',
    resolve: (text: string | null) => pattern.test(text ?? ''),
    construct,
  })
}

function number(text: string): number {
  if (/nan$/i.test(text)) return NaN
  if (/inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return Number(text)
}

/** An anchor stands where a node begins (YAML 1.2.2, 6.9.2). */
const anchor = /(?:^|[\s[{,])&[^\s,[\]{}]/

/** Collections within one another. Nobody writes more, and whoever reads documents recurses. */
export const MAX_DEPTH = 500
const options = { schema: core, maxDepth: MAX_DEPTH }

/**
 * The value of an ordinary YAML document, read without positions in a tenth of the time that these take.
 *
 * @returns where it is nested too deeply; undefined where there is more to it: anchors, which may multiply, tags, or
 *   something wrong that only a reader with positions can tell of
 */
export function plainYaml(
  text: string,
): { readonly value: unknown } | { readonly tooDeepAt: { line: number; column: number } } | undefined {
  try {
    const value: unknown = load(text, options)
    return anchor.test(text) ? undefined : { value }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    if (!error.reason.startsWith('nesting exceeded')) return undefined
    return { tooDeepAt: { line: error.mark.line + 1, column: error.mark.column + 1 } }
  }
}
