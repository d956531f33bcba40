import Documents
import Foundation
import TestSupport
import Testing

@testable import ProvisionLint

@Suite struct LintLogTests {
  private let findings = [
    LintFinding(
      rule: "unknown-plan", severity: .error, position: DocumentPosition(line: 3, column: 7),
      what: "the plan '50%, of: all'", remedy: "use\nfree"),
    LintFinding(rule: "free-hours", severity: .warning, position: nil, what: "hours", remedy: "sleep"),
  ]

  @Test("annotations escape what ends a property or a line")
  func annotations() {
    #expect(
      LintAnnotations.render(findings, file: "a,b:c.yaml") == [
        "::error file=a%2Cb%3Ac.yaml,line=3,col=7,title=unknown-plan (outgrown provision lint)"
          + "::the plan '50%25, of: all': use%0Afree",
        "::warning file=a%2Cb%3Ac.yaml,title=free-hours (outgrown provision lint)::hours: sleep",
      ])
  }

  @Test("sarif-tools reads the log: every finding, its level, its place")
  func sarif() async throws {
    let python = SchemaCorpus.root.appending(path: ".venv/bin/python").path
    try await withTemporaryDirectory { directory in
      let encoder = JSONEncoder()
      let log = LintLog([("deploy/für uns.yaml", findings)])
      try encoder.encode(log).write(to: URL(filePath: directory + "/lint.sarif"))
      let script = """
        import json, sys
        from sarif import loader
        log = loader.load_sarif_file(sys.argv[1])
        json.dump([[r[k] for k in ("Tool", "Severity", "Code", "Description", "Location", "Line")]
                   for r in log.get_records()], sys.stdout, ensure_ascii=False)
        """
      let process = Process()
      process.executableURL = URL(filePath: python)
      process.arguments = ["-c", script, directory + "/lint.sarif"]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
      process.waitForEnd()
      #expect(process.terminationStatus == 0)
      let records = try #require(try JSONSerialization.jsonObject(with: output) as? [[Any]])
      #expect(records.count == 2)
      let error = try #require(records.first { $0[1] as? String == "error" })
      #expect(error[2] as? String == "unknown-plan" && error[5] as? Int == 3, "\(error)")
      #expect((error[4] as? String)?.hasSuffix(".yaml") == true, "\(error)")
    }
  }
}
