import GRDB

/// The ledger's schema, forward only: a migration that was released never changes. Times are seconds since 1970.
enum LedgerMigrations {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("2026-11 ledger") { database in
      try database.execute(
        sql: """
          CREATE TABLE services (
            name TEXT PRIMARY KEY, url TEXT, time_scale REAL NOT NULL, inference TEXT NOT NULL,
            first_seen REAL NOT NULL, last_seen REAL NOT NULL
          ) STRICT;
          CREATE TABLE heartbeats (
            service TEXT NOT NULL, at REAL NOT NULL, boot_id TEXT NOT NULL, sequence INTEGER NOT NULL,
            state TEXT NOT NULL, last_inbound_at REAL, inbound INTEGER, visits INTEGER
          ) STRICT;
          CREATE INDEX heartbeats_by_time ON heartbeats (service, at);
          CREATE TABLE boots (
            service TEXT NOT NULL, boot_id TEXT NOT NULL, started_at REAL NOT NULL, ready_at REAL,
            first_seen REAL NOT NULL, last_seen REAL NOT NULL, is_wake INTEGER NOT NULL, visits INTEGER NOT NULL,
            early_visits INTEGER NOT NULL, inbound INTEGER NOT NULL, first_client TEXT, first_path TEXT,
            PRIMARY KEY (service, boot_id)
          ) STRICT;
          CREATE TABLE visit_days (
            service TEXT NOT NULL, day INTEGER NOT NULL, visits INTEGER NOT NULL, affected INTEGER NOT NULL,
            PRIMARY KEY (service, day)
          ) STRICT;
          CREATE TABLE samples (
            service TEXT NOT NULL, at REAL NOT NULL, sign TEXT NOT NULL, status INTEGER, total_s REAL NOT NULL,
            clock_start REAL
          ) STRICT;
          CREATE INDEX samples_by_time ON samples (service, at);
          CREATE TABLE requests (
            service TEXT NOT NULL, at REAL NOT NULL, is_visit INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX requests_by_time ON requests (service, at);
          CREATE TABLE transitions (
            id INTEGER PRIMARY KEY AUTOINCREMENT, service TEXT NOT NULL, at REAL NOT NULL, seen_at REAL NOT NULL,
            from_state TEXT NOT NULL, to_state TEXT NOT NULL, cause TEXT NOT NULL
          ) STRICT;
          CREATE INDEX transitions_by_time ON transitions (service, at);
          """)
    }
    migrator.registerMigration("2026-11 memory of boots") { database in
      try database.execute(sql: "ALTER TABLE boots ADD COLUMN memory_peak INTEGER")
    }
    return migrator
  }
}
