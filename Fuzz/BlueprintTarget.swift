import Documents
import Plans
import ProvisionCost
import ProvisionLint

/// A stranger's `render.yaml`: judged, mended, and priced where that can be.
enum BlueprintTarget {
  private static let catalogue = try? Catalogue.bundled(Catalogue.render2026October)

  static func run(_ input: UnsafeBufferPointer<UInt8>) {
    guard let catalogue, let root = try? DocumentReader().read(bytes: Array(input), file: "fuzz.yaml") else { return }
    let findings = Linter.findings(in: root, catalogue: catalogue)
    require(findings.allSatisfy { $0.position != nil && !$0.remedy.isEmpty }, "a finding without a place or a remedy")
    if let fixed = try? LintFixer(String(decoding: input, as: UTF8.self), file: "fuzz.yaml", catalogue: catalogue) {
      let again = try? LintFixer(fixed.text, file: "fuzz.yaml", catalogue: catalogue)
      require(again?.text == fixed.text, "mended twice")
    }
    if let sheet = try? BlueprintCost.sheet(root, file: "fuzz.yaml", by: catalogue) {
      require(sheet.total >= .zero, "a price below nothing")
    }
  }
}
