import Documents
import Foundation
import Plans
import TestSupport
import Testing

@testable import ProvisionCost

@Suite struct UsageTests {
  private let render: Catalogue

  init() throws { render = try #require(try Catalogue.bundled(Catalogue.render2026October)) }

  private func sheet(_ blueprint: String, _ usage: String?) throws -> CostSheet {
    try BlueprintCost.sheet(
      try DocumentReader().read(text: blueprint, file: "render.yaml"), file: "render.yaml", by: render,
      usage: try usage.map { try UsageReader.read(text: $0, file: "usage.yaml") })
  }

  private static let service = "services: [{ type: web, name: a, runtime: docker, plan: starter }]"

  /// Arithmetic beside each, by hand.
  @Test(
    "what is used is priced beyond what the workspace includes",
    arguments: [
      ("bandwidth_gb: 5", "0.00"), ("bandwidth_gb: 12.5", "1.13"), ("{ workspace: pro, bandwidth_gb: 12.5 }", "0.00"),
      ("build_minutes: 500", "0.00"), ("build_minutes: 501", "5.00"), ("build_minutes: 2501", "15.00"),
      ("custom_domains: 4", "0.50"), ("messages: { sms: { US: 1333 } }", "11.06"),
      ("messages: { whatsapp: 100 }", "0.50"),
      ("errors: 5000", "0.00"), ("errors: 5001", "26.00"), ("errors: 60000", "29.63"), ("errors: 1000000", "44.13"),
      ("seats: { vercel: 2 }", "40.00"), ("preview_hours: 73", "0.70"), ("{}", "0.00"),
    ])
  func used(usage: String, cost: String) throws {
    let sheet = try sheet(Self.service, usage)
    #expect(sheet.usage.centsText == cost && sheet.total == sheet.baseline + sheet.usage, "\(sheet.lines)")
    #expect(sheet.baseline.centsText == (usage.contains("workspace: pro") ? "32.00" : "7.00"))
  }

  @Test("the blueprint's own jobs, scaling and previews are priced by their use")
  func own() throws {
    let blueprint = """
      services:
        - { type: cron, name: night, runtime: docker, schedule: '0 3 * * *' }
        - { type: cron, name: big, runtime: docker, plan: pro, schedule: '0 3 * * *' }
        - { type: web, name: api, runtime: docker, plan: standard, previews: { plan: starter },
            scaling: { minInstances: 2, maxInstances: 6, targetCPUPercent: 60 } }
      databases: [{ name: pg, plan: basic-1gb, diskSizeGB: 10, previewPlan: basic-256mb, previewDiskSizeGB: 1 }]
      """
    let sheet = try sheet(
      blueprint, "{ cron_minutes: { night: 9000, big: 10, nihgt: 1 }, instances: { api: 3.5 }, preview_hours: 365 }")
    // 9,000 × $0.00016; 1.5 × $25; half of 2 × $7 + $6.30.
    #expect(sheet.lines.filter(\.isUsage).map(\.amount.centsText) == ["1.44", "37.50", "10.15"])
    #expect(sheet.leftOut == ["the cron job big on pro is undated and is not in the total"])
    #expect(sheet.notes.contains("the usage names nihgt, which render.yaml doesn't have"))
    let little = try self.sheet(blueprint, "cron_minutes: { night: 300 }")
    #expect(little.lines.first { $0.item == "night" }?.amount.centsText == "1.00")
    let text = CostText.render(sheet)
    #expect(text.contains { $0.hasPrefix("  baseline") } && text.contains { $0.hasPrefix("  usage") })
  }

  @Test("messages to other countries have no dated price")
  func countries() throws {
    let sheet = try sheet(Self.service, "messages: { sms: { US: 10, IN: 200 } }")
    #expect(sheet.leftOut == ["200 text messages to IN: undated, not in the total"])
    #expect(sheet.usage.centsText == "0.08")
  }

  @Test(
    "a usage that can't be is refused with its place",
    arguments: [
      ("bandwidth: 3", "usage.yaml:1:1: unknown key 'bandwidth', expected 'bandwidth_gb'"),
      ("bandwidth_gb: -1", "usage.yaml:1:15:"), ("messages: { sms: { us: 3 } }", "usage.yaml:1:20: the country 'us'"),
      ("messages: { sms: 3 }", "usage.yaml:1:18:"), ("workspace: free", "hobby, pro or scale"),
      ("instances: { a: 0 }", "usage.yaml:1:17:"), ("cron_minutes: { a: 50000 }", "44640"),
      ("errors: 1e99", "usage.yaml:1:9:"), ("[]", "a mapping"),
    ])
  func refused(text: String, message: String) throws {
    let error = #expect(throws: DocumentError.self) { try UsageReader.read(text: text, file: "usage.yaml") }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
