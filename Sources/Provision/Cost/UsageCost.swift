import Plans
import Wording

/// Prices what is used beyond what plans include, which workspaces pool.
struct UsageCost {
  private let usage: Usage
  private let pricer: Pricer
  private(set) var lines: [CostLine] = []
  private(set) var notes: [String] = []
  private(set) var leftOut: [String] = []

  init(_ usage: Usage, by pricer: Pricer) throws(CostError) {
    self.usage = usage
    self.pricer = pricer
    try addWorkspace()
    try addMessages()
    try addErrors()
    if let seats = usage.vercelSeats, seats > 0 {
      add(try pricer.extra("vercel-pro", BilledQuantity(seats), for: "front end"))
    }
  }

  private mutating func add(_ line: CostLine) {
    var line = line
    line.isUsage = true
    lines.append(line)
  }

  private mutating func addWorkspace() throws(CostError) {
    let catalogue = pricer.catalogue
    guard let workspace = catalogue.workspace(usage.workspace) else {
      leftOut.append("\(catalogue.id) prices no workspace: its fee, bandwidth and build minutes are not in the total")
      return
    }
    // The fee is paid whatever is used.
    lines.append(
      CostLine(item: "workspace", what: workspace.name, amount: workspace.monthly, source: catalogue.source))
    if let gigabytes = usage.bandwidthGigabytes {
      try addBeyond(
        gigabytes, included: workspace.bandwidthGigabytes, unit: "GB of bandwidth", item: "bandwidth",
        price: workspace.perFurtherGigabyte, per: 1)
    } else {
      notes.append(
        "bandwidth is not stated (bandwidth_gb): \(workspace.bandwidthGigabytes.formatted()) GB are included, then "
          + "\(workspace.perFurtherGigabyte) a GB")
    }
    if let minutes = usage.buildMinutes, let extra = catalogue.extra("render-pipeline") {
      // Begun thousands are counted: it is sold by the thousand.
      try addBeyond(
        minutes, included: Double(workspace.pipelineMinutes), unit: "build minutes", item: "builds", price: extra.price,
        per: 1_000)
    }
    if let domains = usage.customDomains, let most = workspace.customDomains,
      let extra = catalogue.extra("render-custom-domain")
    {
      try addBeyond(
        Double(domains), included: Double(most), unit: "custom domains", item: "domains", price: extra.price, per: 1)
    }
  }

  /// What exceeds an allowance, in begun units of `per` where that is not 1.
  private mutating func addBeyond(
    _ used: Double, included: Double, unit: String, item: String, price: Money, per: Int
  ) throws(CostError) {
    let beyond = BilledQuantity(approximately: used) - BilledQuantity(approximately: included)
    guard beyond > BilledQuantity(0) else {
      notes.append(
        "\(BilledQuantity(approximately: used).text) \(unit) are within the \(included.formatted()) of the workspace")
      return
    }
    let quantity = per == 1 ? beyond : BilledQuantity(Int((beyond.value / Double(per)).rounded(.up)))
    guard let amount = price.times(quantity) else {
      throw CostError(code: .unpriced, message: "\(beyond.text) \(unit) are beyond what is counted here")
    }
    let each = per == 1 ? "\(price) each" : "\(price) a begun \(NumberText.grouped(per))"
    add(
      CostLine(
        item: item, what: "\(beyond.text) \(unit) beyond \(included.formatted()), \(each)", amount: amount,
        source: pricer.catalogue.source))
  }

  private mutating func addMessages() throws(CostError) {
    for (country, count) in usage.textMessages where count > 0 {
      guard country == "US" else {
        leftOut.append(
          "\(BilledQuantity(approximately: count).text) text messages to \(country): undated, not in the total")
        continue
      }
      add(try pricer.extra("twilio-sms", BilledQuantity(approximately: count), for: "messages to \(country)"))
    }
    if let count = usage.whatsAppMessages, count > 0 {
      add(try pricer.extra("twilio-whatsapp", BilledQuantity(approximately: count), for: "WhatsApp"))
      leftOut.append("Meta's fees on WhatsApp messages: undated, not in the total")
    }
  }

  /// Source: sentry.io/pricing, 2026-09-20: 5,000 errors on Developer, 50,000 on Team, each further one up to 100,000.
  private mutating func addErrors() throws(CostError) {
    guard let errors = usage.errors else { return }
    guard errors > 5_000 else {
      return add(try pricer.extra("sentry-developer", BilledQuantity(1), for: "error tracking"))
    }
    add(try pricer.extra("sentry-team", BilledQuantity(1), for: "error tracking"))
    let beyond = min(errors, 100_000) - 50_000
    if beyond > 0 {
      add(try pricer.extra("sentry-error", BilledQuantity(approximately: beyond), for: "error tracking"))
    }
    if errors > 100_000 {
      leftOut.append(
        "\(BilledQuantity(approximately: errors - 100_000).text) errors beyond 100,000: undated, not in the total")
    }
  }
}
