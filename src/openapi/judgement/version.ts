import { counted } from '../../base/count.js'
import { isObject, type OpenApiObject } from '../object.js'
import { join } from '../pointer.js'

/** Something to change in a document, so that it is OpenAPI 3.1. */
export interface VersionChange {
  readonly pointer: string
  readonly message: string
}

/** Does it say that it is of the version that is read here? */
export function isOpenApi31({ openapi }: OpenApiObject): boolean {
  return typeof openapi === 'string' && /^3\.1\.\d+$/.test(openapi)
}

const MOST_CHANGES = 20

/** What to type, so that a document of another version becomes OpenAPI 3.1; nothing where it is. */
export function changesTo31(root: OpenApiObject): readonly VersionChange[] {
  if (isOpenApi31(root)) return []
  const { openapi, swagger } = root
  if (swagger !== undefined) {
    const message = `This is Swagger ${typeof swagger === 'string' ? swagger : '2.0'}, whose documents are built otherwise; soapstone reads OpenAPI 3.1. Convert it to OpenAPI 3 (\`npx swagger2openapi\`), then write \`openapi: 3.1.0\`.`
    return [{ pointer: '/swagger', message }]
  }
  if (typeof openapi !== 'string' || !/^3\.0(?:\.\d+)?$/.test(openapi)) {
    const message =
      'The document must say `openapi: 3.1.x`; soapstone reads OpenAPI 3.1 and no other version.'
    return [{ pointer: '/openapi', message }]
  }
  const changes = keywordChanges(root)
  const shown = changes.slice(0, MOST_CHANGES)
  const rest = changes.length - shown.length
  const more = rest > 0 ? ` There is more of the same at ${counted(rest, 'other place')}.` : ''
  const what =
    changes.length === 0 ? ' Nothing else of it need change.' : ` Then change the places below.${more}`
  return [
    { pointer: '/openapi', message: `The document is OpenAPI ${openapi}; write \`openapi: 3.1.0\`.${what}` },
    ...shown,
  ]
}

/** The keywords of schemas that OpenAPI 3.1 says otherwise than 3.0, wherever they stand. */
function keywordChanges(root: OpenApiObject): VersionChange[] {
  const changes: VersionChange[] = []
  const pending: { readonly value: object; readonly pointer: string }[] = [{ value: root, pointer: '' }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, pointer } = next
    if (isObject(value) && !NAMES.test(pointer)) {
      for (const [keyword, message] of changesOf(value)) {
        changes.push({ pointer: join(pointer, keyword), message })
      }
    }
    const members: readonly [string, unknown][] = Object.entries(value)
    for (const [name, member] of members.toReversed()) {
      if (typeof member !== 'object' || member === null || isData(name, pointer)) continue
      pending.push({ value: member, pointer: join(pointer, name) })
    }
  }
  return changes
}

/** Objects whose members are called as people like. */
const NAMES = /\/(?:properties|schemas)$/

function isData(name: string, holder: string): boolean {
  if (NAMES.test(holder)) return false
  return ['example', 'examples', 'default', 'enum'].includes(name) || name.startsWith('x-')
}

type Change = readonly [keyword: string, message: string]

function changesOf(schema: OpenApiObject): readonly Change[] {
  const changes: Change[] = []
  if (typeof schema.nullable === 'boolean') changes.push(['nullable', nullableChange(schema)])
  for (const [exclusive, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    const value = schema[exclusive]
    if (typeof value === 'boolean') changes.push([exclusive, limitChange(exclusive, limit, schema)])
  }
  return changes
}

function nullableChange({ nullable, type, enum: values }: OpenApiObject): string {
  if (nullable === false || (type === undefined && values !== undefined)) {
    return `Leave out \`nullable: ${String(nullable)}\`: OpenAPI 3.1 does not have it.`
  }
  if (typeof type !== 'string') {
    return "Write `oneOf: [{ …what is nullable… }, { type: 'null' }]` instead of `nullable: true`."
  }
  const list = Array.isArray(values) && !values.includes(null) ? ', and put `null` into `enum`' : ''
  return `Write \`type: [${type}, 'null']\` instead of \`type: ${type}\` and \`nullable: true\`${list}.`
}

function limitChange(
  exclusive: string,
  limit: 'minimum' | 'maximum',
  { [limit]: number, [exclusive]: isExclusive }: OpenApiObject,
): string {
  const written = `\`${exclusive}: ${String(isExclusive)}\``
  if (isExclusive !== true || typeof number !== 'number') {
    return `Leave out ${written}: in OpenAPI 3.1 it is a number.`
  }
  return `Write \`${exclusive}: ${number}\` instead of \`${limit}: ${number}\` and ${written}.`
}
