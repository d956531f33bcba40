/// One of a catalogue's tables.
package enum CatalogueTable: String, Codable, Sendable {
  case web, database
  /// Hosts of the front end, among `extras`.
  case frontEnd = "front_end"
}

/// A plan that a catalogue's source advises to take.
package struct Recommendation: Codable, Sendable, Equatable {
  package var table: CatalogueTable
  package var plan: String
  package var text: String
}

/// The plan that took the place of another catalogue's.
package struct Successor: Codable, Sendable, Equatable {
  /// The other catalogue.
  package var of: String
  package var table: CatalogueTable
  /// The other catalogue's plan.
  package var plan: String
  package var successor: String
  /// What matches the other plan's storage; a disk is 1 GB or a multiple of 5.
  package var diskGigabytes: Int?

  private enum CodingKeys: String, CodingKey {
    case of, table, plan
    case successor = "is"
    case diskGigabytes = "disk_gb"
  }
}

extension Catalogue {
  /// What took the place of a plan of another catalogue; nil when nothing is recorded.
  package func successor(of plan: String, in catalogue: String, table: CatalogueTable) -> Successor? {
    successors?.first { $0.of == catalogue && $0.table == table && $0.plan == plan }
  }
}
