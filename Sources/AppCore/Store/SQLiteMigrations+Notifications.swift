extension SQLiteMigrations {
  /// Who is told of duties, and what is to be sent to them.
  static let notifications = """
    CREATE TABLE subscribers (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      created_at REAL NOT NULL
    ) STRICT;
    CREATE TABLE subscriber_addresses (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      subscriber_id INTEGER NOT NULL REFERENCES subscribers (id),
      channel TEXT NOT NULL,
      address TEXT NOT NULL,
      details TEXT,
      state TEXT NOT NULL,
      created_at REAL NOT NULL,
      updated_at REAL NOT NULL,
      UNIQUE (channel, address),
      UNIQUE (subscriber_id, channel)
    ) STRICT;
    CREATE TABLE outbox (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      duty_key TEXT NOT NULL,
      event TEXT NOT NULL,
      subscriber_id INTEGER NOT NULL REFERENCES subscribers (id),
      channel TEXT NOT NULL,
      date TEXT NOT NULL,
      starts_at REAL NOT NULL,
      ends_at REAL NOT NULL,
      state TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      due_at REAL NOT NULL,
      lease_token TEXT,
      lease_until REAL,
      reason TEXT,
      created_at REAL NOT NULL,
      updated_at REAL NOT NULL,
      UNIQUE (duty_key, event, subscriber_id, channel)
    ) STRICT;
    CREATE INDEX outbox_open ON outbox (channel, starts_at, id) WHERE state IN ('pending', 'leased');
    CREATE INDEX outbox_by_end ON outbox (ends_at);
    """

  /// Numbers by which subscribers leave. Those who are here already were told their `id`, which can be guessed by counting;
  /// so will be those that an older version of the service adds meanwhile.
  static let subscriberNumbers = """
    ALTER TABLE subscribers ADD COLUMN secret INTEGER;
    ALTER TABLE subscribers ADD COLUMN claim INTEGER;
    ALTER TABLE subscribers ADD COLUMN is_counted INTEGER NOT NULL DEFAULT 1;
    CREATE UNIQUE INDEX subscribers_by_secret ON subscribers (secret);
    CREATE UNIQUE INDEX subscribers_by_claim ON subscribers (claim);
    """
}
