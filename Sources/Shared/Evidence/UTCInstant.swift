package import Foundation

/// A moment in UTC with milliseconds, written `2026-11-24T03:04:05.678Z`.
package struct UTCInstant: Codable, Sendable, Equatable, CustomStringConvertible {
  package let date: Date

  package init(_ date: Date) {
    self.date = Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded() / 1000)
  }

  package var millisecondsSince1970: Int64 { Int64((date.timeIntervalSince1970 * 1000).rounded()) }

  package var description: String { date.formatted(Self.style) }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard text.wholeMatch(of: Self.shape) != nil, let date = try? Date(text, strategy: Self.style) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a moment in UTC such as 2026-11-24T03:04:05.678Z")
    }
    self.init(date)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  private static var style: Date.ISO8601FormatStyle { .init(includingFractionalSeconds: true) }

  /// The schema's pattern.
  private static var shape: Regex<Substring> {
    /20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z/
  }
}
