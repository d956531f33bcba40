package import Foundation

/// A moment in UTC from 2000 to 2099, in whole milliseconds, written `2026-11-24T03:04:05.678Z`.
package struct UTCInstant: Codable, Sendable, Equatable, CustomStringConvertible {
  package let millisecondsSince1970: Int64

  package init(_ date: Date) {
    millisecondsSince1970 = Int64((date.timeIntervalSince1970 * 1000).rounded())
  }

  package var date: Date { Date(timeIntervalSince1970: Double(millisecondsSince1970) / 1000) }

  package var description: String {
    let milliseconds = millisecondsSince1970 % 1000
    let second = Date(timeIntervalSince1970: Double(millisecondsSince1970 / 1000)).formatted(Self.style)
    return second.dropLast() + "." + String(1000 + milliseconds).dropFirst() + "Z"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard text.wholeMatch(of: Self.shape) != nil, let milliseconds = Int64(text.dropLast().suffix(3)),
      let second = try? Date(text.prefix(19) + "Z", strategy: Self.style)
    else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a moment in UTC such as 2026-11-24T03:04:05.678Z")
    }
    millisecondsSince1970 = Int64(second.timeIntervalSince1970.rounded()) * 1000 + milliseconds
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  private static var style: Date.ISO8601FormatStyle { .init() }

  /// The schema's pattern.
  private static var shape: Regex<Substring> {
    /20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z/
  }
}
