import Plans

/// Costs as Infracost writes them, for the tools that read those.
///
/// Source: github.com/infracost/infracost, schema/infracost.schema.json, read 2026; version 0.2 of its output.
package struct InfracostDocument: Encodable, Sendable {
  private let version = "0.2"
  private let metadata: Metadata
  private let currency = "USD"
  private let projects: [Project]
  private let totals: Totals
  private let timeGenerated: String
  private let summary: Summary

  /// Sheets are alternatives: a total is there where there is only one.
  /// - Parameters:
  ///   - sheets: each with what it is compared with, or nil.
  ///   - time: RFC 3339.
  package init(_ sheets: [(now: CostSheet, before: CostSheet?)], time: String, command: String) {
    metadata = Metadata(infracostCommand: command, vcsCommitTimestamp: time)
    projects = sheets.map { Project($0.now, before: $0.before) }
    totals = Totals(sheets.count == 1 ? sheets[0] : nil)
    timeGenerated = time
    summary = Summary(sheets.map(\.now))
  }

  private struct Totals: Sendable {
    var now: CostSheet?
    var before: CostSheet?

    init(_ sheet: (now: CostSheet, before: CostSheet?)?) {
      now = sheet?.now
      before = sheet?.before
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(version, forKey: .version)
    try container.encode(metadata, forKey: .metadata)
    try container.encode(currency, forKey: .currency)
    try container.encode(projects, forKey: .projects)
    let now = totals.now?.total
    let before = now.map { _ in totals.before?.total ?? .zero }
    let change = now.flatMap { now in before.map { now - $0 } }
    // Nulls are written: the schema asks for the keys.
    try container.encode(now.map(Self.hourly), forKey: .totalHourlyCost)
    try container.encode(now?.decimalText, forKey: .totalMonthlyCost)
    try container.encode(totals.now?.usage.decimalText, forKey: .totalMonthlyUsageCost)
    try container.encode(before.map(Self.hourly), forKey: .pastTotalHourlyCost)
    try container.encode(before?.decimalText, forKey: .pastTotalMonthlyCost)
    try container.encode(change.map(Self.hourly), forKey: .diffTotalHourlyCost)
    try container.encode(change?.decimalText, forKey: .diffTotalMonthlyCost)
    try container.encode(timeGenerated, forKey: .timeGenerated)
    try container.encode(summary, forKey: .summary)
  }

  private enum CodingKeys: String, CodingKey {
    case version, metadata, currency, projects, totalHourlyCost, totalMonthlyCost, totalMonthlyUsageCost
    case pastTotalHourlyCost, pastTotalMonthlyCost, diffTotalHourlyCost, diffTotalMonthlyCost, timeGenerated, summary
  }

  /// A month counts 730 hours.
  fileprivate static func hourly(_ monthly: Money) -> String {
    Money(nanodollars: monthly.nanodollars / 730).decimalText
  }

  /// What it asks of a commit is left empty: a blueprint may be in none.
  private struct Metadata: Encodable, Sendable {
    var infracostCommand: String
    var vcsBranch = ""
    var vcsCommitSha = ""
    var vcsCommitAuthorName = ""
    var vcsCommitAuthorEmail = ""
    var vcsCommitTimestamp: String
    var vcsCommitMessage = ""
  }

  private struct Project: Encodable, Sendable {
    var name: String
    var displayName: String
    var metadata: [String: String]
    var pastBreakdown: Breakdown
    var breakdown: Breakdown
    var diff: Breakdown
    var summary: Summary

    init(_ now: CostSheet, before: CostSheet?) {
      name = now.name
      displayName = now.name
      metadata = ["path": now.name, "type": "render_blueprint"]
      pastBreakdown = Breakdown(before?.lines ?? [])
      breakdown = Breakdown(now.lines)
      diff = Breakdown(
        changes: before.map { CostDifference(from: $0, to: now).changes.filter { $0.sign != " " } } ?? [])
      summary = Summary([now])
    }
  }

  private struct Breakdown: Encodable, Sendable {
    var resources: [Resource]
    var totalHourlyCost = ""
    var totalMonthlyCost = ""
    var totalMonthlyUsageCost = ""

    init(_ lines: [CostLine]) {
      var order: [String] = []
      var seen: Set<String> = []
      let byItem = Dictionary(grouping: lines, by: \.item)
      for line in lines where seen.insert(line.item).inserted { order.append(line.item) }
      resources = order.map { Resource($0, byItem[$0] ?? []) }
      totals(CostDifference.sum(lines), usage: CostDifference.sum(lines.filter(\.isUsage)))
    }

    init(changes: [CostDifference.Change]) {
      resources = changes.map { change in
        Resource(
          name: change.item, hourlyCost: InfracostDocument.hourly(change.amount),
          monthlyCost: change.amount.decimalText,
          costComponents: [])
      }
      totals(
        changes.map(\.amount).reduce(.zero, +),
        usage: changes.map {
          CostDifference.sum($0.new.filter(\.isUsage)) - CostDifference.sum($0.old.filter(\.isUsage))
        }
        .reduce(.zero, +))
    }

    private mutating func totals(_ monthly: Money, usage: Money) {
      totalHourlyCost = InfracostDocument.hourly(monthly)
      totalMonthlyCost = monthly.decimalText
      totalMonthlyUsageCost = usage.decimalText
    }
  }

  private struct Resource: Encodable, Sendable {
    var name: String
    var metadata: [String: String] = [:]
    var hourlyCost: String
    var monthlyCost: String
    var costComponents: [Component]

    init(name: String, hourlyCost: String, monthlyCost: String, costComponents: [Component]) {
      self.name = name
      self.hourlyCost = hourlyCost
      self.monthlyCost = monthlyCost
      self.costComponents = costComponents
    }

    init(_ item: String, _ lines: [CostLine]) {
      let monthly = CostDifference.sum(lines)
      self.init(
        name: item, hourlyCost: InfracostDocument.hourly(monthly), monthlyCost: monthly.decimalText,
        costComponents: lines.map(Component.init))
    }
  }

  private struct Component: Encodable, Sendable {
    var name: String
    var unit = "months"
    var hourlyQuantity: String?
    var monthlyQuantity = "1"
    var price: String
    var hourlyCost: String
    var monthlyCost: String
    var usageBased: Bool
    var priceNotFound = false

    init(_ line: CostLine) {
      let amount = line.amount.roundedToCents
      name = line.what
      price = amount.decimalText
      hourlyCost = InfracostDocument.hourly(amount)
      monthlyCost = amount.decimalText
      usageBased = line.isUsage
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(unit, forKey: .unit)
      try container.encode(hourlyQuantity, forKey: .hourlyQuantity)
      try container.encode(monthlyQuantity, forKey: .monthlyQuantity)
      try container.encode(price, forKey: .price)
      try container.encode(hourlyCost, forKey: .hourlyCost)
      try container.encode(monthlyCost, forKey: .monthlyCost)
      try container.encode(usageBased, forKey: .usageBased)
      try container.encode(priceNotFound, forKey: .priceNotFound)
    }

    private enum CodingKeys: String, CodingKey {
      case name, unit, hourlyQuantity, monthlyQuantity, price, hourlyCost, monthlyCost, usageBased, priceNotFound
    }
  }

  private struct Summary: Encodable, Sendable {
    var totalDetectedResources: Int
    var totalSupportedResources: Int
    var totalUnsupportedResources = 0
    var totalUsageBasedResources: Int
    var totalNoPriceResources: Int

    init(_ sheets: [CostSheet]) {
      let items = sheets.map { Set($0.lines.map(\.item)).count }.reduce(0, +)
      totalSupportedResources = items
      totalNoPriceResources = sheets.map(\.leftOut.count).reduce(0, +)
      totalDetectedResources = items + totalNoPriceResources
      totalUsageBasedResources = sheets.map { Set($0.lines.filter(\.isUsage).map(\.item)).count }.reduce(0, +)
    }
  }
}
