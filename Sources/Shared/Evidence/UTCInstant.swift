package import Foundation
import Instants

/// A moment in UTC from 2000 to 2099, in whole milliseconds, written `2026-11-24T03:04:05.678Z`.
package struct UTCInstant: Codable, Sendable, Equatable, CustomStringConvertible {
  package let millisecondsSince1970: Int64

  package init(_ date: Date) {
    millisecondsSince1970 = Int64((date.timeIntervalSince1970 * 1000).rounded())
  }

  package init(seconds: Double) { self.init(Date(timeIntervalSince1970: seconds)) }

  /// Since 1970.
  package var seconds: Double { Double(millisecondsSince1970) / 1000 }

  package var date: Date { Date(timeIntervalSince1970: Double(millisecondsSince1970) / 1000) }

  package var description: String { InstantText.utc(milliseconds: millisecondsSince1970) }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    let bytes = Array(text.utf8)
    var reader = InstantReader(bytes[...])
    guard bytes.count == 24, bytes[10] == UInt8(ascii: "T"), bytes[19] == UInt8(ascii: "."),
      bytes[23] == UInt8(ascii: "Z"),
      bytes[4] == UInt8(ascii: "-"), let instant = reader.iso(), reader.index == bytes.endIndex,
      bytes[17] < UInt8(ascii: "6")
    else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a moment in UTC such as 2026-11-24T03:04:05.678Z")
    }
    millisecondsSince1970 = instant.seconds * 1000 + Int64((instant.fraction * 1000).rounded())
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
