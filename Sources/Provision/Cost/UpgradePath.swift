package import Plans
package import ProvisionBlueprint
import Terminal
import Wording

/// The scaling guide's recommended upgrade path for one deployment: what each step costs a month, then and today, and by
/// what it is decided.
///
/// Source: the project's scaling guide, "Recommended Upgrade Path".
package struct UpgradePath: Encodable, Sendable {
  package var deployment: String
  package var steps: [Step]

  package struct Step: Encodable, Sendable {
    /// In the guide's words' sense.
    package var when: String
    package var what: String
    /// A month after this step, by the guide's tables.
    package var guide: Money
    /// The same by today's prices.
    package var today: Money
    /// The command that says whether it is time.
    package var decidedBy: String

    private enum CodingKeys: String, CodingKey {
      case when, what
      case guide = "guide_per_month"
      case today = "today_per_month"
      case decidedBy = "decided_by"
    }
  }

  /// - Throws: `CostError` where a catalogue has no price for a step's plan.
  package init(_ deployment: Deployment, guide: Catalogue, today: Catalogue) throws(CostError) {
    self.deployment = deployment.name
    let database = deployment.database
    guard let any = deployment.planSets.first else {
      throw CostError(code: .unpriced, message: "\(deployment.file) has no plan set")
    }
    func step(
      _ when: String, _ what: String, web: String, database plan: String, disk: Int?, _ decidedBy: String
    ) throws(CostError) -> Step {
      var set = any
      set.web = web
      set.database = database == nil ? nil : plan
      set.diskGigabytes = database == nil ? nil : disk
      return Step(
        when: when, what: what,
        guide: try DeploymentCost.sheet(deployment, set, by: guide, replaced: today.successors ?? []).total,
        today: try DeploymentCost.sheet(deployment, set, by: today).total, decidedBy: decidedBy)
    }
    steps = [
      try step(
        "months 1–2", "stay on the free tier, and watch", web: "free", database: "free", disk: nil,
        "outgrown monitor; outgrown provision traffic --from access.log"),
      try step(
        "month 3", "web service to Starter, if its sleeping annoys", web: "starter", database: "free", disk: nil,
        "outgrown decide --log access.log --monitor … --values values.yaml"),
    ]
    if database != nil {
      steps.append(
        try step(
          "month 4", "PostgreSQL to Basic 256 MB with 1 GB, so that it stays", web: "starter", database: "basic-256mb",
          disk: 1, "outgrown provision checklist: database-plan, backups"))
    }
    let last = steps[steps.count - 1]
    steps.append(
      Step(
        when: "month 5 on", what: "SMS, analytics and the like, as needed", guide: last.guide, today: last.today,
        decidedBy: "outgrown provision cost --usage usage.yaml, on top of this"))
  }

  /// In 100 columns.
  package func text() -> [String] {
    var table = TextTable([.left, .left, .right, .right])
    table.add("", "", "by the guide", "today")
    for step in steps { table.add(step.when, step.what, step.guide.centsText, step.today.centsText) }
    return ["\(deployment): the scaling guide's upgrade path, US dollars a month after each step"] + table.lines() + [
      ""
    ]
      + steps.flatMap { TextLayout.wrap("\($0.when): \($0.decidedBy)", first: "  ", rest: "    ") }
  }
}
