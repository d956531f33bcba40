import Foundation

/// What messages to phones cost by one dated reading: `Catalogues/messages-….json`. What has no dated source is not in it.
package struct MessageCatalogue: Codable, Sendable {
  package var id: String
  package var title: String
  package var source: Catalogue.Reading
  package var prices: [Price]
  /// Beginnings of numbers that share a price's prefix and are not meant by it.
  package var unpriced: [String]
  package var notes: [String]

  package struct Price: Codable, Sendable, Equatable {
    package var channel: String
    /// What numbers begin with: `+1`.
    package var prefix: String
    package var perSegment: Money

    private enum CodingKeys: String, CodingKey {
      case channel, prefix
      case perSegment = "per_segment"
    }
  }

  /// The one that this build carries.
  package static func bundled() throws -> MessageCatalogue {
    try JSONDecoder().decode(MessageCatalogue.self, from: Data(PackageResources.messages_2026_11_json))
  }
}
