import Evidence
package import Foundation
import Terminal
import Wording

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

  /// What `--catalogue` names: one of this build's, or a file of one's own.
  /// - Throws: `CommandFailure` with 64 for an unknown id, 104 for a file that is no catalogue.
  package static func named(_ name: String) throws -> Catalogue {
    if let catalogue = try bundled(name) { return catalogue }
    guard let data = FileManager.default.contents(atPath: name) else {
      guard !name.hasSuffix(".json") else {
        throw CommandFailure(.invalidConfiguration, "\(name): no such file, expected a catalogue in JSON")
      }
      let near = Spelling.closest(to: name, among: bundledIDs).map { "did you mean '\($0)'?" }
      throw CommandFailure(
        .usage,
        "--catalogue \(name): "
          + (near ?? "expected \(Spelling.alternatives(bundledIDs)), or a .json file of your own"))
    }
    do {
      return try read(data)
    } catch {
      throw CommandFailure(.invalidConfiguration, "\(name): no catalogue: \(error)")
    }
  }

  /// Reads a catalogue of one's own.
  package static func read(_ data: Data) throws(CatalogueError) -> Catalogue {
    let catalogue: Catalogue
    do {
      catalogue = try JSONDecoder().decode(Catalogue.self, from: data)
    } catch {
      let number = UnreadNumber.path(error, in: data) { _ = try JSONDecoder().decode(Catalogue.self, from: $0) }
      throw number.map { CatalogueError($0, "not whole", expected: "a whole number") } ?? CatalogueError(error)
    }
    try catalogue.checkBounds()
    return catalogue
  }
}
