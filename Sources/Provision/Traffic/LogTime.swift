/// Times as access logs write them, in seconds since 1970.
enum LogTime {
  /// Proleptic Gregorian days since 1970-01-01.
  /// - Source: H. Hinnant, chrono-compatible low-level date algorithms, `days_from_civil`.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = y / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// A time, and whether it named its zone.
  struct Stamp: Equatable {
    /// As if in UTC where no zone was named.
    var seconds: Int64
    var hasZone: Bool
    /// Of the named zone, in seconds east of UTC.
    var zoneOffset: Int?
    /// The first byte after it.
    var end: Int
  }

  /// `2026-11-25T10:00:00Z`, `2026-11-25 10:00:00,123`, `…+05:30`, `2026/11/25 10:00:00`, at the start of `bytes`.
  static func iso(_ bytes: LogBytes) -> Stamp? {
    var reader = Reader(bytes)
    guard let year = reader.digits(4), let dash = reader.take("-/"), let month = reader.digits(2), reader.take(dash),
      let day = reader.digits(2), reader.take("T t_") != nil, let clock = reader.clock(),
      let date = date(year, month, day)
    else { return nil }
    var zone = 0
    var hasZone = false
    if reader.take(UInt8(ascii: "Z")) || reader.take(UInt8(ascii: "z")) {
      hasZone = true
    } else {
      let mark = reader.index
      _ = reader.take(UInt8(ascii: " "))
      if let offset = reader.zone() {
        zone = offset
        hasZone = true
      } else {
        reader.index = mark
      }
    }
    return Stamp(
      seconds: Int64(date * 86_400 + clock - zone), hasZone: hasZone, zoneOffset: hasZone ? zone : nil,
      end: reader.index)
  }

  /// `25/Nov/2026:10:00:00 +0530`, the common log format's.
  static func common(_ bytes: LogBytes) -> Stamp? {
    var reader = Reader(bytes)
    guard let day = reader.digits(2), reader.take(UInt8(ascii: "/")), let month = reader.monthName(),
      reader.take(UInt8(ascii: "/")), let year = reader.digits(4), reader.take(":  ") != nil,
      let clock = reader.clock(), let date = date(year, month, day)
    else { return nil }
    let mark = reader.index
    _ = reader.take(UInt8(ascii: " "))
    let zone = reader.zone()
    if zone == nil { reader.index = mark }
    return Stamp(
      seconds: Int64(date * 86_400 + clock - (zone ?? 0)), hasZone: zone != nil, zoneOffset: zone, end: reader.index)
  }

  /// Seconds, milli-, micro- or nanoseconds since 1970, told by their size: 2000 to 2099.
  static func epoch(_ number: Double) -> Int64? {
    for scale in [1.0, 1e3, 1e6, 1e9] {
      let seconds = number / scale
      if seconds >= 946_684_800, seconds < 4_102_444_800 { return Int64(seconds.rounded(.down)) }
    }
    return nil
  }

  /// Days since 1970 of a date of 2000 to 2099 that the calendar has.
  private static func date(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    guard (2_000...2_099).contains(year), (1...12).contains(month), day >= 1 else { return nil }
    let lengths = [31, year % 4 == 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    return days(year: year, month: month, day: day)
  }

  private struct Reader {
    let bytes: LogBytes
    var index: Int

    init(_ bytes: LogBytes) {
      self.bytes = bytes
      index = bytes.startIndex
    }

    mutating func digits(_ count: Int) -> Int? {
      guard index + count <= bytes.endIndex else { return nil }
      guard let value = bytes[index..<(index + count)].integer else { return nil }
      index += count
      return value
    }

    mutating func take(_ byte: UInt8) -> Bool {
      guard index < bytes.endIndex, bytes[index] == byte else { return false }
      index += 1
      return true
    }

    mutating func take(_ choices: StaticString) -> UInt8? {
      guard index < bytes.endIndex else { return nil }
      let byte = bytes[index]
      for offset in 0..<choices.utf8CodeUnitCount where choices.utf8Start[offset] == byte {
        index += 1
        return byte
      }
      return nil
    }

    /// `10:00:00` with or without a fraction; a leap second counts as the one before.
    mutating func clock() -> Int? {
      guard let hour = digits(2), take(UInt8(ascii: ":")), let minute = digits(2), take(UInt8(ascii: ":")),
        let second = digits(2), hour < 24, minute < 60, second <= 60
      else { return nil }
      if index + 1 < bytes.endIndex, bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ","),
        bytes[index + 1].isDigit
      {
        index += 1
        while index < bytes.endIndex, bytes[index].isDigit { index += 1 }
      }
      return hour * 3_600 + minute * 60 + min(59, second)
    }

    /// `+0530` or `-05:00`, in seconds.
    mutating func zone() -> Int? {
      let mark = index
      guard let sign = take("+-"), let hours = digits(2) else {
        index = mark
        return nil
      }
      _ = take(UInt8(ascii: ":"))
      guard let minutes = digits(2), hours <= 14, minutes < 60 else {
        index = mark
        return nil
      }
      return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    mutating func monthName() -> Int? {
      guard index + 3 <= bytes.endIndex else { return nil }
      let names: StaticString = "janfebmaraprmayjunjulaugsepoctnovdec"
      let word = bytes[index..<(index + 3)].map(\.lowered)
      for month in 0..<12 where (0..<3).allSatisfy({ names.utf8Start[month * 3 + $0] == word[$0] }) {
        index += 3
        return month + 1
      }
      return nil
    }
  }
}
