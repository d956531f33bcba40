package import Evidence
import Terminal
import Wording

/// The scaling guide's ten items, as they were found: `schemas/checklist.schema.json`, explained in `docs/checklist.md`.
package struct Checklist: Encodable, Sendable {
  package static let schema = SchemaStamp(name: "outgrown-checklist", version: 1)

  private var schema = Self.schema
  /// What was looked at: files, and the service's URL.
  package var sources: [String]
  package var items: [Item]

  package init(sources: [String], items: [Item]) {
    self.sources = sources
    self.items = items
  }

  package struct Item: Encodable, Sendable, Equatable {
    package var id: String
    /// In the guide's sense.
    package var title: String
    package var state: State
    package var seen: [Sighting]
    /// What to do; nil where it is done.
    package var remedy: String?

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(id, forKey: .id)
      try container.encode(title, forKey: .title)
      try container.encode(state, forKey: .state)
      try container.encode(seen, forKey: .seen)
      try container.encode(remedy, forKey: .remedy)
    }

    private enum CodingKeys: String, CodingKey { case id, title, state, seen, remedy }
  }

  package enum State: String, Encodable, Sendable {
    case done, open
    /// Nothing that was looked at says it.
    case notTold = "not_told"
  }

  /// What says it, and where that is.
  package struct Sighting: Encodable, Sendable, Equatable {
    package var place: String
    package var what: String

    private enum CodingKeys: String, CodingKey {
      case what
      case place = "where"
    }
  }

  package func count(_ state: State) -> Int { items.count { $0.state == state } }

  // MARK: For people

  /// A line an item, and below it where it was seen and what to do.
  package func text() -> [String] {
    var lines: [String] = []
    for item in items {
      let mark =
        switch item.state {
        case .done: "[x]"
        case .open: "[ ]"
        case .notTold: "[?]"
        }
      lines.append("\(mark) \(item.title)")
      for sighting in item.seen {
        lines += TextLayout.wrap("\(sighting.place): \(sighting.what)", first: "      ", rest: "        ")
      }
      if let remedy = item.remedy { lines += TextLayout.wrap(remedy, first: "    → ", rest: "      ") }
    }
    lines.append("")
    lines.append("\(count(.done)) done, \(count(.open)) open, \(count(.notTold)) not told")
    return lines + TextLayout.wrap("looked at: \(sources.joined(separator: ", "))", rest: "  ")
  }
}
