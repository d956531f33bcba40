import Foundation
import Visits

/// The zone that a log's own times speak of, for days and hours when nobody names one.
struct LogZone {
  private var offsets: [Int: Int] = [:]
  private var times = 0
  private var zoneless = 0

  mutating func take(_ entry: LogEntry) {
    times += 1
    if !entry.hasZone { zoneless += 1 }
    if let offset = entry.zoneOffset { offsets[offset, default: 0] += 1 }
  }

  /// The offset of more than half of all times; else the zone that times without one are read in, where it is not UTC
  /// and most have none; else UTC. With the sentence that says so.
  func choose(zoneless zone: TimeZone) -> (zone: TimeZone, sentence: String?) {
    if let most = offsets.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), most.value * 2 > times {
      if most.key == 0 { return (.gmt, nil) }
      if let zone = Self.zone(offset: most.key) {
        return (
          zone, "days and hours are reckoned in \(zone.identifier), as the log's offset says (--time-zone)"
        )
      }
    }
    if zoneless * 2 > times, !["GMT", "UTC"].contains(zone.identifier) {
      return (zone, "days and hours are reckoned in \(zone.identifier), as --log-time-zone says (--time-zone)")
    }
    return (.gmt, "days and hours are reckoned in UTC: --time-zone says otherwise")
  }

  /// Of whole hours `Etc/GMT-5`, whose sign is that of POSIX: east is negative. Others by their largest place without
  /// daylight saving, where there is one.
  /// - Source: IANA Time Zone Database, `etcetera`, `asia`, `australasia`, `northamerica`.
  private static func zone(offset: Int) -> TimeZone? {
    guard !offset.isMultiple(of: 3_600) else {
      let hours = offset / 3_600
      return TimeZone(identifier: "Etc/GMT\(hours > 0 ? "-" : "+")\(abs(hours))")
    }
    let names = [
      -570: "Pacific/Marquesas", -210: "America/St_Johns", 210: "Asia/Tehran", 270: "Asia/Kabul", 330: "Asia/Kolkata",
      345: "Asia/Kathmandu", 390: "Asia/Yangon", 525: "Australia/Eucla", 570: "Australia/Darwin",
      630: "Australia/Lord_Howe", 765: "Pacific/Chatham",
    ]
    return names[offset / 60].flatMap { TimeZone(identifier: $0) }
  }
}
