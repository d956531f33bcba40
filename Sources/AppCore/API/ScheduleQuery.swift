/// The query of `GET /schedules`.
struct ScheduleQuery: Equatable {
  /// Bytes of the whole query, as sent.
  static let maximumQueryBytes = 2_048
  /// Characters of `date` once decoded; a worksheet's name has 100 at most.
  static let maximumDateLength = 100

  enum Invalid: Error { case tooLong }

  /// What the worksheet's name must contain; empty for all.
  let date: String

  /// Reads the raw query of a URL; the last `date` counts, other names are ignored.
  init(_ query: String?) throws(Invalid) {
    guard let query else {
      date = ""
      return
    }
    guard query.utf8.count <= Self.maximumQueryBytes else { throw .tooLong }
    let values = query.utf8.split(separator: UInt8(ascii: "&"))
      .filter { $0.starts(with: "date=".utf8) }
    let decoded = values.last.map { Self.decoded($0.dropFirst("date=".utf8.count)) } ?? ""
    guard decoded.count <= Self.maximumDateLength else { throw .tooLong }
    date = decoded
  }

  /// `%XX` and `+` of a form's query; what is no valid escape stays as it is, what is no UTF-8 is replaced.
  private static func decoded(_ value: Substring.UTF8View) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(value.count)
    var rest = value
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        let digits = rest.prefix(2).compactMap(hexadecimal)
        guard digits.count == 2 else {
          bytes.append(byte)
          continue
        }
        bytes.append(digits[0] << 4 | digits[1])
        rest = rest.dropFirst(2)
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
