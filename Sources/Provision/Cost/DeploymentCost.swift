package import Plans
package import ProvisionBlueprint

/// Prices a deployment on one of its plan sets.
package enum DeploymentCost {
  /// - Parameters:
  ///   - replaced: which plans took the place of the catalogue's, for an older catalogue.
  ///   - usage: a month's use, in the place of the workspace and the egress that the deployment states.
  /// - Throws: `CostError` for a plan or an extra without a dated price.
  package static func sheet(
    _ deployment: Deployment, _ planSet: Deployment.PlanSet, by catalogue: Catalogue, replaced: [Successor] = [],
    usage: Usage? = nil
  ) throws(CostError) -> CostSheet {
    let pricer = Pricer(catalogue, replaced: replaced)
    var lines: [CostLine] = []
    var leftOut: [String] = []
    /// What today's catalogue has no dated price for is named; an older one says nothing of today's plans at all.
    func add(_ name: String, _ price: () throws(CostError) -> CostLine) throws(CostError) {
      do {
        lines.append(try price())
      } catch  where error.code == .unknownPlan && replaced.first(where: { $0.of == catalogue.id }) == nil {
        leftOut.append("\(name): \(error.message): undated, not in the total")
      }
    }
    for region in deployment.regions {
      let name = deployment.serviceName(in: region)
      try add(name) { () throws(CostError) in try pricer.web(planSet.web, for: name, kind: "web") }
    }
    if let database = deployment.database, let plan = planSet.database {
      try add(database.name) { () throws(CostError) in
        try pricer.database(plan, diskGigabytes: planSet.diskGigabytes, for: database.name, kind: "PostgreSQL")
      }
    }
    var notes: [String] = []
    if let usage {
      let used = try UsageCost(usage, by: pricer)
      lines += used.lines
      notes += used.notes
      leftOut += used.leftOut
    } else if let workspace = catalogue.workspace(deployment.workspace) {
      lines.append(
        CostLine(
          item: "workspace", what: workspace.name, amount: workspace.monthly, source: catalogue.source))
      lines += try egress(deployment, workspace, catalogue, &notes)
      if let limit = workspace.services, deployment.regions.count > limit {
        notes.append("\(deployment.regions.count) services are more than the \(limit) of a \(workspace.name) workspace")
      }
    } else {
      notes.append("\(catalogue.id) prices no workspace: its fee and egress are not in the total")
    }
    for extra in deployment.expected.extras {
      lines.append(try pricer.extra(extra.id, BilledQuantity(approximately: extra.quantity), for: "extra"))
    }
    if planSet.web == "free" {
      notes += FreePlanNotes.hours(
        services: deployment.regions.count, keepAwake: deployment.expected.keepAwake, catalogue)
    }
    if let plan = planSet.database { notes += FreePlanNotes.expiry(of: plan, catalogue) }
    return CostSheet(name: planSet.name, catalogue: catalogue, lines: lines, notes: notes, leftOut: leftOut)
  }

  private static func egress(
    _ deployment: Deployment, _ workspace: WorkspacePlan, _ catalogue: Catalogue, _ notes: inout [String]
  ) throws(CostError) -> [CostLine] {
    let included = workspace.bandwidthGigabytes.formatted()
    guard let gigabytes = deployment.expected.egressGigabytes else {
      notes.append(
        "egress is not stated (expected: egress_gb): \(included) GB are included, then \(workspace.perFurtherGigabyte) a GB"
      )
      return []
    }
    let further = BilledQuantity(approximately: gigabytes) - BilledQuantity(approximately: workspace.bandwidthGigabytes)
    guard further > BilledQuantity(0) else {
      notes.append(
        "\(gigabytes.formatted()) GB of egress are within the \(included) GB that \(workspace.name) includes")
      return []
    }
    guard let amount = workspace.perFurtherGigabyte.times(further) else {
      throw CostError(code: .unpriced, message: "\(gigabytes.formatted()) GB of egress are beyond what is counted here")
    }
    return [
      CostLine(
        item: "egress", what: "\(further.text) GB beyond \(included), \(workspace.perFurtherGigabyte) each",
        amount: amount, source: catalogue.source)
    ]
  }
}
