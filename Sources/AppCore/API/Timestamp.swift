import AppDomain

enum Timestamp {
  /// `2026-11-24T00:13:17.250Z`, in UTC. Times outside the years 1 to 9999 become the nearest that are inside.
  static func iso8601(_ secondsSince1970: Double) -> String {
    let bounded = min(max(secondsSince1970.isFinite ? secondsSince1970 : 0, -62_135_596_800), 253_402_300_799)
    let milliseconds = Int((bounded * 1_000).rounded(.down))
    let (day, rest) = milliseconds.flooredDivision(by: 86_400_000)
    let seconds = rest / 1_000
    let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(CalendarDay(daysSinceEpoch: day).iso8601)T\(time).\(padded(rest % 1_000, 3))Z"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Int {
  fileprivate func flooredDivision(by divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
