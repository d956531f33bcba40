import GRDB

/// The schema's history, forward only: a migration that was released never changes.
enum SQLiteMigrations {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("2026-11 schedules") { database in
      try database.execute(
        sql: """
          CREATE TABLE schedules (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            date TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
            sheet TEXT NOT NULL,
            position INTEGER NOT NULL,
            category TEXT NOT NULL,
            name TEXT NOT NULL,
            timing TEXT NOT NULL,
            room TEXT,
            speciality TEXT,
            shift TEXT,
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL
          ) STRICT;
          CREATE INDEX schedules_by_date ON schedules (date, position);
          CREATE INDEX schedules_by_name ON schedules (name);
          CREATE INDEX schedules_by_category ON schedules (category);
          """)
    }
    migrator.registerMigration("2026-11 boots") { database in
      try database.execute(
        sql: """
          CREATE TABLE boots (
            boot_id TEXT PRIMARY KEY,
            started_at REAL NOT NULL,
            previous_inbound_at REAL,
            last_inbound_at REAL,
            first_at REAL,
            first_client TEXT,
            first_path TEXT,
            stopped_at REAL
          ) STRICT;
          CREATE INDEX boots_by_start ON boots (started_at);
          """)
    }
    migrator.registerMigration("2026-11 schedule changes") { database in
      try database.execute(
        sql: """
          CREATE TABLE schedule_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            duty_id INTEGER NOT NULL,
            date TEXT NOT NULL,
            category TEXT NOT NULL,
            name TEXT NOT NULL,
            timing TEXT NOT NULL,
            room TEXT,
            speciality TEXT,
            shift TEXT,
            previous_timing TEXT,
            previous_room TEXT,
            previous_speciality TEXT,
            previous_shift TEXT,
            changed_at REAL NOT NULL
          ) STRICT;
          CREATE INDEX schedule_changes_by_time ON schedule_changes (changed_at);
          """)
    }
    // Who asks for a part of a worksheet's name looks through a name a day instead of a row a duty. A name that no row has
    // any more costs a comparison, nothing else.
    migrator.registerMigration("2026-11 worksheets") { database in
      try database.execute(
        sql: """
          CREATE TABLE worksheets (date TEXT NOT NULL, sheet TEXT NOT NULL, PRIMARY KEY (date, sheet))
            STRICT, WITHOUT ROWID;
          CREATE TRIGGER schedules_named AFTER INSERT ON schedules BEGIN
            INSERT INTO worksheets (date, sheet) VALUES (NEW.date, NEW.sheet) ON CONFLICT DO NOTHING;
          END;
          CREATE TRIGGER schedules_renamed AFTER UPDATE OF date, sheet ON schedules BEGIN
            INSERT INTO worksheets (date, sheet) VALUES (NEW.date, NEW.sheet) ON CONFLICT DO NOTHING;
          END;
          INSERT INTO worksheets (date, sheet) SELECT DISTINCT date, sheet FROM schedules;
          """)
    }
    migrator.registerMigration("2026-11 leader") { database in
      try database.execute(
        sql: """
          CREATE TABLE leader (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            holder TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            expires_at REAL NOT NULL
          ) STRICT;
          """)
    }
    migrator.registerMigration("2026-11 scrapes") { database in
      try database.execute(
        sql: "CREATE TABLE scrapes (id INTEGER PRIMARY KEY CHECK (id = 1), stored_at REAL NOT NULL) STRICT")
    }
    migrator.registerMigration("2026-11 notifications") { try $0.execute(sql: notifications) }
    migrator.registerMigration("2026-11 subscriber numbers") { try $0.execute(sql: subscriberNumbers) }
    return migrator
  }
}
