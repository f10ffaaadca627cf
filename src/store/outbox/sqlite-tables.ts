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
  addEvent:
    'INSERT INTO event (id, type, at, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING sequence',
  addDeliveries: `INSERT INTO delivery (subscription, sequence, ordered_by, state, due_at, at)
    SELECT subscription, ?1, ?2, CASE WHEN ?2 IS NOT NULL AND EXISTS (SELECT 1 FROM delivery AS earlier INDEXED BY delivery_order
      WHERE earlier.subscription = wanted.subscription AND earlier.ordered_by = ?2 AND earlier.state IN ('pending', 'queued'))
      THEN 'queued' ELSE 'pending' END, ?3, ?3
    FROM subscription_type AS wanted WHERE type = ?4`,
  due: `SELECT d.subscription, d.attempts, e.sequence, e.id, e.type, e.at, e.body
    FROM delivery AS d JOIN event AS e USING (sequence)
    WHERE d.subscription = ? AND d.state = 'pending' AND d.due_at <= ? ORDER BY d.due_at, d.sequence LIMIT ?`,
  hold: "UPDATE delivery SET due_at = ?, owner = ? WHERE subscription = ? AND sequence = ? AND state = 'pending'",
  settle: `UPDATE delivery SET state = ?, due_at = ?, attempts = attempts + ?, status = ?, reason = ?, at = ?, owner = NULL
    WHERE subscription = ? AND sequence = ? AND owner = ? RETURNING ordered_by`,
  renew: 'UPDATE delivery SET due_at = ? WHERE subscription = ? AND sequence = ? AND owner = ?',
  promote: `UPDATE delivery SET state = 'pending', due_at = ?1 WHERE state = 'queued' AND subscription = ?2 AND sequence =
    (SELECT min(sequence) FROM delivery INDEXED BY delivery_order
      WHERE subscription = ?2 AND ordered_by = ?3 AND state IN ('pending', 'queued'))`,
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
