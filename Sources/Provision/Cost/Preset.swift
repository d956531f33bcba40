package import Plans

/// The scaling guide's cost set-ups.
package enum Preset: String, Sendable, CaseIterable {
  case minimal
  case fullFeatured = "full-featured"

  private struct Content {
    var web: String
    var database: String
    var extras: [(item: String, id: String, quantity: Int)]
  }

  private var content: Content {
    switch self {
    case .minimal: Content(web: "starter", database: "starter", extras: [("front end", "vercel-hobby", 1)])
    case .fullFeatured:
      // "About $10" of messages: 1,333 at the guide's price are $9.9975.
      Content(
        web: "standard", database: "standard",
        extras: [
          ("front end", "vercel-pro", 1), ("error tracking", "sentry-team", 1), ("messages", "twilio-sms", 1_333),
        ])
    }
  }

  /// As the guide prices it.
  package func guideSheet(_ guide: Catalogue) throws(CostError) -> CostSheet {
    let pricer = Pricer(guide)
    let lines = [
      try pricer.web(content.web, for: "Render web service"),
      try pricer.database(content.database, diskGigabytes: nil, for: "Render PostgreSQL"),
    ]
    return CostSheet(name: rawValue, catalogue: guide, lines: lines + (try extras(pricer)))
  }

  /// As a later catalogue prices what took the place of the guide's plans.
  package func sheet(_ catalogue: Catalogue, insteadOf guide: Catalogue) throws(CostError) -> CostSheet {
    let pricer = Pricer(catalogue)
    let web = catalogue.successor(of: content.web, in: guide.id, table: .web)
    let database = catalogue.successor(of: content.database, in: guide.id, table: .database)
    let lines = [
      try pricer.web(web?.successor ?? content.web, for: "Render web service"),
      try pricer.database(
        database?.successor ?? content.database, diskGigabytes: database?.diskGigabytes, for: "Render PostgreSQL"),
    ]
    return CostSheet(name: rawValue, catalogue: catalogue, lines: lines + (try extras(pricer)))
  }

  private func extras(_ pricer: Pricer) throws(CostError) -> [CostLine] {
    var lines: [CostLine] = []
    for extra in content.extras {
      lines.append(try pricer.extra(extra.id, BilledQuantity(extra.quantity), for: extra.item))
    }
    return lines
  }
}
