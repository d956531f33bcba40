import AppBackup
import AppSchedule
import AppStore
import Logging
import Timers
import Wording

/// Backups that the service makes by itself: BACKUP_TO, BACKUP_EVERY, BACKUP_KEEP.
struct ServeBackup: Equatable {
  var to: String
  var every: Duration
  var keep: Int
  private let place: BackupPlace

  /// Nil when BACKUP_TO is not set.
  /// - Throws: `ConfigurationError`, or `StoreError` for the place.
  init?(environment: [String: String]) throws {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    guard let to = setting("BACKUP_TO") else { return nil }
    self.to = to
    place = try BackupPlace(to, environment: environment)
    let every = setting("BACKUP_EVERY") ?? "24h"
    guard let interval = DurationText.parse(every), interval >= .seconds(1), interval <= .seconds(30 * 86_400) else {
      throw ConfigurationError(
        "BACKUP_EVERY \(every.debugDescription): a duration from 1s to 30d was expected, such as 24h")
    }
    self.every = interval
    let kept = setting("BACKUP_KEEP") ?? "7"
    guard let keep = Int(kept), keep >= 1 else {
      throw ConfigurationError("BACKUP_KEEP \(kept.debugDescription): a number from 1 was expected")
    }
    self.keep = keep
  }

  func service(of location: DatabaseLocation, seat: LeaderSeat, logger: Logger, wait: @escaping Wait) -> BackupService {
    BackupService(
      interval: every, logger: logger, wait: wait, isMine: { seat.term != nil },
      newest: { [place] in try await place.newest(at: CampusClock.now()) },
      backUp: { [place, keep] in try await place.backUp(location, keep: keep, at: CampusClock.now()) })
  }

  static func == (left: ServeBackup, right: ServeBackup) -> Bool {
    left.to == right.to && left.every == right.every && left.keep == right.keep
  }
}
