import Documents
import Foundation
import Plans
import ProvisionCost
import Statistics
import TestSupport
import Testing

@testable import ProvisionLint

/// Blueprints that somebody broke: each is judged, mended and priced, or refused with a place, and nothing crashes.
@Suite struct MutationTests {
  private let catalogue: Catalogue

  init() throws { catalogue = try #require(try Catalogue.bundled(Catalogue.render2026October)) }

  private static let hostile = [
    "", "-1", "0", "99999999999999999999", "1e400", "NaN", "null", "~", "true", "off", "[]", "{}", "[[[[]]]]", "'",
    "\"",
    "\u{0}", "\r", "\u{2028}", "\u{202E}", "सेवा", "😀", "a: b", "- a", "&x", "*x", "!!int 3", "|", ">", "%", "@", "#",
    String(repeating: "x", count: 5_000), "services: []", "{ name: { name: { name: 3 } } }", "'off'", "3.10", "::",
  ]

  @Test(
    "broken blueprints are judged, mended and priced, or refused", arguments: LongTests.cases(Array(0..<40), first: 8))
  func survives(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let texts =
      try ["render.yaml", "deploy/production/render.yaml"].map {
        try String(contentsOf: SchemaCorpus.root.appending(path: $0), encoding: .utf8)
      } + LintCase.all.flatMap { [$0.broken, $0.kept] }
    for _ in 0..<100 {
      var text = texts[Int(random.next() % UInt64(texts.count))]
      for _ in 0...(random.next() % 3) { text = mutate(text, &random) }
      guard let root = try? DocumentReader().read(text: text, file: "r.yaml") else { continue }
      let findings = Linter.findings(in: root, catalogue: catalogue)
      #expect(findings.allSatisfy { $0.position != nil && !$0.what.isEmpty && !$0.remedy.isEmpty })
      _ = LintText.render(findings, file: "r.yaml") + LintAnnotations.render(findings, file: "r.yaml")
      let fixed = try LintFixer(text, file: "r.yaml", catalogue: catalogue)
      let again = try LintFixer(fixed.text, file: "r.yaml", catalogue: catalogue)
      #expect(again.text == fixed.text, "mended twice: \(text.debugDescription)")
      guard let sheet = try? BlueprintCost.sheet(root, file: "r.yaml", by: catalogue, usage: Usage()) else { continue }
      #expect(sheet.total >= .zero && sheet.total == sheet.baseline + sheet.usage)
      _ = CostText.render(sheet) + CostMarkdown.render(sheet) + CostDifference(from: sheet, to: sheet).text()
    }
  }

  private func mutate(_ text: String, _ random: inout SeededGenerator) -> String {
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    let row = Int(random.next() % UInt64(lines.count))
    let word = Self.hostile[Int(random.next() % UInt64(Self.hostile.count))]
    switch random.next() % 5 {
    case 0: lines.remove(at: row)
    case 1: lines.insert(lines[Int(random.next() % UInt64(lines.count))], at: row)
    case 2:
      // A value by another.
      let parts = lines[row].split(separator: ":", omittingEmptySubsequences: false)
      let part = Int(random.next() % UInt64(parts.count))
      lines[row] = parts.enumerated().map { $0 == part ? " \(word)" : String($1) }.joined(separator: ":")
    case 3: lines[row] = String(lines[row].prefix(Int(random.next() % UInt64(lines[row].count + 1)))) + word
    default:
      var bytes = Array(lines[row].utf8)
      if !bytes.isEmpty { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) }
      lines[row] = String(decoding: bytes, as: UTF8.self)
    }
    return lines.joined(separator: "\n")
  }
}
