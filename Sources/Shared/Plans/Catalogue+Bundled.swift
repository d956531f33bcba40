package import Foundation

extension Catalogue {
  /// The user's own scaling guide.
  package static let scalingGuide = "scaling-guide"
  /// The host's prices as read on 2026-10-02.
  package static let render2026October = "render-2026-10"
  package static let bundledIDs = [render2026October, scalingGuide]

  /// A catalogue that this build carries; nil for an id that it doesn't know.
  package static func bundled(_ id: String) throws -> Catalogue? {
    let bytes: [UInt8]
    switch id {
    case scalingGuide: bytes = PackageResources.scaling_guide_json
    case render2026October: bytes = PackageResources.render_2026_10_json
    default: return nil
    }
    return try read(Data(bytes))
  }

  /// Reads a catalogue of one's own.
  package static func read(_ data: Data) throws -> Catalogue { try JSONDecoder().decode(Catalogue.self, from: data) }
}
