import Foundation
import Plans
import Support

/// Finds the catalogue that `--catalogue` names: one of this build's, or a file of one's own.
enum CatalogueOption {
  /// - Throws: `ProvisionFailure` with 64 for an unknown id, 104 for a file that is no catalogue.
  static func load(_ name: String) throws -> Catalogue {
    if let catalogue = try Catalogue.bundled(name) { return catalogue }
    guard name.hasSuffix(".json") else {
      let near = Spelling.closest(to: name, among: Catalogue.bundledIDs).map { "did you mean '\($0)'?" }
      throw ProvisionFailure(
        .usage,
        "--catalogue \(name): "
          + (near ?? "expected \(Spelling.alternatives(Catalogue.bundledIDs)), or a .json file of your own"))
    }
    guard let data = FileManager.default.contents(atPath: name) else {
      throw ProvisionFailure(.invalidConfiguration, "\(name): no such file, expected a catalogue in JSON")
    }
    do {
      return try Catalogue.read(data)
    } catch {
      throw ProvisionFailure(.invalidConfiguration, "\(name): no catalogue: \(error)")
    }
  }

  /// The two that are compared.
  static func bundled(_ id: String) throws -> Catalogue {
    guard let catalogue = try Catalogue.bundled(id) else {
      throw ProvisionFailure(.internal, "this build carries no catalogue '\(id)'")
    }
    return catalogue
  }
}

/// Documents on standard output.
enum JSONOutput {
  static func write(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
  }
}
