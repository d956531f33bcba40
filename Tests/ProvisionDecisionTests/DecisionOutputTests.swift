import Documents
import Evidence
import Foundation
import Plans
import TestSupport
import Testing

@testable import ProvisionDecision

@Suite struct DecisionOutputTests {
  static func decisions() throws -> [(name: String, decision: Decision)] { try made.get() }

  /// Once for all who look at them.
  private static let made = Result { try make() }

  private static func make() throws -> [(name: String, decision: Decision)] {
    let upgrade = try Evidences.inputs(now: Hosting(web: "free", database: .plan("free"))) {
      $0.keepAwakeIsAllowed = false
      $0.data = .precious
      $0.alertsAt = [25_200]
    }
    return [
      ("stay", Evidences.decision(try Evidences.inputs())), ("upgrade", Evidences.decision(upgrade)),
      ("inconclusive", Evidences.decision(try Evidences.inputs(days: 2))),
      (
        "question",
        Evidences.decision(
          try Evidences.inputs {
            $0 = OwnerValues()
            $0.keepAwakeIsAllowed = false
          })
      ),
      ("nothing", Evidences.decision(try Evidences.inputs(perDay: nil))),
    ]
  }

  @Test("the first screen is the answer, the rest what it rests on")
  func text() throws {
    for (name, decision) in try Self.decisions() {
      let lines = DecisionText.render(decision, isVerbose: true)
      try Golden.expect(
        DecisionText.render(decision, width: 80).joined(separator: "\n") + "\n", equals: "decision-\(name)-80.txt")
      try Golden.expect(lines.joined(separator: "\n") + "\n", equals: "decision-\(name).txt")
    }
  }

  @Test("the Markdown")
  func markdown() throws {
    let decision = try #require(try Self.decisions().first { $0.name == "upgrade" }).decision
    try Golden.expect(DecisionMarkdown.render(decision), equals: "decision-upgrade.md")
  }

  @Test("the page takes nothing from outside and shows hostile text as text")
  func page() throws {
    var decision = Evidences.decision(try Evidences.inputs())
    decision.service = "https://a/<script>alert(1)</script>"
    decision.assumptions.append("\"><img src=x onerror=1>")
    let page = DecisionPage.render(decision)
    #expect(!page.contains("<script") && !page.contains("<img"))
    #expect(page.contains("default-src 'none'") && page.contains("STAY"))
    #expect(DecisionMarkdown.render(decision).contains("\\<script\\>"))
  }

  @Test("a blueprint's plans change where they stand, comments and all")
  func blueprint() throws {
    let decision = try #require(try Self.decisions().first { $0.name == "upgrade" }).decision
    let text = """
      services:
        - type: web
          name: api
          plan: free # for now
        - type: cron
          plan: free
      databases:
        - name: db
          plan: "free"

      """
    let diff = try BlueprintChange.diff(decision, text: text, file: "render.yaml")
    #expect(
      diff == """
        --- a/render.yaml
        +++ b/render.yaml
        @@ -1,9 +1,9 @@
         services:
           - type: web
             name: api
        -    plan: free # for now
        +    plan: starter # for now
           - type: cron
             plan: free
         databases:
           - name: db
        -    plan: "free"
        +    plan: basic-256mb

        """)
    // Another service is another decision; of several on the plan the URL's.
    var named = decision
    named.service = "https://api.onrender.com/"
    let two = text.replacing(
      "  - type: cron",
      with: "  - type: web\n    name: other\n    plan: free\n  - type: web\n    plan: pro\n  - type: cron")
    let changed = try BlueprintChange.diff(named, text: two, file: "render.yaml")
    #expect(changed.split(separator: "\n").filter { $0.hasPrefix("+    plan: starter") }.count == 1)
    #expect(!changed.contains("-    plan: pro"))
    #expect(try BlueprintChange.diff(Evidences.decision(try Evidences.inputs()), text: text, file: "r") == "")
    #expect(throws: DocumentError.self) { try BlueprintChange.diff(decision, text: "a: [", file: "render.yaml") }
    #expect(throws: DocumentError.self) { try BlueprintChange.diff(decision, text: "a: 1", file: "render.yaml") }
  }
}

/// `schemas/decision.schema.json` and the decoder judge alike, the schema by Python's jsonschema.
@Suite(.enabled(if: SchemaCorpus.python != nil, "needs python3 with PyPI jsonschema"))
struct DecisionSchemaTests {
  private let schema = SchemaCorpus("decision")

  private func isAccepted(_ document: Data) -> Bool {
    (try? EvidenceFile.decode(Decision.self, from: document)) != nil
  }

  @Test("decisions of every verdict are valid")
  func real() throws {
    let documents = try DecisionOutputTests.decisions().map { try EvidenceFile.encode($0.decision) }
    #expect(documents.allSatisfy(isAccepted))
    #expect(try schema.judge(documents) == documents.map { _ in true })
  }

  @Test("a decision with one part changed is judged alike by schema and decoder")
  func mutations() throws {
    try schema.expectAlike(
      EvidenceFile.encode(Evidences.decision(try Evidences.inputs(days: 2))),
      expecting: (documents: 800, refused: 500), decoder: isAccepted)
  }
}
