import type { TableSet } from '../postgresql-migrations.js'

/** Of our own choice: events get their places in the log one transaction after another, so that none appears late. */
const LOG_LOCK = 7_305_812_206_412

export const OUTBOX_TABLES: TableSet = {
  versions: 'soapstone_events_migration',
  migrations: [
    `CREATE TABLE soapstone_event (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL UNIQUE,
      type text NOT NULL,
      at timestamptz NOT NULL,
      body bytea NOT NULL
    );
    CREATE INDEX soapstone_event_at ON soapstone_event (at);
    CREATE TABLE soapstone_subscription (
      id text PRIMARY KEY,
      owner text NOT NULL,
      state text NOT NULL CHECK (state IN ('active', 'paused', 'ended')),
      reason text NOT NULL,
      created_at timestamptz NOT NULL,
      config bytea NOT NULL
    );
    CREATE TABLE soapstone_subscription_type (
      type text NOT NULL,
      subscription text NOT NULL REFERENCES soapstone_subscription ON DELETE CASCADE,
      PRIMARY KEY (type, subscription)
    );
    CREATE TABLE soapstone_delivery (
      subscription text NOT NULL,
      sequence bigint NOT NULL,
      ordered_by text,
      state text NOT NULL CHECK (state IN ('pending', 'queued', 'delivered', 'dead')),
      attempts integer NOT NULL DEFAULT 0,
      due_at timestamptz NOT NULL,
      owner text,
      status integer NOT NULL DEFAULT 0,
      reason text NOT NULL DEFAULT '',
      at timestamptz NOT NULL,
      PRIMARY KEY (subscription, sequence)
    );
    CREATE INDEX soapstone_delivery_due ON soapstone_delivery (subscription, due_at, sequence) WHERE state = 'pending';
    CREATE INDEX soapstone_delivery_order ON soapstone_delivery (subscription, ordered_by, sequence)
      WHERE ordered_by IS NOT NULL AND state IN ('pending', 'queued');
    CREATE INDEX soapstone_delivery_dead ON soapstone_delivery (sequence) WHERE state = 'dead';
    CREATE INDEX soapstone_delivery_waiting ON soapstone_delivery (sequence) WHERE state IN ('pending', 'queued');
    CREATE TABLE soapstone_poll (
      name text PRIMARY KEY,
      due_at timestamptz NOT NULL,
      owner text,
      generation bigint NOT NULL,
      cursor bytea
    );
    CREATE TABLE soapstone_poll_item (
      name text NOT NULL,
      item text NOT NULL,
      version text NOT NULL,
      expires_at timestamptz,
      body bytea,
      PRIMARY KEY (name, item)
    )`,
    // Has all that counting looks at.
    `DROP INDEX soapstone_delivery_waiting;
    CREATE INDEX soapstone_delivery_waiting ON soapstone_delivery (sequence, subscription, ordered_by)
      WHERE state IN ('pending', 'queued')`,
  ],
}

const later = (ms: string) => `clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`
const ms = (time: string) => `(extract(epoch FROM ${time}) * 1000)::float8`
const ACTIVE = "SELECT id FROM soapstone_subscription WHERE state = 'active'"
const EVENT = `e.sequence::float8 AS sequence, e.id, e.type, ${ms('e.at')} AS at, e.body`

export const statements = {
  begin: 'BEGIN',
  commit: 'COMMIT',
  /** Until the transaction ends. */
  lockLog: `SELECT pg_advisory_xact_lock(${LOG_LOCK})`,
  /** The transaction is on disk with the next one that is durable at once, or some hundred milliseconds later (PostgreSQL, 30.4). */
  durableSoon: 'SET LOCAL synchronous_commit = off',
  append: `WITH given AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) WITH ORDINALITY AS g (id, type, ordered_by, body, n)),
    added AS (INSERT INTO soapstone_event (id, type, at, body)
      SELECT id, type, clock_timestamp(), body FROM given ORDER BY n ON CONFLICT (id) DO NOTHING RETURNING sequence, id, type),
    wanted AS (SELECT s.subscription, a.sequence, g.ordered_by,
        row_number() OVER (PARTITION BY s.subscription, g.ordered_by ORDER BY a.sequence) AS nth
      FROM added a JOIN (SELECT DISTINCT ON (id) id, ordered_by FROM given ORDER BY id, n) g USING (id)
        JOIN soapstone_subscription_type s ON s.type = a.type),
    sent AS (INSERT INTO soapstone_delivery (subscription, sequence, ordered_by, state, due_at, at)
      SELECT subscription, sequence, ordered_by, CASE WHEN ordered_by IS NOT NULL AND (nth > 1 OR EXISTS (
          SELECT 1 FROM soapstone_delivery d WHERE d.subscription = w.subscription AND d.ordered_by = w.ordered_by
            AND d.state IN ('pending', 'queued'))) THEN 'queued' ELSE 'pending' END, clock_timestamp(), clock_timestamp()
      FROM wanted w)
    SELECT id FROM added`,
  claim: `WITH room AS (SELECT * FROM unnest($1::text[], $2::int[]) AS r (subscription, places)),
    due AS (SELECT d.subscription, d.sequence FROM room CROSS JOIN LATERAL (
      SELECT subscription, sequence FROM soapstone_delivery
      WHERE subscription = room.subscription AND state = 'pending' AND due_at <= clock_timestamp()
      ORDER BY due_at, sequence LIMIT room.places FOR UPDATE SKIP LOCKED) d),
    held AS (UPDATE soapstone_delivery t SET due_at = ${later('$4')}, owner = $3
      FROM due WHERE t.subscription = due.subscription AND t.sequence = due.sequence
      RETURNING t.subscription, t.sequence, t.attempts, t.ordered_by)
    SELECT h.subscription, h.attempts, h.ordered_by, ${EVENT} FROM held h JOIN soapstone_event e USING (sequence) ORDER BY e.sequence`,
  renew: `UPDATE soapstone_delivery t SET due_at = ${later('$2')}
    FROM unnest($3::text[], $4::bigint[]) AS g (subscription, sequence)
    WHERE t.subscription = g.subscription AND t.sequence = g.sequence AND t.owner = $1 AND t.state = 'pending'`,
  settle: `UPDATE soapstone_delivery t SET state = g.state, due_at = ${later('g.delay')}, attempts = attempts + g.counted,
      status = g.status, reason = g.reason, at = clock_timestamp(), owner = NULL
    FROM unnest($1::text[], $2::bigint[], $3::text[], $4::float8[], $5::int[], $6::int[], $7::text[], $8::text[])
      AS g (subscription, sequence, state, delay, counted, status, reason, owner)
    WHERE t.subscription = g.subscription AND t.sequence = g.sequence AND t.owner = g.owner`,
  promote: `UPDATE soapstone_delivery t SET state = 'pending', due_at = clock_timestamp()
    FROM unnest($1::text[], $2::text[]) AS g (subscription, ordered_by)
    WHERE t.state = 'queued' AND t.subscription = g.subscription AND t.sequence = (
      SELECT min(sequence) FROM soapstone_delivery d
      WHERE d.subscription = g.subscription AND d.ordered_by = g.ordered_by AND d.state IN ('pending', 'queued'))`,
  nextDue: `SELECT ${ms('min(at) - clock_timestamp()')} AS ms FROM unnest($1::text[]) AS s (subscription) CROSS JOIN LATERAL
    (SELECT min(due_at) AS at FROM soapstone_delivery d WHERE d.subscription = s.subscription AND d.state = 'pending') d`,
  after: `SELECT ${EVENT} FROM soapstone_event e WHERE e.sequence > $1 AND e.type = ANY ($2::text[]) ORDER BY e.sequence LIMIT $3`,
  last: 'SELECT coalesce(max(sequence), 0)::float8 AS sequence FROM soapstone_event',
  event: `SELECT ${EVENT} FROM soapstone_event e WHERE e.id = $1`,
  subscribe: `INSERT INTO soapstone_subscription (id, owner, state, reason, created_at, config)
    VALUES ($1, $2, $3, $4, to_timestamp($5::float8 / 1000), $6) ON CONFLICT (id) DO NOTHING`,
  addTypes: `INSERT INTO soapstone_subscription_type (type, subscription)
    SELECT DISTINCT type, $1::text FROM unnest($2::text[]) AS t (type) ON CONFLICT DO NOTHING`,
  dropTypes: 'DELETE FROM soapstone_subscription_type WHERE subscription = $1',
  subscriptions: `SELECT id, owner, state, reason, ${ms('created_at')} AS created_at, config,
      (SELECT array_agg(type ORDER BY type) FROM soapstone_subscription_type WHERE subscription = id) AS types
    FROM soapstone_subscription ORDER BY created_at, id`,
  change: `UPDATE soapstone_subscription SET state = coalesce($2, state), reason = coalesce($3, reason), config = coalesce($4, config)
    WHERE id = $1`,
  unsubscribe: 'DELETE FROM soapstone_subscription WHERE id = $1',
  ended: "SELECT id FROM soapstone_subscription WHERE state = 'ended'",
  deliveries: `SELECT d.subscription, d.sequence::float8 AS sequence, e.id AS "eventId", e.type, d.state, d.attempts, d.status, d.reason,
      ${ms('d.at')} AS at
    FROM soapstone_delivery d JOIN soapstone_event e USING (sequence)
    WHERE ($1::text IS NULL OR d.subscription = $1) AND ($2::text IS NULL OR e.id = $2) AND ($3::text IS NULL OR d.state = $3)
      AND ($4::bigint IS NULL OR d.sequence < $4) ORDER BY d.sequence DESC LIMIT $5`,
  redeliver: `UPDATE soapstone_delivery SET state = 'pending', attempts = 0, due_at = clock_timestamp(), reason = '', owner = NULL
    WHERE subscription IN (SELECT id FROM soapstone_subscription WHERE $2::text IS NULL OR id = $2)
      AND sequence = (SELECT sequence FROM soapstone_event WHERE id = $1) AND state IN ('dead', 'delivered')`,
  beginPoll: `INSERT INTO soapstone_poll AS held (name, due_at, owner, generation) VALUES ($1, ${later('$3')}, $2, 0)
    ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at, owner = excluded.owner WHERE held.due_at <= clock_timestamp()
    RETURNING generation::float8 AS generation, cursor`,
  polledItems: 'SELECT item, version, body FROM soapstone_poll_item WHERE name = $1',
  endPoll: `UPDATE soapstone_poll SET due_at = ${later('$3')}, owner = NULL, generation = generation + $5::int, cursor = $4
    WHERE name = $1 AND owner = $2`,
  seeItems: `INSERT INTO soapstone_poll_item (name, item, version, body, expires_at)
    SELECT $1, item, version, body, CASE WHEN $5::float8 IS NULL THEN NULL ELSE ${later('$5')} END
    FROM unnest($2::text[], $3::text[], $4::bytea[]) AS g (item, version, body)
    ON CONFLICT (name, item) DO UPDATE SET version = excluded.version, body = excluded.body, expires_at = excluded.expires_at`,
  loseItems: 'DELETE FROM soapstone_poll_item WHERE name = $1 AND item = ANY ($2::text[])',
  state: `SELECT (SELECT count(*) FROM soapstone_delivery WHERE state IN ('pending', 'queued') AND subscription IN (${ACTIVE}))::float8 AS waiting,
      (SELECT count(*) FROM soapstone_delivery WHERE state = 'dead')::float8 AS dead,
      (SELECT ${ms('clock_timestamp() - at')} FROM soapstone_event WHERE sequence =
        (SELECT min(sequence) FROM soapstone_delivery WHERE state IN ('pending', 'queued') AND subscription IN (${ACTIVE}))) AS oldest`,
  old: `SELECT max(sequence) AS sequence FROM (SELECT sequence FROM soapstone_event
    WHERE at < clock_timestamp() - $1::float8 * interval '1 millisecond' ORDER BY at LIMIT 2000) AS old`,
  purgeDeliveries:
    'DELETE FROM soapstone_delivery WHERE subscription IN (SELECT id FROM soapstone_subscription) AND sequence <= $1',
  purgeEvents: 'DELETE FROM soapstone_event WHERE sequence <= $1',
  purgeItems: 'DELETE FROM soapstone_poll_item WHERE expires_at < clock_timestamp()',
  ordersUpTo: `SELECT DISTINCT subscription, ordered_by FROM soapstone_delivery
    WHERE state IN ('pending', 'queued') AND sequence <= $1 AND ordered_by IS NOT NULL`,
} as const
