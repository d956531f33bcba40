import Postgres

/// The schema's history, forward only: a migration that was released never changes.
enum StoreMigrations {
  struct Migration: Sendable {
    let name: String
    let sql: SQLText
    var isPostgresOnly = false
  }

  /// The first bytes of SHA-256 of `outgrown migrations`, to be nobody else's.
  static let lock: Int64 = 0x6CEB_9A94_F149_C115
  /// How long one instance's migrations may take, and how long another waits for them.
  private static let patience = Duration.seconds(900)

  static func all(of engine: any SQLEngine) -> [Migration] {
    engine is SQLiteEngine ? all.filter { !$0.isPostgresOnly } : all
  }

  /// Applies what is missing, all of it in one transaction: of two instances that start at once, one migrates and the
  /// other finds everything done.
  /// - Parameters:
  ///   - name: the database's, for messages.
  ///   - last: where to end; nil is the newest.
  /// - Returns: the names of what was applied, the oldest first.
  /// - Throws: `StoreError` code `.schemaTooNew`, and what the engine throws.
  static func apply(on engine: any SQLEngine, of name: String, upTo last: String? = nil) async throws -> [String] {
    let all = all(of: engine)
    let wanted = all.prefix((all.firstIndex { $0.name == last } ?? all.count - 1) + 1)
    @Sendable func missing(_ session: SQLSession) throws -> [Migration] {
      let known: [String] =
        try session.hasTable("grdb_migrations", or: "schema_migrations")
        ? session.rows(
          SQLText(sqlite: "SELECT identifier FROM grdb_migrations", postgres: "SELECT name FROM schema_migrations")
        ) { try $0[0] } : []
      guard Set(known).isSubset(of: all.map(\.name)) else {
        throw StoreError(.schemaTooNew, "the database \(name) was made by a newer version: run that one")
      }
      return wanted.filter { !known.contains($0.name) }
    }
    // Nothing is written to a database that is up to date. Whether a server can be reached is known sooner than how long
    // migrations take.
    guard try await !engine.read(patience: .seconds(30), { try missing($0).isEmpty }) else { return [] }
    return try await engine.perform(.repeatableWrite, patience: patience) { session in
      try session.allow(patience)
      try session.lock(lock)
      try session.script(table)
      let applied = try missing(session)
      for migration in applied {
        try session.script(migration.sql)
        try session.run(
          SQLText(
            sqlite: "INSERT INTO grdb_migrations (identifier) VALUES ($1)",
            postgres: "INSERT INTO schema_migrations (name) VALUES ($1)"), [.text(migration.name)])
      }
      return applied.map(\.name)
    }
  }

  /// SQLite's has the name and the form that GRDB gave it.
  private static let table = SQLText(
    sqlite: "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)",
    postgres: """
      CREATE TABLE IF NOT EXISTS schema_migrations (
        name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now()
      )
      """)

  static let all = [
    Migration(
      name: "2026-11 schedules",
      sql: SQLText {
        """
        CREATE TABLE schedules (
          id \($0.numberedKey),
          date \($0.date) NOT NULL \($0.dateCheck),
          sheet text NOT NULL,
          position integer NOT NULL,
          category text NOT NULL,
          name text NOT NULL,
          timing text NOT NULL,
          room text,
          speciality text,
          shift text,
          created_at \($0.real) NOT NULL,
          updated_at \($0.real) NOT NULL
        ) \($0.strict);
        CREATE INDEX schedules_by_date ON schedules (date, position);
        CREATE INDEX schedules_by_name ON schedules (name);
        CREATE INDEX schedules_by_category ON schedules (category);
        """
      }),
    Migration(
      name: "2026-11 boots",
      sql: SQLText {
        """
        CREATE TABLE boots (
          boot_id \($0.textKey),
          started_at \($0.real) NOT NULL,
          previous_inbound_at \($0.real),
          last_inbound_at \($0.real),
          first_at \($0.real),
          first_client text,
          first_path text,
          stopped_at \($0.real)
        ) \($0.strict);
        CREATE INDEX boots_by_start ON boots (started_at);
        """
      }),
    Migration(
      name: "2026-11 schedule changes",
      sql: SQLText {
        """
        CREATE TABLE schedule_changes (
          id \($0.numberedKey),
          kind text NOT NULL,
          duty_id \($0.integer) NOT NULL,
          date \($0.date) NOT NULL,
          category text NOT NULL,
          name text NOT NULL,
          timing text NOT NULL,
          room text,
          speciality text,
          shift text,
          previous_timing text,
          previous_room text,
          previous_speciality text,
          previous_shift text,
          changed_at \($0.real) NOT NULL
        ) \($0.strict);
        CREATE INDEX schedule_changes_by_time ON schedule_changes (changed_at);
        """
      }),
    Migration(
      name: "2026-11 commit receipts", sql: SQLText { _ in PostgresReceipts.schema.text }, isPostgresOnly: true),
    // Who asks for a part of a worksheet's name looks through a name a day instead of a row a duty. A name that no row has
    // any more costs a comparison, nothing else.
    Migration(
      name: "2026-11 worksheets",
      sql: SQLText(
        sqlite: """
          CREATE TABLE worksheets (date TEXT NOT NULL, sheet TEXT NOT NULL, PRIMARY KEY (date, sheet))
            STRICT, WITHOUT ROWID;
          CREATE TRIGGER schedules_named AFTER INSERT ON schedules BEGIN
            INSERT INTO worksheets (date, sheet) VALUES (NEW.date, NEW.sheet) ON CONFLICT DO NOTHING;
          END;
          CREATE TRIGGER schedules_renamed AFTER UPDATE OF date, sheet ON schedules BEGIN
            INSERT INTO worksheets (date, sheet) VALUES (NEW.date, NEW.sheet) ON CONFLICT DO NOTHING;
          END;
          INSERT INTO worksheets (date, sheet) SELECT DISTINCT date, sheet FROM schedules;
          """,
        postgres: """
          CREATE TABLE worksheets (date date, sheet text, PRIMARY KEY (date, sheet));
          CREATE FUNCTION schedules_name_worksheets() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            INSERT INTO worksheets (date, sheet) SELECT DISTINCT date, sheet FROM named ON CONFLICT DO NOTHING;
            RETURN NULL;
          END
          $$;
          CREATE TRIGGER schedules_named AFTER INSERT ON schedules REFERENCING NEW TABLE AS named
            FOR EACH STATEMENT EXECUTE FUNCTION schedules_name_worksheets();
          CREATE TRIGGER schedules_renamed AFTER UPDATE ON schedules REFERENCING NEW TABLE AS named
            FOR EACH STATEMENT EXECUTE FUNCTION schedules_name_worksheets();
          INSERT INTO worksheets (date, sheet) SELECT DISTINCT date, sheet FROM schedules;
          """)),
    Migration(
      name: "2026-11 leader",
      sql: SQLText {
        """
        CREATE TABLE leader (
          id integer PRIMARY KEY CHECK (id = 1),
          holder text NOT NULL,
          epoch \($0.integer) NOT NULL,
          expires_at \($0.real) NOT NULL
        ) \($0.strict)
        """
      }),
    Migration(
      name: "2026-11 scrapes",
      sql: SQLText {
        "CREATE TABLE scrapes (id integer PRIMARY KEY CHECK (id = 1), stored_at \($0.real) NOT NULL) \($0.strict)"
      }),
    // Who is told of duties, and what is to be sent to them.
    Migration(
      name: "2026-11 notifications",
      sql: SQLText {
        """
        CREATE TABLE subscribers (
          id \($0.numberedKey),
          created_at \($0.real) NOT NULL
        ) \($0.strict);
        CREATE TABLE subscriber_addresses (
          id \($0.numberedKey),
          subscriber_id \($0.integer) NOT NULL REFERENCES subscribers (id),
          channel text NOT NULL,
          address text NOT NULL,
          details text,
          state text NOT NULL,
          created_at \($0.real) NOT NULL,
          updated_at \($0.real) NOT NULL,
          UNIQUE (channel, address),
          UNIQUE (subscriber_id, channel)
        ) \($0.strict);
        CREATE TABLE outbox (
          id \($0.numberedKey),
          duty_key text NOT NULL,
          event text NOT NULL,
          subscriber_id \($0.integer) NOT NULL REFERENCES subscribers (id),
          channel text NOT NULL,
          date \($0.date) NOT NULL,
          starts_at \($0.real) NOT NULL,
          ends_at \($0.real) NOT NULL,
          state text NOT NULL,
          attempts \($0.integer) NOT NULL,
          due_at \($0.real) NOT NULL,
          lease_token text,
          lease_until \($0.real),
          reason text,
          created_at \($0.real) NOT NULL,
          updated_at \($0.real) NOT NULL,
          UNIQUE (duty_key, event, subscriber_id, channel)
        ) \($0.strict);
        CREATE INDEX outbox_open ON outbox (channel, starts_at, id) WHERE state IN ('pending', 'leased');
        CREATE INDEX outbox_by_end ON outbox (ends_at);
        """
      }),
    // Numbers by which subscribers leave. Those who are here already were told their `id`, which can be guessed by counting;
    // so will be those that an older version of the service adds meanwhile.
    Migration(
      name: "2026-11 subscriber numbers",
      sql: SQLText {
        """
        ALTER TABLE subscribers ADD COLUMN secret \($0.integer);
        ALTER TABLE subscribers ADD COLUMN claim \($0.integer);
        ALTER TABLE subscribers ADD COLUMN is_counted \($0.integer) NOT NULL DEFAULT 1;
        CREATE UNIQUE INDEX subscribers_by_secret ON subscribers (secret);
        CREATE UNIQUE INDEX subscribers_by_claim ON subscribers (claim);
        """
      }),
    // Mobile clients, and of which doctors each wants to be told.
    Migration(
      name: "2026-11 devices",
      sql: SQLText {
        """
        CREATE TABLE devices (
          device_id \($0.textKey),
          fcm_token text,
          created_at \($0.real) NOT NULL,
          updated_at \($0.real) NOT NULL
        ) \($0.strict);
        CREATE TABLE device_doctors (
          id \($0.numberedKey),
          device_id text NOT NULL REFERENCES devices (device_id),
          doctor_name text NOT NULL,
          created_at \($0.real) NOT NULL,
          UNIQUE (device_id, doctor_name)
        ) \($0.strict);
        CREATE INDEX device_doctors_by_doctor ON device_doctors (doctor_name);
        """
      }),
    // When a day last changed is asked for with every page of it.
    Migration(
      name: "2026-11 changes by day",
      sql: "CREATE INDEX schedule_changes_by_day ON schedule_changes (date, changed_at)"),
    // A device that can be reached is a subscriber, and its token an address: one outbox reaches everybody. Of devices with
    // one token, it is the last one's.
    Migration(
      name: "2026-11 device addresses",
      sql: """
        ALTER TABLE subscribers ADD COLUMN device_id text REFERENCES devices (device_id);
        CREATE UNIQUE INDEX subscribers_by_device ON subscribers (device_id);
        INSERT INTO subscribers (created_at, is_counted, device_id)
          SELECT created_at, 0, device_id FROM devices WHERE fcm_token IS NOT NULL ORDER BY created_at, device_id;
        INSERT INTO subscriber_addresses (subscriber_id, channel, address, state, created_at, updated_at)
          SELECT subscribers.id, 'fcm', fcm_token, 'active', devices.updated_at, devices.updated_at
          FROM devices JOIN subscribers ON subscribers.device_id = devices.device_id
          WHERE fcm_token IS NOT NULL ORDER BY devices.updated_at DESC, devices.device_id
          ON CONFLICT DO NOTHING;
        ALTER TABLE devices DROP COLUMN fcm_token;
        """),
    // Mail addresses until their owner confirms. Who was subscribed before stays so.
    Migration(
      name: "2026-11 confirmations",
      sql: SQLText {
        """
        CREATE TABLE unconfirmed_addresses (
          id \($0.numberedKey),
          address text NOT NULL UNIQUE,
          subscriber_id \($0.integer),
          number \($0.integer) NOT NULL,
          attempts \($0.integer) NOT NULL,
          asked_at \($0.real) NOT NULL,
          due_at \($0.real),
          mailed_at \($0.real),
          expires_at \($0.real) NOT NULL,
          confirmed_at \($0.real)
        ) \($0.strict);
        CREATE INDEX unconfirmed_addresses_by_due ON unconfirmed_addresses (due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX unconfirmed_addresses_by_expiry ON unconfirmed_addresses (expires_at);
        """
      }),
    // Of which duties each subscriber is told. Who is here already is told of all, an hour before, as before.
    Migration(
      name: "2026-11 subscriber interests",
      sql: SQLText {
        """
        ALTER TABLE subscribers ADD COLUMN token text;
        ALTER TABLE subscribers ADD COLUMN lead_minutes \($0.integer) NOT NULL DEFAULT 60;
        ALTER TABLE subscribers ADD COLUMN category text;
        ALTER TABLE subscribers ADD COLUMN digest \($0.integer) NOT NULL DEFAULT 0;
        ALTER TABLE subscribers ADD COLUMN chooses_doctors \($0.integer) NOT NULL DEFAULT 0;
        CREATE UNIQUE INDEX subscribers_by_token ON subscribers (token);
        CREATE TABLE subscriber_doctors (
          id \($0.numberedKey),
          subscriber_id \($0.integer) NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
          doctor text NOT NULL,
          UNIQUE (subscriber_id, doctor)
        ) \($0.strict);
        CREATE INDEX subscriber_doctors_by_doctor ON subscriber_doctors (doctor);
        ALTER TABLE unconfirmed_addresses ADD COLUMN wish text;
        """
      }),
    // What people are told of a doctor's day when it changes, what they knew, what they were told and what earlier tries may have told them; and up to which change
    // that is planned. Nobody is told of older ones.
    Migration(
      name: "2026-11 news",
      sql: SQLText {
        """
        ALTER TABLE outbox ADD COLUMN doctor_day text;
        ALTER TABLE outbox ADD COLUMN known text;
        ALTER TABLE outbox ADD COLUMN told text;
        ALTER TABLE outbox ADD COLUMN tried text;
        CREATE INDEX outbox_by_doctor_day ON outbox (doctor_day, subscriber_id, channel, id)
          WHERE doctor_day IS NOT NULL;
        CREATE INDEX outbox_withdrawn_news ON outbox (ends_at) WHERE state = 'withdrawn' AND known IS NOT NULL;
        CREATE TABLE notification_cursor (
          id integer PRIMARY KEY CHECK (id = 1),
          change_id \($0.integer) NOT NULL
        ) \($0.strict);
        INSERT INTO notification_cursor (id, change_id)
          SELECT 1, max(id) FROM schedule_changes HAVING max(id) IS NOT NULL;
        """
      }),
    // Phones: codes by which their owners confirm, what their messages cost, what Twilio and they say of them.
    Migration(
      name: "2026-11 phones",
      sql: SQLText {
        """
        CREATE TABLE phone_codes (
          id \($0.numberedKey),
          channel text NOT NULL,
          phone text NOT NULL,
          hash text NOT NULL,
          tries \($0.integer) NOT NULL,
          asked_at \($0.real) NOT NULL,
          expires_at \($0.real) NOT NULL,
          UNIQUE (channel, phone)
        ) \($0.strict);
        CREATE TABLE message_spend (
          id \($0.textKey),
          month text NOT NULL,
          channel text NOT NULL,
          microdollars \($0.integer) NOT NULL,
          refused_cap \($0.integer)
        ) \($0.strict);
        CREATE TABLE phone_replies (
          id \($0.textKey),
          received_at \($0.real) NOT NULL
        ) \($0.strict);
        CREATE TABLE deliveries (
          id \($0.integer) PRIMARY KEY,
          channel text NOT NULL,
          status text NOT NULL,
          rank \($0.integer) NOT NULL,
          code \($0.integer),
          updated_at \($0.real) NOT NULL
        ) \($0.strict);
        """
      }),
    // Whoever claims much passes over nothing that is leased.
    Migration(
      name: "2026-11 outbox by state",
      sql: """
        CREATE INDEX outbox_pending ON outbox (channel, starts_at, id) WHERE state = 'pending';
        CREATE INDEX outbox_leased ON outbox (channel, lease_until) WHERE state = 'leased'
        """),
  ]
}
