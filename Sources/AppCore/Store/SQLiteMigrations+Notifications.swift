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
}
