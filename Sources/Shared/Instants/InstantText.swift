/// Writes moments, as protocols and documents have them.
package enum InstantText {
  /// The years 1 to 9999: what is outside becomes the nearest that is inside.
  private static let bounds = -62_135_596_800.0...253_402_300_799.0

  /// `2026-11-24T00:13:17.250Z`, in UTC.
  /// - Source: RFC 3339 §5.6.
  package static func utc(_ secondsSince1970: Double) -> String {
    let bounded = Self.bounded(secondsSince1970)
    return utc(milliseconds: Int64((bounded * 1_000).rounded(.down)))
  }

  /// The same in one piece: pages have hundreds.
  package static func utc(milliseconds: Int64) -> String {
    let bounded = min(max(milliseconds, Int64(bounds.lowerBound) * 1_000), Int64(bounds.upperBound) * 1_000 + 999)
    let (days, rest) = floored(Int(bounded), by: 86_400_000)
    let date = CivilDay.date(days: days)
    return String(unsafeUninitializedCapacity: 24) { bytes in
      var end = 0
      func put(_ number: Int, _ width: Int, _ mark: Unicode.Scalar) {
        var rest = number
        for place in stride(from: end + width - 1, through: end, by: -1) {
          bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
        bytes[end + width] = UInt8(ascii: mark)
        end += width + 1
      }
      put(date.year, 4, "-")
      put(date.month, 2, "-")
      put(date.day, 2, "T")
      put(rest / 3_600_000, 2, ":")
      put(rest / 60_000 % 60, 2, ":")
      put(rest / 1_000 % 60, 2, ".")
      put(rest % 1_000, 3, "Z")
      return end
    }
  }

  /// `Wed, 25 Nov 2026 19:15:25 +0000`, in UTC.
  /// - Source: RFC 5322 §3.3.
  package static func mail(_ secondsSince1970: Double) -> String { named(secondsSince1970, zone: "+0000") }

  /// `Wed, 25 Nov 2026 19:15:25 GMT`.
  /// - Source: RFC 9110 §5.6.7, IMF-fixdate.
  package static func http(_ secondsSince1970: Double) -> String { named(secondsSince1970, zone: "GMT") }

  private static func named(_ secondsSince1970: Double, zone: String) -> String {
    let (days, rest) = floored(Int(max(0, bounded(secondsSince1970)).rounded(.down)), by: 86_400)
    let date = CivilDay.date(days: days)
    return "\(CivilDay.weekdays[CivilDay.weekday(days: days)]), \(padded(date.day, 2)) "
      + "\(CivilDay.months[date.month - 1]) \(padded(date.year, 4)) \(clock(rest)) \(zone)"
  }

  /// `20261125T170255Z`, ISO 8601's basic form, in UTC.
  package static func basic(_ secondsSince1970: Double) -> String {
    let (days, rest) = floored(Int(bounded(secondsSince1970).rounded(.down)), by: 86_400)
    let date = CivilDay.date(days: days)
    return padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2) + "T\(clock(rest, separator: ""))Z"
  }

  private static func bounded(_ seconds: Double) -> Double {
    seconds.isFinite ? min(max(seconds, bounds.lowerBound), bounds.upperBound) : 0
  }

  private static func clock(_ seconds: Int, separator: String = ":") -> String {
    [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: separator)
  }

  private static func floored(_ value: Int, by divisor: Int) -> (Int, Int) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
