import { isIP } from 'node:net'
import { list, type Setting, text, wholeNumber } from './setting.js'

/** What becomes of events; docs/events.md says how it goes together. */
export const EVENT_SETTINGS = {
  eventsScheduleSeconds: list({
    variable: 'EVENTS_SCHEDULE_SECONDS',
    default: ['5', '300', '1800', '7200', '18000', '36000', '50400', '72000', '86400'],
    expected: 'a comma-separated list of seconds, each from 0 to 604800',
    description: 'When an event that was not taken is sent again, after each attempt; then it is dead',
    accept: (item) => /^\d{1,6}$/.test(item) && Number(item) <= 604_800,
  }),
  eventsTimeoutMs: wholeNumber({
    variable: 'EVENTS_TIMEOUT_MS',
    default: 15_000,
    unit: 'ms',
    from: 100,
    to: 60_000,
    description: 'Time in which a subscriber must have taken an event',
  }),
  eventsConcurrency: wholeNumber({
    variable: 'EVENTS_CONCURRENCY',
    default: 10,
    unit: '',
    from: 1,
    to: 256,
    description: 'Events that are on their way to one subscriber at once',
  }),
  eventsRetentionHours: wholeNumber({
    variable: 'EVENTS_RETENTION_HOURS',
    default: 168,
    unit: 'h',
    from: 1,
    to: 8_760,
    description: 'How long events are kept, delivered or not, and known when they are repeated',
  }),
  eventsAllowNetworks: list({
    variable: 'EVENTS_ALLOW_NETWORKS',
    default: [],
    expected: 'a comma-separated list of networks, such as 10.1.0.0/16',
    description: 'Private networks that subscribers may be in, by plain HTTP too',
    accept: isNetwork,
  }),
  eventsSubscriptionsFile: {
    ...text({
      variable: 'EVENTS_SUBSCRIPTIONS_FILE',
      expected: 'the path of a file',
      description: 'Subscriptions, where clients shall not subscribe themselves',
      accept: () => true,
    }),
  } satisfies Setting<string> as Setting<string>,
}

function isNetwork(item: string): boolean {
  const [address = '', prefix] = item.split('/')
  const version = isIP(address)
  if (version === 0) return false
  const most = version === 4 ? 32 : 128
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= most)
}
