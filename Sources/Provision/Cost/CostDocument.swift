import Plans

/// Cost sheets as data, with the totals under the names that Infracost's users read.
///
/// Source: Infracost's JSON output (`totalMonthlyCost`, `totalHourlyCost`, `projects`), its schema of 2026.
package struct CostDocument: Encodable, Sendable {
  package var sheets: [CostSheet]

  package init(sheets: [CostSheet]) { self.sheets = sheets }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode("USD", forKey: .currency)
    try container.encode("month", forKey: .period)
    try container.encode(sheets, forKey: .sheets)
    // Several sheets are alternatives: no sum of them is paid.
    let only = sheets.count == 1 ? sheets.first : nil
    try container.encode(only?.total.decimalText, forKey: .totalMonthlyCost)
    try container.encode(only.map { Self.hourly($0.total) }, forKey: .totalHourlyCost)
    try container.encode(sheets.map(Project.init), forKey: .projects)
  }

  /// A month counts 730 hours.
  private static func hourly(_ monthly: Money) -> String { Money(nanodollars: monthly.nanodollars / 730).decimalText }

  private enum CodingKeys: String, CodingKey {
    case currency, period, sheets, projects, totalMonthlyCost, totalHourlyCost
  }

  private struct Project: Encodable {
    var name: String
    var breakdown: Breakdown

    init(_ sheet: CostSheet) {
      name = sheet.name
      breakdown = Breakdown(
        resources: sheet.lines.map {
          Resource(
            name: $0.item, resourceType: $0.what, monthlyCost: $0.amount.roundedToCents.decimalText,
            hourlyCost: CostDocument.hourly($0.amount.roundedToCents))
        }, totalMonthlyCost: sheet.total.decimalText, totalHourlyCost: CostDocument.hourly(sheet.total))
    }
  }

  private struct Breakdown: Encodable {
    var resources: [Resource]
    var totalMonthlyCost: String
    var totalHourlyCost: String
  }

  private struct Resource: Encodable {
    var name: String
    var resourceType: String
    var monthlyCost: String
    var hourlyCost: String
  }
}
