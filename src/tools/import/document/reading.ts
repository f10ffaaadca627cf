import { bodyOf } from '../../../mapping/operation/message/body.js'
import type { SoapOperation } from '../../../wsdl/model.js'
import { isLogin } from '../grammar/logins.js'
import type { OperationName } from '../grammar/operation-name.js'
import { asExistence } from '../grammar/questions.js'
import { readInputs, wholeInput } from '../inputs/inputs.js'
import { type KeptRoute, operationKey } from '../merge/kept-routes.js'
import { contextOfLogin, withoutContext } from '../messages/context.js'
import type { RequestContext } from '../messages/request.js'
import { answersYesNo, returnsList } from '../messages/response.js'
import { type Route, rpc } from '../routes/route.js'
import { routesOf } from '../routes/routes.js'
import type { Subject } from '../routes/subject.js'
import { type DesignSettings, nameOf, routeOf } from '../settings/settings.js'
import type { SoapIdentity, Source, Workshop } from './workshop.js'

/** A SOAP operation as its design sees it, before it has a place in the document. */
export interface Reading {
  readonly soap: SoapOperation
  readonly identity: SoapIdentity
  /** It gets the most general form. */
  readonly isPlain: boolean
  /** Its inputs are without what is context. */
  readonly subject: Subject
  readonly context: RequestContext
  /** The best first. */
  readonly candidates: readonly [Route, ...Route[]]
  /** What the settings want and its input does not allow. */
  readonly unmet: string | undefined
  /** What another document has given to it already. */
  readonly kept: KeptRoute | undefined
}

export function readingOf(soap: SoapOperation, source: Source, workshop: Workshop): Reading {
  const { canonical, service, isForeign, resources, isOnlyBackend } = source
  const { settings, style } = workshop
  const name = readName(soap, source, settings)
  const input = source.overloaded.has(soap.name) ? soap.inputName : undefined
  const identity = { backend: source.backend, operation: soap.name, ...(input !== undefined && { input }) }
  const isPlain = workshop.isPlain(identity)
  const body = bodyOf(soap.input, canonical, isPlain ? 'members' : 'element')
  const { inputs, ...context } =
    isPlain || style === 'rpc'
      ? {
          ...{ inputs: isPlain ? wholeInput(body) : readInputs(body), headers: [], sources: {} },
          members: new Set<string>(),
        }
      : withoutContext(readInputs(body), isLogin(name) ? contextOfLogin(source.context) : source.context)
  const subject = {
    ...{ name, inputs, service, isForeign, resources },
    isOneOfSeveral: !isOnlyBackend,
    returnsList: !isPlain && returnsList(soap.output, canonical),
  }
  const routes = style === 'rpc' || isPlain ? [] : routesOf(subject)
  const [first = rpc(subject), ...others] = routes
  const wanted = isPlain ? undefined : routeOf(soap.name, inputs, first, settings)
  return {
    ...{ soap, identity, isPlain, subject, context },
    candidates: typeof wanted === 'object' ? [wanted, first, ...others] : [first, ...others],
    unmet: typeof wanted === 'string' ? wanted : undefined,
    kept: workshop.kept?.operations.get(operationKey(source.backend, soap.name, input)),
  }
}

/** The name as it is read, and as the answer shows that it is meant. */
export function readName(
  { name, output }: SoapOperation,
  { canonical, style }: Pick<Source, 'canonical' | 'style'>,
  settings: DesignSettings,
): OperationName {
  const read = nameOf(name, style, settings)
  return settings.operations[name]?.verb === undefined && answersYesNo(output, canonical)
    ? asExistence(read)
    : read
}
