/// What a report says it is.
package struct SchemaStamp: Codable, Sendable, Equatable {
  package var name: String
  package var version: Int

  package init(name: String, version: Int) {
    self.name = name
    self.version = version
  }

  /// Refuses other kinds of report, and versions that this build does not know.
  ///
  /// Fields may be added within a version; readers ignore what they don't know. A field that changes its meaning or
  /// goes away makes a new version.
  package func require(name expected: String, version newest: Int) throws(EvidenceError) {
    guard name == expected else {
      throw EvidenceError(.wrongSchema, "schema is “\(name.prefix(80))” where “\(expected)” was expected")
    }
    guard version <= newest else {
      throw EvidenceError(
        .unknownVersion,
        "\(expected) version \(version) is newer than this build's \(newest): read it with a newer outgrown")
    }
    guard version >= 1 else { throw EvidenceError(.unknownVersion, "\(expected) has no version \(version)") }
  }
}

/// A report with a schema of its own in `schemas/`.
package protocol EvidenceDocument: Codable, Sendable {
  static var schema: SchemaStamp { get }
}

/// The part of any report that says what the rest is.
struct StampedDocument: Decodable {
  let schema: SchemaStamp
}
