package import Postgres
package import Timers

extension SQLScheduleStore {
  static let changesChannel: StaticString = "outgrown_schedule"

  /// What one hears who follows the changes that other instances make.
  package enum Following: Sendable {
    /// From now on all are heard.
    case listening
    /// Another instance has changed the schedule.
    case changed
    /// None are heard until it listens again.
    case lost(PostgresError)
  }

  /// Follows what other instances change, until it is closed; nil on SQLite, which tells nobody.
  /// - Throws: `ThreadError`.
  package func followChanges(
    _ onEvent: @escaping @Sendable (Following) -> Void
  ) throws(ThreadError) -> PostgresListener? {
    guard let engine = engine as? PostgresEngine else { return nil }
    let own = "\(announcer)"
    return try PostgresListener(engine.configuration, channel: Self.changesChannel) { event in
      switch event {
      case .listening: onEvent(.listening)
      case .notified(let announcer): if announcer != own { onEvent(.changed) }
      case .lost(let error): onEvent(.lost(error))
      }
    }
  }
}
