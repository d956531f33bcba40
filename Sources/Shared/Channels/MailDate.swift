import Glibc

/// A moment as a mail's header has it.
enum MailDate {
  /// `Wed, 25 Nov 2026 19:15:25 +0000`, in UTC. Source: RFC 5322 §3.3.
  static func text(_ secondsSince1970: Double) -> String {
    var seconds = time_t(min(max(secondsSince1970.isFinite ? secondsSince1970 : 0, 0), 253_402_300_799))
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(padded).joined(separator: ":")
    return "\(days[Int(parts.tm_wday)]), \(padded(parts.tm_mday)) \(months[Int(parts.tm_mon)]) "
      + "\(parts.tm_year + 1_900) \(clock) +0000"
  }

  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
