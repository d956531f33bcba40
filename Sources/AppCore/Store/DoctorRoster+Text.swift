import AppDomain
import Foundation

/// As the outbox keeps it: JSON, the same text for the same roster.
extension DoctorRoster {
  /// Nil for what is no such text.
  init?(text: String) {
    guard let roster = try? JSONDecoder().decode(DoctorRoster.self, from: Data(text.utf8)) else { return nil }
    self = roster
  }

  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
