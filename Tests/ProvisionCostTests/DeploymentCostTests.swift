import Foundation
import Plans
import ProvisionBlueprint
import TestSupport
import Testing

@testable import ProvisionCost

@Suite struct DeploymentCostTests {
  private let render: Catalogue

  init() throws { render = try #require(try Catalogue.bundled(Catalogue.render2026October)) }

  private static let text = """
    name: small
    regions: [oregon, frankfurt]
    service: { health_check: /health }
    database: {}
    workspace: hobby
    plan_sets:
      set: { web: free, database: free, blueprint: render.yaml }
    expected: { egress_gb: 2 }
    """

  private func sheet(_ changes: [String: String] = [:], by catalogue: Catalogue? = nil) throws -> CostSheet {
    var text = Self.text
    for (old, new) in changes {
      try #require(text.contains(old))
      text.replace(old, with: new)
    }
    let deployment = try DeploymentReader.read(text: text, file: "d.yaml")
    return try DeploymentCost.sheet(
      deployment, deployment.planSets[0], by: catalogue ?? render, replaced: render.successors ?? [])
  }

  @Test("free is free, and says the shared hours, the sleep and the expiry")
  func free() throws {
    let sheet = try sheet()
    #expect(sheet.total == .zero)
    let notes = sheet.notes.joined(separator: "\n")
    for part in ["750 hours", "1,460 to 1,488", "not all can be kept awake", "15 minutes", "30 days", "14 days later"] {
      #expect(notes.contains(part), "\(part) in \(notes)")
    }
  }

  @Test("one free service fits in the hours when it is always awake")
  func oneFree() throws {
    let notes = try sheet(["oregon, ": ""]).notes.joined(separator: "\n")
    #expect(notes.contains("730 to 744 hours a month, within 750"))
  }

  @Test("whoever plans to keep two free services awake is told that it is not possible")
  func keepAwake() throws {
    let notes = try sheet(["egress_gb: 2": "keep_awake: true"]).notes.joined(separator: "\n")
    #expect(notes.contains("keep_awake is not possible here"))
    #expect(notes.contains("egress is not stated"))
  }

  @Test(
    "a paid database's disk, stated or by default",
    arguments: [
      ("basic-256mb, disk_gb: 1", "20.30"), ("basic-256mb, disk_gb: 5", "21.50"), ("basic-256mb", "24.50"),
      ("basic-1gb, disk_gb: 10", "36.00"), ("pro-4gb", "99.00"),
    ])
  func database(plan: String, total: String) throws {
    let sheet = try sheet(["web: free, database: free": "web: starter, database: \(plan)"])
    #expect(sheet.total.centsText == total)
    #expect(sheet.notes.allSatisfy { !$0.contains("750") })
  }

  @Test(
    "egress beyond the allowance is paid by the gigabyte",
    arguments: [("5", "hobby", "0.00"), ("7.5", "hobby", "0.38"), ("105", "hobby", "15.00"), ("30", "pro", "25.75")])
  func egress(gigabytes: String, workspace: String, total: String) throws {
    let sheet = try sheet(["egress_gb: 2": "egress_gb: \(gigabytes)", "workspace: hobby": "workspace: \(workspace)"])
    #expect(sheet.total.centsText == total)
  }

  @Test("extras are priced by quantity; the column adds up to the total")
  func extras() throws {
    let sheet = try sheet(["egress_gb: 2": "extras: { sentry-team: 1, sentry-error: 12345, twilio-whatsapp: 3 }"])
    #expect(sheet.lines.suffix(3).map(\.amount.decimalText) == ["26", "4.4750625", "0.015"])
    // 26.00 + 4.48 + 0.02
    #expect(sheet.total.centsText == "30.50")
  }

  @Test(
    "what has no dated price is an error, with the nearest that has one",
    arguments: [
      ("egress_gb: 2", "extras: { vercel-hoby: 1 }", "'vercel-hobby'"),
      ("database: free", "database: 1c-2g", "disk_gb"),
    ])
  func unpriced(old: String, new: String, hint: String) throws {
    let error = #expect(throws: CostError.self) { try sheet([old: new]) }
    #expect(error?.message.contains(hint) == true, "\(error.debugDescription)")
  }

  @Test("an older catalogue prices the plan that was replaced")
  func byTheGuide() throws {
    let guide = try #require(try Catalogue.bundled(Catalogue.scalingGuide))
    let sheet = try sheet(["web: free, database: free": "web: starter, database: basic-256mb, disk_gb: 1"], by: guide)
    #expect(sheet.total.centsText == "21.00")
  }

  @Test("the repository's deployment, as people see it")
  func ours() throws {
    let path = SchemaCorpus.root.appending(path: "deploy/deployment.yaml").path
    let deployment = try DeploymentReader.read(path: path)
    let lines = try deployment.planSets.flatMap { set in
      CostText.render(try DeploymentCost.sheet(deployment, set, by: render)) + [""]
    }
    #expect(lines.allSatisfy { $0.count <= 100 })
    try Golden.expect(lines.joined(separator: "\n"), equals: "deployment.txt")
  }

  @Test("a sheet in JSON carries exact amounts as text, and the totals")
  func json() throws {
    let sheet = try sheet(["egress_gb: 2": "extras: { twilio-sms: 1333 }"])
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(sheet)) as? [String: Any]
    #expect(object?["total_per_month"] as? String == "11.06")
    #expect(object?["total_per_year"] as? String == "132.72")
    let lines = object?["lines"] as? [[String: Any]]
    #expect(lines?.last?["amount"] as? String == "11.0639")
  }
}
