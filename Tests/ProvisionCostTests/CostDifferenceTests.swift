import Documents
import Foundation
import Plans
import TestSupport
import Testing

@testable import ProvisionCost

@Suite struct CostDifferenceTests {
  private let difference: CostDifference

  init() throws {
    let render = try #require(try Catalogue.bundled(Catalogue.render2026October))
    func sheet(_ text: String, _ file: String) throws -> CostSheet {
      try BlueprintCost.sheet(try DocumentReader().read(text: text, file: file), file: file, by: render)
    }
    let old = try sheet(
      """
      services:
        - { type: web, name: api, runtime: docker, plan: free }
        - { type: worker, name: queue, runtime: docker, plan: starter }
        - { type: keyvalue, name: cache, plan: 256mb, ipAllowList: [] }
      databases: [{ name: pg, plan: basic-256mb, diskSizeGB: 1 }]
      """, "old.yaml")
    let new = try sheet(
      """
      services:
        - { type: web, name: api, runtime: docker, plan: standard, disk: { name: d, mountPath: /d, sizeGB: 10 } }
        - { type: worker, name: queue, runtime: docker, plan: starter }
        - { type: web, name: 'x|<b>@all', runtime: docker, plan: starter }
      databases: [{ name: pg, plan: basic-256mb, diskSizeGB: 1, highAvailability: { enabled: true } }]
      """, "new.yaml")
    difference = CostDifference(from: old, to: new)
  }

  @Test("each thing is changed, added, taken out or the same, and the changes add up")
  func changes() {
    #expect(difference.changes.map(\.sign) == ["~", " ", "+", "~", "-"])
    #expect(difference.changes.map(\.amount).reduce(.zero, +) == difference.total)
    #expect(difference.total.centsText == "30.80")
  }

  @Test("as a table")
  func text() throws {
    try Golden.expect(difference.text().joined(separator: "\n") + "\n", equals: "cost-diff.txt")
  }

  @Test("as a pull request's comment, in which no name is Markdown, HTML or a mention")
  func markdown() throws {
    let lines = difference.markdown()
    #expect(lines.contains { $0.contains("x\\|&lt;b&gt;&#64;all") })
    try Golden.expect(lines.joined(separator: "\n") + "\n", equals: "cost-diff.md")
  }

  @Test("as Infracost's JSON: totals, past and difference, every resource and component")
  func infracost() throws {
    let document = InfracostDocument([(difference.new, difference.old)], time: "2026-10-02T00:00:00Z", command: "diff")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(document), as: UTF8.self)
    try Golden.expect(text + "\n", equals: "cost-diff.infracost.json")
  }

  @Test("nothing changes between a sheet and itself")
  func same() {
    let none = CostDifference(from: difference.new, to: difference.new)
    #expect(none.total == .zero && none.changes.allSatisfy { $0.sign == " " })
    #expect(none.markdown().contains("| | nothing changes | | | 0.00 |"))
  }
}
