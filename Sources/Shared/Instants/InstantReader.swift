/// Reads moments at the start of bytes: as logs have them, of the years 2000 to 2099; as protocols have them, of any year.
/// What is no moment leaves `index` where it was.
package struct InstantReader: Sendable {
  package let bytes: ArraySlice<UInt8>
  package var index: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    index = bytes.startIndex
  }

  /// A text that is one moment from its first byte to its last.
  package static func whole(_ text: some StringProtocol, _ form: (inout InstantReader) -> Instant?) -> Instant? {
    var reader = InstantReader(Array(text.utf8)[...])
    guard let instant = form(&reader), reader.index == reader.bytes.endIndex else { return nil }
    return instant
  }

  /// `2026-11-25T10:00:00Z`, `2026-11-25 10:00:00,123`, `…+05:30`, `2026/11/25 10:00:00`.
  /// - Source: RFC 3339 §5.6; Python's logging writes the comma, CloudFront a tab between date and time.
  package mutating func iso() -> Instant? {
    trial { reader in
      guard let year = reader.digits(4), let dash = reader.take("-/"), let month = reader.digits(2), reader.take(dash),
        let day = reader.digits(2), reader.take("T t_\t") != nil, let clock = reader.clock()
      else { return nil }
      return reader.instant(year, month, day, clock, zone: reader.zoneOrZ())
    }
  }

  /// `2026-11-25T10:00:00.5+05:30` or `…Z`, a blank for the T too, of any year.
  /// - Source: RFC 3339 §5.6.
  package mutating func rfc3339() -> Instant? {
    trial { reader in
      guard let year = reader.digits(4), reader.take(UInt8(ascii: "-")), let month = reader.digits(2),
        reader.take(UInt8(ascii: "-")), let day = reader.digits(2), reader.take("Tt ") != nil,
        let clock = reader.clock(), let zone = reader.take("Zz") != nil ? 0 : reader.zone(hours: 23)
      else { return nil }
      return reader.instant(year, month, day, clock, zone: zone, years: Self.anyYear)
    }
  }

  /// `25/Nov/2026:10:00:00 +0530`, the common log format's; a blank before the clock and no zone as Python's servers
  /// write it.
  /// - Source: Apache HTTP Server 2.4, `mod_log_config`, `%t`.
  package mutating func common() -> Instant? {
    trial { reader in
      guard let day = reader.digits(2), reader.take(UInt8(ascii: "/")), let month = reader.monthName(),
        reader.take(UInt8(ascii: "/")), let year = reader.digits(4), reader.take(": ") != nil,
        let clock = reader.clock()
      else { return nil }
      return reader.instant(year, month, day, clock, zone: reader.zoneOrZ())
    }
  }

  /// `Mon Nov 16 10:00:00 2026`: C's `ctime`, the day of the week optional.
  /// - Source: ISO/IEC 9899:2011 §7.27.3.1.
  package mutating func ctime() -> Instant? {
    trial { reader in
      _ = reader.weekday()
      guard let month = reader.monthName(), reader.take(UInt8(ascii: " ")), let day = reader.paddedDay(),
        reader.take(UInt8(ascii: " ")), let clock = reader.clock(), reader.take(UInt8(ascii: " ")),
        let year = reader.digits(4)
      else { return nil }
      return reader.instant(year, month, day, clock, zone: nil)
    }
  }

  /// `Nov 16 10:00:00`, without a year: whether it stands there.
  /// - Source: RFC 3164 §4.1.2.
  package mutating func syslog() -> Bool {
    trial { reader -> Bool? in
      guard reader.monthName() != nil, reader.take(UInt8(ascii: " ")), reader.paddedDay() != nil,
        reader.take(UInt8(ascii: " ")), reader.clock() != nil
      else { return nil }
      return true
    } ?? false
  }

  /// `2026/11/16 - 10:00:00`, as gin writes it.
  package mutating func dashed() -> Instant? {
    trial { reader in
      guard let year = reader.digits(4), reader.take(UInt8(ascii: "/")), let month = reader.digits(2),
        reader.take(UInt8(ascii: "/")), let day = reader.digits(2), reader.take(" - ".utf8), let clock = reader.clock()
      else { return nil }
      return reader.instant(year, month, day, clock, zone: nil)
    }
  }

  /// Seconds since 1970 with or without a fraction, 10 digits before the point; or 13, 16 or 19 digits.
  package mutating func epoch() -> Instant? {
    trial { reader in
      let start = reader.index
      while reader.index < reader.bytes.endIndex, Self.isDigit(reader.bytes[reader.index]) { reader.index += 1 }
      guard [10, 13, 16, 19].contains(reader.index - start) else { return nil }
      let whole = reader.bytes[start..<reader.index]
      guard var instant = Instant(epoch: Double(String(decoding: whole, as: UTF8.self)) ?? 0) else { return nil }
      if whole.count == 10, let fraction = reader.fraction() { instant.fraction = fraction }
      return instant
    }
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`; the two obsolete forms are not read.
  /// - Source: RFC 9110 §5.6.7, IMF-fixdate.
  package mutating func http() -> Instant? {
    trial { reader in
      guard CivilDay.weekdays.contains(where: { reader.take("\($0), ".utf8) }), let day = reader.paddedDay(),
        reader.take(UInt8(ascii: " ")), let month = reader.monthName(), reader.take(UInt8(ascii: " ")),
        let year = reader.digits(4), reader.take(UInt8(ascii: " ")), let clock = reader.clock(),
        reader.take(" GMT".utf8)
      else { return nil }
      return reader.instant(year, month, day, clock, zone: 0, years: Self.anyYear)
    }
  }

  /// `20261125T170255Z`, ISO 8601's basic form in UTC, as S3 has it.
  package mutating func basic() -> Instant? {
    trial { reader in
      guard let year = reader.digits(4), let month = reader.digits(2), let day = reader.digits(2),
        reader.take(UInt8(ascii: "T")), let hour = reader.digits(2), let minute = reader.digits(2),
        let second = reader.digits(2), hour < 24, minute < 60, second < 60, reader.take(UInt8(ascii: "Z"))
      else { return nil }
      return reader.instant(
        year, month, day, (hour * 3_600 + minute * 60 + second, 0), zone: 0, years: Self.anyYear)
    }
  }

  /// `2026-11-25`: the day's first moment, as if in UTC.
  package mutating func day() -> Instant? {
    trial { reader in
      guard let year = reader.digits(4), reader.take(UInt8(ascii: "-")), let month = reader.digits(2),
        reader.take(UInt8(ascii: "-")), let day = reader.digits(2)
      else { return nil }
      return reader.instant(year, month, day, (0, 0), zone: nil)
    }
  }

  // MARK: Parts

  private static let anyYear = 1...9_999

  package mutating func digits(_ count: Int) -> Int? {
    guard index + count <= bytes.endIndex else { return nil }
    var value = 0
    for byte in bytes[index..<(index + count)] {
      guard Self.isDigit(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    index += count
    return value
  }

  package mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.endIndex, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  package mutating func take(_ choices: StaticString) -> UInt8? {
    guard index < bytes.endIndex else { return nil }
    let byte = bytes[index]
    for offset in 0..<choices.utf8CodeUnitCount where choices.utf8Start[offset] == byte {
      index += 1
      return byte
    }
    return nil
  }

  package mutating func take(_ text: String.UTF8View) -> Bool {
    guard bytes[index...].starts(with: text) else { return false }
    index += text.count
    return true
  }

  /// Seconds of the day of `10:00:00` and the fraction behind it; a leap second counts as the one before.
  package mutating func clock() -> (seconds: Int, fraction: Double)? {
    guard let hour = digits(2), take(UInt8(ascii: ":")), let minute = digits(2), take(UInt8(ascii: ":")),
      let second = digits(2), hour < 24, minute < 60, second <= 60
    else { return nil }
    return (hour * 3_600 + minute * 60 + min(59, second), fraction() ?? 0)
  }

  /// `.123` or `,123`; nil where there is none.
  package mutating func fraction() -> Double? {
    guard index + 1 < bytes.endIndex, bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ","),
      Self.isDigit(bytes[index + 1])
    else { return nil }
    index += 1
    var value = 0.0
    var scale = 0.1
    while index < bytes.endIndex, Self.isDigit(bytes[index]) {
      value += Double(bytes[index] - 0x30) * scale
      scale /= 10
      index += 1
    }
    return min(value, 0.999_999_999)
  }

  /// `Z`, ` UTC`, `+0530` or ` -05:00`, in seconds east.
  package mutating func zoneOrZ() -> Int? {
    let mark = index
    if take("Zz") != nil { return 0 }
    _ = take(UInt8(ascii: " "))
    if let zone = zone() { return zone }
    if take("UTC".utf8) || take("GMT".utf8) { return 0 }
    index = mark
    return nil
  }

  /// `+0530` or `-05:00`, in seconds.
  /// - Parameter most: the hours at most: 14 are in use.
  package mutating func zone(hours most: Int = 14) -> Int? {
    let mark = index
    guard let sign = take("+-"), let hours = digits(2) else {
      index = mark
      return nil
    }
    _ = take(UInt8(ascii: ":"))
    guard let minutes = digits(2), hours <= most, minutes < 60 else {
      index = mark
      return nil
    }
    return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
  }

  package mutating func monthName() -> Int? {
    guard index + 3 <= bytes.endIndex else { return nil }
    let names: StaticString = "janfebmaraprmayjunjulaugsepoctnovdec"
    let word = bytes[index..<(index + 3)].map { $0 | 0x20 }
    for month in 0..<12 where (0..<3).allSatisfy({ names.utf8Start[month * 3 + $0] == word[$0] }) {
      index += 3
      return month + 1
    }
    return nil
  }

  /// `Mon ` and the like.
  package mutating func weekday() -> Bool {
    for name in CivilDay.weekdays where take("\(name) ".utf8) { return true }
    return false
  }

  /// ` 6`, `06` or `16`.
  package mutating func paddedDay() -> Int? {
    if take(UInt8(ascii: " ")) { return digits(1) }
    return digits(2) ?? digits(1)
  }

  private func instant(
    _ year: Int, _ month: Int, _ day: Int, _ clock: (seconds: Int, fraction: Double), zone: Int?,
    years: ClosedRange<Int> = 2_000...2_099
  ) -> Instant? {
    guard years.contains(year), let days = CivilDay.checked(year: year, month: month, day: day) else {
      return nil
    }
    return Instant(
      seconds: Int64(days * 86_400 + clock.seconds - (zone ?? 0)), fraction: clock.fraction, zoneOffset: zone)
  }

  private mutating func trial<Result>(_ body: (inout InstantReader) -> Result?) -> Result? {
    let mark = index
    if let result = body(&self) { return result }
    index = mark
    return nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
