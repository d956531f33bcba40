package import Plans
package import Terminal

/// What one set-up costs a month by one catalogue.
package struct CostSheet: Codable, Sendable, Equatable {
  /// The preset's or the plan set's name.
  package var name: String
  package var catalogue: String
  /// When the catalogue's prices were read.
  package var asOf: String
  package var lines: [CostLine]
  /// What the figures don't say by themselves.
  package var notes: [String]
  /// What is paid for and not in the total, since it has no dated price: the total is partial.
  package var leftOut: [String] = []

  package init(
    name: String, catalogue: Catalogue, lines: [CostLine], notes: [String] = [], leftOut: [String] = []
  ) {
    self.leftOut = leftOut
    self.name = name
    self.catalogue = catalogue.id
    asOf = catalogue.source.asOf
    self.lines = lines
    self.notes = notes
  }

  /// The sum of the lines as they are shown, so that the column adds up.
  package var total: Money { baseline + usage }
  /// What is paid whatever is used.
  package var baseline: Money { Self.sum(lines.filter { !$0.isUsage }) }
  /// What is paid for what is used.
  package var usage: Money { Self.sum(lines.filter(\.isUsage)) }
  package var annual: Money { total * 12 }
  package var isPartial: Bool { !leftOut.isEmpty }

  private static func sum(_ lines: [CostLine]) -> Money { lines.map(\.amount.roundedToCents).reduce(.zero, +) }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(catalogue, forKey: .catalogue)
    try container.encode(asOf, forKey: .asOf)
    try container.encode(lines, forKey: .lines)
    try container.encode(leftOut + notes, forKey: .notes)
    try container.encode(leftOut, forKey: .leftOut)
    try container.encode(isPartial, forKey: .isPartial)
    try container.encode(baseline, forKey: .baseline)
    try container.encode(usage, forKey: .usage)
    try container.encode(total, forKey: .total)
    try container.encode(annual, forKey: .annual)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    catalogue = try container.decode(String.self, forKey: .catalogue)
    asOf = try container.decode(String.self, forKey: .asOf)
    lines = try container.decode([CostLine].self, forKey: .lines)
    let leftOut = try container.decodeIfPresent([String].self, forKey: .leftOut) ?? []
    self.leftOut = leftOut
    notes = try container.decode([String].self, forKey: .notes).filter { !leftOut.contains($0) }
  }

  private enum CodingKeys: String, CodingKey {
    case name, catalogue, lines, notes
    case asOf = "as_of"
    case leftOut = "left_out"
    case isPartial = "partial"
    case baseline = "baseline_per_month"
    case usage = "usage_per_month"
    case total = "total_per_month"
    case annual = "total_per_year"
  }
}

/// One thing that is paid for.
package struct CostLine: Codable, Sendable, Equatable {
  /// What it is for, such as `doctor-schedule-oregon` or `front end`.
  package var item: String
  /// What is bought, such as `Render web Starter`.
  package var what: String
  /// A month's price, exact.
  package var amount: Money
  package var source: Catalogue.Reading
  package var note: String?
  /// Paid for what is used, not for what is there.
  package var isUsage = false

  package init(
    item: String, what: String, amount: Money, source: Catalogue.Reading, note: String? = nil, isUsage: Bool = false
  ) {
    self.item = item
    self.what = what
    self.amount = amount
    self.source = source
    self.note = note
    self.isUsage = isUsage
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    item = try container.decode(String.self, forKey: .item)
    what = try container.decode(String.self, forKey: .what)
    amount = try container.decode(Money.self, forKey: .amount)
    source = try container.decode(Catalogue.Reading.self, forKey: .source)
    note = try container.decodeIfPresent(String.self, forKey: .note)
    isUsage = try container.decodeIfPresent(Bool.self, forKey: .isUsage) ?? false
  }

  private enum CodingKeys: String, CodingKey {
    case item, what, amount, source, note
    case isUsage = "usage"
  }
}

/// Why something has no price.
package struct CostError: ExitStating, Sendable, Equatable, CustomStringConvertible {
  package var code: Code
  package var message: String

  package enum Code: Sendable, Equatable {
    case unknownPlan, unknownExtra
    /// A count or a size that can't be.
    case outOfRange
    /// The catalogue says nothing about what is asked.
    case unpriced
  }

  package var description: String { message }

  package var exitStatus: ExitStatus { .invalidConfiguration }
}
