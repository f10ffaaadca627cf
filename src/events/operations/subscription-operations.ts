import { createHash, randomUUID } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { callerName, type Identity, type RestRequest, type RestResponse } from '../../adapter/rest.js'
import { AdapterError } from '../../base/errors.js'
import { isJsonObject } from '../../json/value.js'
import type { DeliveryState, Outbox } from '../../store/outbox/outbox.js'
import type { AddressGuard } from '../delivery/address-guard.js'
import type { Sender, Sent } from '../delivery/sender.js'
import { eventBody } from '../event-body.js'
import type { EventScopes } from '../event-scopes.js'
import { newSecret } from '../signature.js'
import type { Subscription, SubscriptionConfig, SubscriptionDirectory } from '../subscriptions/directory.js'
import { json, OwnOperation, textOf } from './own-operation.js'

export interface SubscriptionContext {
  readonly outbox: Outbox
  readonly directory: SubscriptionDirectory
  readonly sender: Sender
  readonly guard: AddressGuard
  readonly scopes: EventScopes
  /** Told when there is something to deliver. */
  readonly wake: () => void
}

/** How long a secret signs beside the one that replaced it. */
const ROTATION_MS = 86_400_000
const MOST_SUBSCRIPTIONS = 100
const ONE = '/webhook-subscriptions/{subscriptionId}'

/** The operations by which clients manage their own subscriptions; others of theirs they do not see. */
export function subscriptionOperations(context: SubscriptionContext): readonly OwnOperation[] {
  const { outbox, directory, sender, scopes, wake } = context
  const ofCaller =
    (
      run: (
        subscription: Subscription,
        request: RestRequest,
        identity: Identity | undefined,
      ) => Promise<RestResponse>,
    ) =>
    async (
      request: RestRequest,
      { identity }: { readonly identity?: Identity | undefined },
    ): Promise<RestResponse> => {
      const subscription = directory.get(request.path.subscriptionId ?? '')
      if (subscription?.owner !== ownerOf(identity)) {
        throw new AdapterError('resource-not-found', 'You have no such subscription.')
      }
      return run(subscription, request, identity)
    }
  return [
    new OwnOperation({
      operationId: 'listWebhookSubscriptions',
      method: 'get',
      path: '/webhook-subscriptions',
      run: (_, { identity }) => {
        const own = [...directory.all()].filter(({ owner }) => owner === ownerOf(identity))
        return Promise.resolve(json(200, { items: own.map(shown) }))
      },
    }),
    new OwnOperation({
      operationId: 'createWebhookSubscription',
      method: 'post',
      path: '/webhook-subscriptions',
      run: async (request, { identity }) => {
        const asked = askedOf(request)
        const types = scopes.granted(asked.types, identity)
        const owner = ownerOf(identity)
        const own = [...directory.all()].filter((each) => each.owner === owner)
        if (own.length >= MOST_SUBSCRIPTIONS)
          throw invalid('', `you have ${MOST_SUBSCRIPTIONS} subscriptions already`)
        const secret = newSecret()
        const { url = '', description } = asked
        const config = {
          ...{ url, secrets: [{ secret }] },
          ...(description !== undefined && { description }),
          ...rightsOf(identity),
        }
        await challenge(context, url, [secret])
        const id = randomUUID()
        const record = {
          id,
          owner,
          state: 'active',
          types,
          createdAt: Date.now(),
          reason: '',
        } as const
        await directory.add(record, config)
        return json(201, { ...shown({ ...record, config }), secret })
      },
    }),
    new OwnOperation({
      operationId: 'getWebhookSubscription',
      method: 'get',
      path: ONE,
      run: ofCaller((subscription) => Promise.resolve(json(200, shown(subscription)))),
    }),
    new OwnOperation({
      operationId: 'changeWebhookSubscription',
      method: 'patch',
      path: ONE,
      run: ofCaller(async (subscription, request, identity) => {
        const { url, description, types: wanted, state } = askedOf(request)
        if (subscription.state === 'ended') throw invalid('', 'the subscription has ended: subscribe anew')
        // Whoever says where events go, which, or that they go again, must be one who may have them.
        const isTaking = url !== undefined || wanted !== undefined || state === 'active'
        if (isTaking) scopes.granted(wanted ?? subscription.types, identity)
        if (url !== undefined) await challenge(context, url, subscription.secrets)
        const config: SubscriptionConfig = {
          ...subscription.config,
          ...(url !== undefined && { url }),
          ...(description !== undefined && { description }),
          ...(isTaking && rightsOf(identity)),
        }
        await directory.change(subscription.id, {
          config,
          ...(wanted && { types: wanted }),
          ...(state && { state }),
        })
        wake()
        return json(200, shown(directory.get(subscription.id) ?? subscription))
      }),
    }),
    new OwnOperation({
      operationId: 'deleteWebhookSubscription',
      method: 'delete',
      path: ONE,
      run: ofCaller(async ({ id }) => {
        await directory.remove(id)
        return { status: 204, headers: {}, body: '' }
      }),
    }),
    new OwnOperation({
      operationId: 'rotateWebhookSecret',
      method: 'post',
      path: `${ONE}/rotate-secret`,
      run: ofCaller(async (subscription) => {
        const secret = newSecret()
        const until = Date.now() + ROTATION_MS
        const before = subscription.config.secrets
          .filter((each) => (each.until ?? Infinity) > Date.now())
          .map((each) => ({ secret: each.secret, until: Math.min(each.until ?? Infinity, until) }))
        const config = { ...subscription.config, secrets: [{ secret }, ...before] }
        await directory.change(subscription.id, { config })
        return json(200, { ...shown(subscription), secret })
      }),
    }),
    new OwnOperation({
      operationId: 'pingWebhookSubscription',
      method: 'post',
      path: `${ONE}/ping`,
      run: ofCaller(async (subscription) => {
        const sent = await sendOwn(sender, subscription, 'webhook.ping', {})
        return json(200, { isTaken: sent.reason === '', status: sent.status, reason: sent.reason })
      }),
    }),
    new OwnOperation({
      operationId: 'listWebhookDeliveries',
      method: 'get',
      path: `${ONE}/deliveries`,
      run: ofCaller(async ({ id }, { query }) => {
        const limit = Number(textOf(query.limit) ?? 50)
        const before = textOf(query.before)
        const state = textOf(query.state) as DeliveryState | undefined
        const found = await outbox.deliveries({
          subscription: id,
          limit,
          ...(before !== undefined && { before: Number(before) }),
          ...(state && { state }),
        })
        const items = found.map(({ eventId, type, state: of, attempts, status, reason, at }) => {
          return { eventId, type, state: of, attempts, status, reason, at: new Date(at).toISOString() }
        })
        const last = found.length === limit ? found.at(-1) : undefined
        return json(200, { items, ...(last && { next: String(last.sequence) }) })
      }),
    }),
    new OwnOperation({
      operationId: 'redeliverWebhookEvents',
      method: 'post',
      path: `${ONE}/redeliver`,
      run: ofCaller(async ({ id }, { query }) => {
        const eventId = textOf(query.eventId)
        const redelivered = await outbox.redeliver({
          subscription: id,
          ...(eventId !== undefined && { eventId }),
        })
        wake()
        return json(200, { redelivered })
      }),
    }),
  ]
}

interface Asked {
  readonly url?: string
  readonly types?: readonly string[]
  readonly description?: string
  readonly state?: 'active' | 'paused'
}

/** The body, which the schema has judged. */
function askedOf({ body }: RestRequest): Asked {
  return isJsonObject(body) ? body : {}
}

/** What deliveries are judged by. An access token is not there to be asked later, an API key is. */
function rightsOf(identity: Identity | undefined): Pick<SubscriptionConfig, 'scopes' | 'apiKeyClient'> {
  const { scopes = [], namedBy, client } = identity ?? {}
  return { scopes, ...(namedBy === 'apiKey' && client !== undefined && { apiKeyClient: client }) }
}

/** Whose it is; nobody's where nobody is asked who they are. */
function ownerOf(identity: Identity | undefined): string {
  return createHash('sha256')
    .update(identity ? callerName(identity) : '')
    .digest('base64url')
}

function shown({
  id,
  types,
  state,
  createdAt,
  reason,
  config: { url, description },
}: Pick<Subscription, 'id' | 'types' | 'state' | 'createdAt' | 'reason' | 'config'>): object {
  return {
    ...{ id, url, types, state, createdAt: new Date(createdAt).toISOString() },
    ...(reason !== '' && { reason }),
    ...(description !== undefined && { description }),
  }
}

function invalid(pointer: string, detail: string): AdapterError {
  return new AdapterError('request-invalid', 'The subscription cannot be made.', {
    violations: [{ pointer, detail }],
  })
}

/** Sends an event that is in no log. */
function sendOwn(
  sender: Sender,
  to: { readonly url: string; readonly secrets: readonly string[] },
  type: string,
  data: object,
): Promise<Sent> {
  const body = eventBody(type, Date.now(), JSON.stringify(data))
  return sender.send(to, { id: `msg_${randomUUID()}`, body })
}

/**
 * Has an endpoint prove that it wants events.
 *
 * @throws AdapterError `request-invalid` where it does not, or may not be called
 */
async function challenge(
  { sender, guard }: SubscriptionContext,
  url: string,
  secrets: readonly string[],
): Promise<void> {
  await checkUrl(guard, url)
  const asked = randomUUID()
  const sent = await sendOwn(sender, { url, secrets }, 'webhook.challenge', { challenge: asked })
  if (sent.reason === 'address') throw invalid('/url', 'leads to an address that may not be called')
  if (sent.reason !== '')
    throw invalid('/url', `did not answer the challenge: ${sent.reason} ${sent.status || ''}`.trim())
  if (challengeIn(sent.body) !== asked)
    throw invalid('/url', 'did not answer with the challenge, {"challenge":"…"}')
}

function challengeIn(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && 'challenge' in value ? value.challenge : undefined
  } catch {
    return undefined
  }
}

/** Plain HTTP is for addresses that the deployment has allowed by name. */
async function checkUrl(guard: AddressGuard, url: string): Promise<void> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw invalid('/url', 'must be an https: URL')
  if (parsed.username !== '' || parsed.password !== '')
    throw invalid('/url', 'must have no user name and password')
  if (parsed.protocol === 'https:') return
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  const addresses = await lookup(host, { all: true }).catch(() => [])
  if (addresses.length > 0 && addresses.every(({ address }) => guard.isAllowedOnly(address))) return
  throw invalid('/url', 'must be an https: URL')
}
