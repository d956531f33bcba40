import Foundation
import TestSupport
import Testing

/// The commands as a user runs them: output, messages and exit codes.
@Suite struct CommandLineTests {
  private struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  private func outgrown(_ arguments: String..., in directory: String = SchemaCorpus.root.path) throws -> Outcome {
    try run(arguments, in: directory)
  }

  private func run(_ arguments: [String], in directory: String = SchemaCorpus.root.path) throws -> Outcome {
    let process = Process()
    // Tests run from the directory that the executable was built into.
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "outgrown")
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: directory)
    let folder = FileManager.default.temporaryDirectory
    let files = (0..<2).map { _ in folder.appending(path: "outgrown-\(UUID().uuidString)") }
    defer { files.forEach { try? FileManager.default.removeItem(at: $0) } }
    for file in files { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitForEnd()
    return Outcome(
      status: process.terminationStatus, output: try String(contentsOf: files[0], encoding: .utf8),
      errors: try String(contentsOf: files[1], encoding: .utf8))
  }

  @Test("plans, costs and presets of this repository")
  func prints() throws {
    let plans = try outgrown("provision", "plans")
    #expect(plans.status == 0 && plans.output.contains("$6.30"), "\(plans.errors)")
    let cost = try outgrown("provision", "cost")
    #expect(cost.status == 0 && cost.output.contains("20.30"), "\(cost.errors)")
    let byFormat = try outgrown("provision", "cost", "--format", "json", "render.yaml")
    #expect(byFormat.output == (try outgrown("provision", "cost", "--json", "render.yaml").output))
    let totals = try #require(
      try JSONSerialization.jsonObject(with: Data(byFormat.output.utf8)) as? [String: Any])
    #expect(totals["totalMonthlyCost"] as? String == "0" && (totals["projects"] as? [Any])?.count == 1)
    let preset = try outgrown("provision", "cost", "--preset", "full-featured", "--catalogue", "scaling-guide")
    #expect(preset.status == 0 && preset.output.contains("101.00"), "\(preset.errors)")
  }

  @Test("what can't be understood or found ends with 64 or 104, and says so on standard error")
  func refusals() throws {
    let cases: [([String], Int32, String)] = [
      (["cost", "--preset", "maximal"], 64, "expected minimal or full-featured"),
      (["cost", "--preset", "minimal", "--plan-set", "free"], 64, "expected one of them"),
      (["cost", "--plan-set", "produktion"], 64, "'production'"),
      (["plans", "--catalogue", "scaling-gide"], 64, "'scaling-guide'"),
      (["plans", "--catalogue", "missing.json"], 104, "missing.json: no such file"),
      (["plans", "--catalogue", "schemas/deployment.schema.json"], 104, "no catalogue: 'id' is missing"),
      (["cost", "missing.yaml"], 104, "missing.yaml: no such file"),
      (["blueprint", "missing.yaml"], 104, "missing.yaml: no such file"),
      (["blueprint", "scenarios/campus-morning.yaml"], 104, "scenarios/campus-morning.yaml:"),
      (["blueprint", "--check", "--write"], 64, "expected one of them"),
      (["lint", "missing.yaml"], 104, "missing.yaml: no such file"),
      (["lint", "--fix", "missing.yaml"], 104, "missing.yaml: no such file"),
      (["lint", "--write"], 64, "--write without --fix"),
      (["lint", "--json", "--format", "sarif"], 64, "expected one of them"),
    ]
    for (arguments, status, message) in cases {
      let outcome = try run(["provision"] + arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
      #expect(outcome.output.isEmpty, "\(arguments)")
    }
  }

  @Test("a change is priced against a file and a revision; --fail-above gives 99")
  func costs() async throws {
    try await withTemporaryDirectory { directory in
      let service = "services: [{ type: web, name: a, runtime: docker, plan: PLAN }]\n"
      func write(_ plan: String, _ file: String) throws {
        try Data(service.replacing("PLAN", with: plan).utf8).write(to: URL(filePath: "\(directory)/\(file)"))
      }
      try write("starter", "old.yaml")
      try write("standard", "render.yaml")
      let changed = try outgrown("provision", "cost", "--diff", "old.yaml", "render.yaml", in: directory)
      #expect(changed.status == 0 && changed.output.contains("+18.00"), "\(changed.errors)")
      let above = try outgrown("provision", "cost", "--fail-above", "24.99", in: directory)
      #expect(above.status == 99 && above.errors.contains("$25 a month is above the $24.99"), "\(above.errors)")
      #expect(try outgrown("provision", "cost", "--fail-above", "25", in: directory).status == 0)
      // What has no price can cost anything: below the limit is then not known.
      try write("nobody-sells-this", "unpriced.yaml")
      let unpriced = try outgrown("provision", "cost", "unpriced.yaml", "--fail-above", "25", in: directory)
      #expect(
        unpriced.status == 98 && unpriced.errors.contains("is not known"), "\(unpriced.status) \(unpriced.errors)")
      let document = try outgrown("provision", "cost", "--format", "infracost", in: directory)
      let read = try JSONSerialization.jsonObject(with: Data(document.output.utf8)) as? [String: Any]
      #expect(read?["totalMonthlyCost"] as? String == "25" && read?["version"] as? String == "0.2")

      func git(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["git", "-C", directory, "-c", "user.name=t", "-c", "user.email=t@example.org"] + arguments
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        process.waitForEnd()
        #expect(process.terminationStatus == 0, "\(arguments)")
      }
      try git("init", "-q")
      try git("add", "render.yaml")
      try git("commit", "-q", "-m", "first")
      try write("pro", "render.yaml")
      let since = try outgrown("provision", "cost", "--diff-git", "HEAD", "--format", "markdown", in: directory)
      #expect(since.status == 0 && since.output.hasPrefix("**+60.00 US dollars a month**"), "\(since.errors)")
      let unknown = try outgrown("provision", "cost", "--diff-git", "--output=x", in: directory)
      #expect(unknown.status == 64 || unknown.status == 104, "\(unknown.errors)")
      let missing = try outgrown("provision", "cost", "--diff-git", "nowhere", in: directory)
      #expect(missing.status == 104 && missing.errors.contains("--diff-git nowhere: fatal:"), "\(missing.errors)")
    }
  }

  @Test("cost finds the blueprint that is there")
  func found() async throws {
    try await withTemporaryDirectory { directory in
      let nothing = try outgrown("provision", "cost", in: directory)
      #expect(nothing.status == 104 && nothing.errors.contains("render.yaml"), "\(nothing.errors)")
      try Data("services: [{ type: web, name: a, runtime: go, plan: starter }]\n".utf8).write(
        to: URL(filePath: directory + "/render.yaml"))
      let cost = try outgrown("provision", "cost", in: directory)
      #expect(cost.status == 0 && cost.output.contains("7.00"), "\(cost.errors)")
    }
  }

  @Test("lint gives 99 for an error, with --strict for a warning too; JSON counts them")
  func lint() async throws {
    #expect(try outgrown("provision", "lint", "render.yaml", "deploy/production/render.yaml").status == 0)
    #expect(try outgrown("provision", "lint", "--strict").status == 99)
    #expect(try outgrown("provision", "lint", "--strict", "deploy/production/render.yaml").status == 0)
    try await withTemporaryDirectory { directory in
      let file = directory + "/render.yaml"
      try Data("services:\n  - { type: worker, name: a, runtime: docker, plan: free }\n".utf8).write(
        to: URL(filePath: file))
      let outcome = try outgrown("provision", "lint", in: directory)
      #expect(outcome.status == 99)
      #expect(outcome.output.contains("render.yaml:2:53: error: the free plan on worker a [free-not-available]"))
      let json = try outgrown("provision", "lint", "--json", in: directory)
      let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(document?["errors"] as? Int == 1 && document?["warnings"] as? Int == 0)
    }
  }

  @Test("--fix shows a diff and writes nothing; with --write it mends, and a link and a mode stay")
  func fix() async throws {
    try await withTemporaryDirectory { directory in
      let file = directory + "/kept.yaml"
      let text = "services:\n  - { type: web, name: a, env: docker, plan: free, healthCheckPath: / } # ours\n"
      try Data(text.utf8).write(to: URL(filePath: file))
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
      try FileManager.default.createSymbolicLink(atPath: directory + "/render.yaml", withDestinationPath: "kept.yaml")
      let shown = try outgrown("provision", "lint", "--fix", "--strict", in: directory)
      #expect(shown.status == 99 && shown.output.contains("+  - { type: web, name: a, runtime: docker"))
      #expect(shown.errors.contains("1 finding to mend"))
      #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
      let written = try outgrown("provision", "lint", "--fix", "--write", "--strict", in: directory)
      #expect(written.status == 0 && written.errors.contains("render.yaml: 1 finding mended"), "\(written.errors)")
      #expect(try String(contentsOfFile: file, encoding: .utf8) == text.replacing("env:", with: "runtime:"))
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      #expect(attributes[.posixPermissions] as? Int == 0o640)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory + "/render.yaml") == "kept.yaml")
    }
  }

  @Test("findings as annotations and as SARIF, with the same exit code")
  func formats() async throws {
    try await withTemporaryDirectory { directory in
      try Data("services:\n  - { type: worker, name: a, runtime: docker, plan: free }\n".utf8).write(
        to: URL(filePath: directory + "/render.yaml"))
      let notes = try outgrown("provision", "lint", "--format", "github", in: directory)
      #expect(notes.status == 99 && notes.output.hasPrefix("::error file=render.yaml,line=2,col=53,title=free-not"))
      let log = try outgrown("provision", "lint", "--format", "sarif", in: directory)
      let document = try JSONSerialization.jsonObject(with: Data(log.output.utf8)) as? [String: Any]
      #expect(log.status == 99 && document?["version"] as? String == "2.1.0")
    }
  }

  @Test("a checklist asks a service once, reads a 503 too, and says who gave no answer")
  func checklist() async throws {
    try await withTemporaryDirectory { directory in
      let nothing = try outgrown("provision", "checklist", in: directory)
      #expect(nothing.status == 104 && nothing.errors.contains("name a blueprint"), "\(nothing.errors)")
      let body = Array("{\"cache\":\"redis\",\"scheduler\":\"running\",\"scrape_age_s\":60}".utf8)
      let server = try LoopbackServer { head in
        head.hasPrefix("GET /health/full HTTP/1.1")
          ? .init(status: "503 Service Unavailable", body: body) : .init(status: "404 Not Found")
      }
      defer { server.stop() }
      let told = try outgrown("provision", "checklist", "--url", server.url, in: directory)
      #expect(told.status == 0 && told.output.contains("2 done, 0 open, 8 not told"), "\(told.output)\(told.errors)")
      let other = try outgrown("provision", "checklist", "--url", server.url + "/other", in: directory)
      #expect(other.status == 69 && other.errors.contains("answered 404, and no JSON object"), "\(other.errors)")
      try Data("services: [{ type: web, name: a, runtime: docker, plan: free }]\n".utf8).write(
        to: URL(filePath: directory + "/render.yaml"))
      #expect(try outgrown("provision", "checklist", "--strict", in: directory).status == 99)
      let json = try outgrown("provision", "checklist", "--json", in: directory)
      let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(json.status == 0 && (document?["items"] as? [Any])?.count == 10)
    }
  }

  @Test("a blueprint is written, checked, and found changed")
  func blueprint() async throws {
    try await withTemporaryDirectory { directory in
      try FileManager.default.createDirectory(atPath: directory + "/deploy", withIntermediateDirectories: true)
      let source = SchemaCorpus.root.appending(path: "deploy/deployment.yaml").path
      try FileManager.default.copyItem(atPath: source, toPath: directory + "/deploy/deployment.yaml")
      let missing = try outgrown("provision", "blueprint", "--check", in: directory)
      #expect(missing.status == 99 && missing.errors.contains("render.yaml: is missing"), "\(missing.errors)")
      #expect(try outgrown("provision", "blueprint", "--write", in: directory).status == 0)
      #expect(try outgrown("provision", "blueprint", "--check", in: directory).status == 0)
      let printed = try outgrown("provision", "blueprint", in: directory).output
      let file = directory + "/render.yaml"
      #expect(try String(contentsOfFile: file, encoding: .utf8) == printed)
      try Data(printed.replacing("plan: free", with: "plan: starter").utf8).write(to: URL(filePath: file))
      let changed = try outgrown("provision", "blueprint", "--check", in: directory)
      #expect(changed.status == 99)
      #expect(
        changed.errors.contains("expected:     plan: free") && changed.errors.contains("found:        plan: starter"))
      #expect(changed.output.contains("deploy/production/render.yaml: as the deployment asks"))
      let out = try outgrown(
        "provision", "blueprint", "--plan-set", "production", "--out", "made/here.yaml", in: directory)
      #expect(out.status == 0, "\(out.errors)")
      let made = try String(contentsOfFile: directory + "/made/here.yaml", encoding: .utf8)
      #expect(made.contains("plan: basic-256mb"))
    }
  }

  @Test("a decision's files are written, and --fail-on gives 99 for its verdict only")
  func decide() async throws {
    try await withTemporaryDirectory { directory in
      let nothing = try outgrown("decide", "--out", "answer", "--fail-on", "upgrade", in: directory)
      #expect(nothing.status == 0 && nothing.output.hasPrefix("INCONCLUSIVE"), "\(nothing.errors)")
      let written = try FileManager.default.contentsOfDirectory(atPath: directory + "/answer").sorted()
      #expect(written == ["decision.html", "decision.json", "decision.md"])
      #expect(try outgrown("decide", "--fail-on", "inconclusive", in: directory).status == 99)
      let json = try outgrown("decide", "--json", in: directory)
      let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(document?["verdict"] as? String == "INCONCLUSIVE")
    }
  }

  @Test("what a decision can't be made of ends with 64, 65 or 104, and says so on standard error")
  func undecidable() async throws {
    try await withTemporaryDirectory { directory in
      try Data("{}".utf8).write(to: URL(filePath: directory + "/traffic.json"))
      let cases: [([String], Int32, String)] = [
        (["decide", "--services", "0"], 64, "--services 0: expected 1 to 100"),
        (["decide", "--log", "a", "--traffic", "b"], 64, "give one of them"),
        (["decide", "--plan", "gold"], 64, "--plan gold: not in render-2026-10"),
        (["decide", "--database", "gold"], 64, "--database gold: expected none, external"),
        (["decide", "--url", "my-service"], 64, "expected a URL such as"),
        (["decide", "--catalogue", "nope"], 64, "--catalogue nope: expected render-2026-10"),
        (["decide", "--traffic", "traffic.json"], 65, "traffic.json: not a report of outgrown-traffic"),
        (["decide", "--values", "missing.yaml"], 104, "missing.yaml: no such file"),
        (["provision", "traffic", "--from", "none.log"], 65, "none.log: no such file"),
        (["provision", "traffic", "--from", "none.log", "--time-zone", "Moon"], 64, "--time-zone Moon: unknown zone"),
      ]
      for (arguments, status, message) in cases {
        let outcome = try run(arguments, in: directory)
        #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
        #expect(outcome.errors.hasPrefix("outgrown: ") && outcome.errors.contains(message), "\(outcome.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: directory + "/out"))
    }
  }

  @Test("traffic is told of a log, and its evidence written beside")
  func traffic() async throws {
    try await withTemporaryDirectory { directory in
      let line = "192.0.2.1 - - [25/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"Mozilla/5.0\"\n"
      try Data(line.utf8).write(to: URL(filePath: directory + "/access.log"))
      let told = try outgrown("provision", "traffic", "--from", "access.log", "--out", "made/t.json", in: directory)
      #expect(told.status == 0 && told.output.contains("1 request · 1 visit"), "\(told.errors)")
      let json = try outgrown("provision", "traffic", "--from", "access.log", "--json", in: directory)
      #expect(json.output == (try String(contentsOfFile: directory + "/made/t.json", encoding: .utf8)))
    }
  }
}
