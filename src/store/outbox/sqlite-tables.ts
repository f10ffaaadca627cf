import { PORTION } from '../sqlite-connection.js'

/** Each brings the file from the version that is its index to the next. */
export const migrations = [
  `CREATE TABLE event (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX event_at ON event (at);
  CREATE TABLE subscription (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'ended')),
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    config BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE subscription_type (
    type TEXT NOT NULL,
    subscription TEXT NOT NULL,
    PRIMARY KEY (type, subscription)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE delivery (
    subscription TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    ordered_by TEXT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'queued', 'delivered', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    owner TEXT,
    status INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL,
    PRIMARY KEY (subscription, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX delivery_due ON delivery (subscription, due_at, sequence) WHERE state = 'pending';
  CREATE INDEX delivery_order ON delivery (subscription, ordered_by, sequence)
    WHERE ordered_by IS NOT NULL AND state IN ('pending', 'queued');
  CREATE INDEX delivery_dead ON delivery (sequence) WHERE state = 'dead';
  CREATE INDEX delivery_waiting ON delivery (sequence) WHERE state IN ('pending', 'queued');
  CREATE TABLE poll (
    name TEXT PRIMARY KEY,
    due_at INTEGER NOT NULL,
    owner TEXT,
    generation INTEGER NOT NULL,
    cursor BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE poll_item (
    name TEXT NOT NULL,
    item TEXT NOT NULL,
    version TEXT NOT NULL,
    expires_at INTEGER,
    body BLOB,
    PRIMARY KEY (name, item)
  ) STRICT, WITHOUT ROWID;`,
  // Has all that counting looks at.
  `DROP INDEX delivery_waiting;
  CREATE INDEX delivery_waiting ON delivery (sequence, state) WHERE state IN ('pending', 'queued');`,
]

export const statements = {
  // ?1 is [[id, type, begin, bytes], …], where its body is in ?3; the first byte is 1.
  addEvents: `INSERT INTO event (id, type, at, body)
    SELECT value ->> 0, value ->> 1, ?2, substr(?3, value ->> 2, value ->> 3) FROM json_each(?1) WHERE true ORDER BY key
    ON CONFLICT (id) DO NOTHING RETURNING sequence, id`,
  // ?1 is [[sequence, order, type], …].
  addDeliveries: `INSERT INTO delivery (subscription, sequence, ordered_by, state, due_at, at)
    SELECT subscription, value ->> 0, value ->> 1, CASE WHEN value ->> 1 IS NOT NULL
        AND (row_number() OVER (PARTITION BY subscription, value ->> 1 ORDER BY key) > 1
          OR EXISTS (SELECT 1 FROM delivery AS earlier INDEXED BY delivery_order
            WHERE earlier.subscription = wanted.subscription AND earlier.ordered_by = value ->> 1
              AND earlier.state IN ('pending', 'queued')))
      THEN 'queued' ELSE 'pending' END, ?2, ?2
    FROM json_each(?1) CROSS JOIN subscription_type AS wanted ON wanted.type = value ->> 2`,
  claim: `UPDATE delivery SET due_at = ?1, owner = ?2 WHERE subscription = ?3 AND sequence IN
      (SELECT sequence FROM delivery INDEXED BY delivery_due WHERE subscription = ?3 AND state = 'pending' AND due_at <= ?4
        ORDER BY due_at, sequence LIMIT ?5)
    RETURNING attempts, ordered_by, sequence, (SELECT id FROM event AS e WHERE e.sequence = delivery.sequence) AS id,
      (SELECT type FROM event AS e WHERE e.sequence = delivery.sequence) AS type,
      (SELECT at FROM event AS e WHERE e.sequence = delivery.sequence) AS happened_at,
      (SELECT body FROM event AS e WHERE e.sequence = delivery.sequence) AS body`,
  // ?1 is [[subscription, sequence, owner, state, due at, attempts to add, status, reason], …].
  settle: `UPDATE delivery SET state = g.value ->> 3, due_at = g.value ->> 4, attempts = attempts + (g.value ->> 5),
      status = g.value ->> 6, reason = g.value ->> 7, at = ?2, owner = NULL
    FROM json_each(?1) AS g WHERE subscription = g.value ->> 0 AND sequence = g.value ->> 1 AND owner = g.value ->> 2`,
  // ?1 is [[subscription, sequence], …].
  renew: `UPDATE delivery SET due_at = ?2 FROM json_each(?1) AS g
    WHERE subscription = g.value ->> 0 AND sequence = g.value ->> 1 AND owner = ?3 AND state = 'pending'`,
  // ?1 is [[subscription, order], …].
  promote: `UPDATE delivery SET state = 'pending', due_at = ?2
    FROM (SELECT g.value ->> 0 AS of, (SELECT min(sequence) FROM delivery AS d INDEXED BY delivery_order
        WHERE d.subscription = g.value ->> 0 AND d.ordered_by = g.value ->> 1 AND d.state IN ('pending', 'queued')) AS place
      FROM json_each(?1) AS g)
    WHERE subscription = of AND sequence = place AND state = 'queued'`,
  nextDue: "SELECT min(due_at) AS at FROM delivery WHERE subscription = ? AND state = 'pending'",
  last: 'SELECT max(sequence) AS sequence FROM event',
  event: 'SELECT sequence, id, type, at, body FROM event WHERE id = ?',
  subscribe:
    'INSERT INTO subscription (id, owner, state, reason, created_at, config) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  addType: 'INSERT INTO subscription_type (type, subscription) VALUES (?, ?) ON CONFLICT DO NOTHING',
  dropTypes: 'DELETE FROM subscription_type WHERE subscription = ?',
  change: `UPDATE subscription SET state = coalesce(?, state), reason = coalesce(?, reason), config = coalesce(?, config)
    WHERE id = ? RETURNING state`,
  unsubscribe: 'DELETE FROM subscription WHERE id = ?',
  ended: "SELECT id FROM subscription WHERE state = 'ended'",
  redeliver: `UPDATE delivery SET state = 'pending', attempts = 0, due_at = ?1, reason = '', owner = NULL
    WHERE subscription IN (SELECT id FROM subscription WHERE ?3 IS NULL OR id = ?3)
      AND sequence = (SELECT sequence FROM event WHERE id = ?2) AND state IN ('dead', 'delivered')`,
  beginPoll: `INSERT INTO poll AS held (name, due_at, owner, generation) VALUES (?1, ?2, ?3, 0)
    ON CONFLICT (name) DO UPDATE SET due_at = ?2, owner = ?3 WHERE held.due_at <= ?4 RETURNING generation, cursor`,
  endPoll:
    'UPDATE poll SET due_at = ?, owner = NULL, generation = generation + ?, cursor = ? WHERE name = ? AND owner = ?',
  seeItem: `INSERT INTO poll_item (name, item, version, expires_at, body) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (name, item) DO UPDATE SET version = excluded.version, expires_at = excluded.expires_at, body = excluded.body`,
  loseItem: 'DELETE FROM poll_item WHERE name = ? AND item = ?',
  waiting: `SELECT count(*) AS count, min(sequence) AS oldest FROM delivery INDEXED BY delivery_waiting
    WHERE state IN ('pending', 'queued') AND subscription IN (SELECT id FROM subscription WHERE state = 'active')`,
  dead: "SELECT count(*) AS count FROM delivery WHERE state = 'dead'",
  at: 'SELECT at FROM event WHERE sequence = ?',
  oldEvents:
    'SELECT max(sequence) AS sequence FROM (SELECT sequence FROM event WHERE at < ? ORDER BY at LIMIT ?)',
  purgeDeliveries:
    'DELETE FROM delivery WHERE subscription IN (SELECT id FROM subscription) AND sequence <= ?',
  ordersUpTo: `SELECT DISTINCT subscription, ordered_by FROM delivery INDEXED BY delivery_waiting
    WHERE state IN ('pending', 'queued') AND sequence <= ? AND ordered_by IS NOT NULL`,
  purgeEvents: 'DELETE FROM event WHERE sequence <= ?',
  purgeItems: 'DELETE FROM poll_item WHERE expires_at < ?',
} as const

/**
 * Statements of which each run changes so many rows. They are found by an index and changed by their key. Not by one statement
 * with the same condition: libsql 0.5 ends the process where an update takes rows out of the partial index that it scans. Nor by
 * `(subscription, sequence) IN (…)`: SQLite looks at every row of the subscription for that.
 */
export const portions = {
  giveUpDue: `UPDATE delivery SET state = 'dead', reason = 'ended', owner = NULL, at = ?1 WHERE subscription = ?2 AND sequence IN
    (SELECT sequence FROM delivery INDEXED BY delivery_due WHERE subscription = ?2 AND state = 'pending' LIMIT ${PORTION})`,
  giveUpOrdered: `UPDATE delivery SET state = 'dead', reason = 'ended', owner = NULL, at = ?1 WHERE subscription = ?2 AND sequence IN
    (SELECT sequence FROM delivery INDEXED BY delivery_order WHERE subscription = ?2 AND ordered_by IS NOT NULL
      AND state IN ('pending', 'queued') LIMIT ${PORTION})`,
  drop: `DELETE FROM delivery WHERE subscription = ?1 AND sequence IN
    (SELECT sequence FROM delivery WHERE subscription = ?1 LIMIT ${PORTION})`,
  redeliver: `UPDATE delivery SET state = 'pending', attempts = 0, due_at = ?1, reason = '', owner = NULL
    FROM (SELECT subscription AS of, sequence AS place FROM delivery INDEXED BY delivery_dead
      WHERE state = 'dead' AND at <= ?3 AND (?2 IS NULL OR subscription = ?2) ORDER BY sequence LIMIT ${PORTION})
    WHERE subscription = of AND sequence = place`,
} as const
