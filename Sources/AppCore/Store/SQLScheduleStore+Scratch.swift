extension SQLScheduleStore {
  /// All that serve speed alone; those that keep rows unique stay.
  static let indexes = [
    "schedules_by_date", "schedules_by_name", "schedules_by_category", "boots_by_start", "schedule_changes_by_time",
    "schedule_changes_by_day", "outbox_open", "outbox_pending", "outbox_leased", "outbox_by_end",
    "device_doctors_by_doctor",
    "unconfirmed_addresses_by_due", "unconfirmed_addresses_by_expiry", "subscriber_doctors_by_doctor",
    "outbox_by_doctor_day", "outbox_withdrawn_news",
  ]

  /// Makes a store that is new a scratch store, without indexes, for measuring what these are worth; one that is a scratch
  /// store already is left as it is.
  /// - Throws: `StoreError` code `.notScratch` for a store that was there before: nobody's data is made slow.
  package func becomeScratch() async throws {
    if try await isScratch() { return }
    guard appliedMigrations.first == StoreMigrations.all.first?.name else {
      throw StoreError(
        .notScratch,
        "\(place) was there before: INDEXES=off takes away its indexes, and is for a new store only: name another in "
          + "DATABASE_URL, such as sqlite:/tmp/scratch.sqlite")
    }
    try await engine.perform(.repeatableWrite, patience: nil) { session in
      for index in Self.indexes { try session.script(SQLText { _ in "DROP INDEX IF EXISTS \(index)" }) }
      try session.script("CREATE TABLE IF NOT EXISTS outgrown_scratch (made_without text NOT NULL)")
    }
  }

  /// - Throws: `StoreError` code `.notScratch` for a scratch store: whoever keeps data wants its indexes.
  package func refuseScratch() async throws {
    guard try await isScratch() else { return }
    throw StoreError(
      .notScratch,
      "\(place) was made with INDEXES=off and has no indexes: start with INDEXES=off again, or name another in DATABASE_URL"
    )
  }

  private func isScratch() async throws -> Bool {
    try await engine.read(patience: .seconds(30)) { try $0.hasTable("outgrown_scratch") }
  }
}
