import Plans
import TestSupport
import Testing

@testable import ProvisionCost

@Suite struct PresetTests {
  private let guide: Catalogue
  private let render: Catalogue

  init() throws {
    guide = try #require(try Catalogue.bundled(Catalogue.scalingGuide))
    render = try #require(try Catalogue.bundled(Catalogue.render2026October))
  }

  @Test(
    "the guide's set-ups cost what the guide says", arguments: [(Preset.minimal, "14.00"), (.fullFeatured, "101.00")])
  func guideTotals(preset: Preset, total: String) throws {
    let sheet = try preset.guideSheet(guide)
    #expect(sheet.total.centsText == total)
    #expect(sheet.annual == sheet.total * 12)
  }

  @Test("about $10 of messages are 1,333 at the guide's price, exact to the hundredth of a cent")
  func messages() throws {
    let line = try #require(try Preset.fullFeatured.guideSheet(guide).lines.last)
    #expect(line.amount.decimalText == "9.9975")
    #expect(line.amount.centsText == "10.00")
  }

  @Test(
    "today's prices of what took their place",
    arguments: [
      (Preset.minimal, ["7.00", "6.30", "0.00"], "13.30"),
      (.fullFeatured, ["25.00", "22.00", "20.00", "26.00", "11.06"], "104.06"),
    ])
  func today(preset: Preset, amounts: [String], total: String) throws {
    let sheet = try preset.sheet(render, insteadOf: guide)
    #expect(sheet.lines.map(\.amount.centsText) == amounts)
    #expect(sheet.total.centsText == total)
  }

  @Test("shown in 100 columns", arguments: Preset.allCases)
  func text(preset: Preset) throws {
    let lines = CostText.compare(
      guide: try preset.guideSheet(guide), today: try preset.sheet(render, insteadOf: guide))
    #expect(lines.allSatisfy { $0.count <= 100 }, "\(lines.filter { $0.count > 100 })")
    try Golden.expect(lines.joined(separator: "\n") + "\n", equals: "preset-\(preset.rawValue).txt")
  }
}
