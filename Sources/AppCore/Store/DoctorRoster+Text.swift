import AppDomain
import Foundation

/// As the outbox keeps it: JSON, the same text for the same roster.
protocol OutboxText: Codable {}

extension DoctorRoster: OutboxText {}
extension [DoctorRoster]: OutboxText {}

extension OutboxText {
  /// Nil for what is no such text.
  init?(text: String) {
    guard let value = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else { return nil }
    self = value
  }

  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
