import Documents
import Foundation
import Plans
import ProvisionBlueprint
import Secrets
import TestSupport
import Testing

@testable import ProvisionLint

@Suite struct LintRuleTests {
  private let catalogue: Catalogue

  init() throws { catalogue = try #require(try Catalogue.bundled(Catalogue.render2026October)) }

  private func findings(_ text: String) throws -> [LintFinding] {
    Linter.findings(in: try DocumentReader().read(text: text, file: "render.yaml"), catalogue: catalogue)
  }

  @Test(
    "a rule finds what breaks it, says where and what to do, and lets the nearest good file pass",
    arguments: LintCase.all)
  func rule(_ item: LintCase) throws {
    let found = try findings(item.broken).filter { $0.rule == item.rule }
    #expect(found.count == 1)
    let finding = try #require(found.first)
    let place = try #require(finding.position)
    #expect("\(place.line):\(place.column)" == item.place)
    let message = "\(finding.what) \(finding.remedy)"
    for part in item.says { #expect(message.contains(part), "\(message)") }
    #expect(!message.contains("s3cr3t"), "a secret's value is never shown")
    #expect(try findings(item.kept).filter { $0.rule == item.rule } == [])
  }

  @Test("every rule has a case, and every case a rule")
  func complete() {
    #expect(Set(LintCase.all.map(\.rule)) == Set(LintRule.all.map(\.id)))
    #expect(Set(LintRule.all.map(\.id)).count == LintRule.all.count)
  }

  @Test("every rule has a section in docs/lint.md, and every section a rule")
  func documented() throws {
    let text = try String(contentsOf: SchemaCorpus.root.appending(path: "docs/lint.md"), encoding: .utf8)
    let sections = text.split(separator: "\n").filter { $0.hasPrefix("### ") }.map { String($0.dropFirst(4)) }
    #expect(Set(sections) == Set(LintRule.all.map(\.id)) && sections.count == LintRule.all.count)
  }

  @Test(
    "which names are secrets'",
    arguments: [
      ("API_KEY", true), ("apiKey", true), ("STRIPE_APIKEY", true), ("SLACK_TOKEN", true), ("DB_PASSWORD", true),
      ("PGPASSWORD", true), ("JWT_SECRET", true), ("clientSecret", true), ("AWS_SECRET_ACCESS_KEY", true),
      ("MONKEY", false), ("KEYBOARD", false), ("VAPID_PUBLIC_KEY", false), ("AWS_ACCESS_KEY_ID", false),
      ("KEY_FILE", false), ("HOST", false), ("TOKENIZER", false), ("SECRETARY_NAME", false), ("SMTP_PASS", true),
      ("DB_PWD", true), ("PGPASS", true),
      ("SECRET_KEY_BASE", true), ("API_KEY_OPENAI", true), ("jwt_secret_key", true), ("GITHUB_TOKEN", true),
      ("ACCESS_TOKEN_EXPIRE_MINUTES", false), ("TOKEN_URL", false), ("PASSWORD_MIN_LENGTH", false),
      ("SESSION_KEY_PREFIX", false), ("MAX_TOKENS", false), ("COMPASS", false), ("BYPASS", false),
      ("STRIPE_PUBLISHABLE_KEY", false), ("SUPABASE_ANON_KEY", false), ("JWT_SECRET_ALGORITHM", false),
    ])
  func secrets(key: String, isSecret: Bool) { #expect(SecretNames.isSecret(key) == isSecret) }

  @Test("a value that is a secret whatever its name, and one that is none")
  func values() {
    #expect(
      SecretNames.isSecret("A", value: "sk_live_0123456789abcdef") && SecretNames.isSecret("A", value: "a://u:p@h"))
    #expect(SecretNames.isSecret("A", value: "eyJhbGciOiJI.eyJzdWIi.x") && !SecretNames.isSecret("A", value: "text"))
    #expect(!SecretNames.isSecret("USE_TOKEN", value: "true") && SecretNames.isSecret("PASSWORD", value: "1234"))
  }

  @Test("the repository's own blueprints have no error", arguments: ["render.yaml", "deploy/production/render.yaml"])
  func ours(file: String) throws {
    let root = try DocumentReader().read(path: SchemaCorpus.root.appending(path: file).path)
    let found = Linter.findings(in: root, catalogue: catalogue)
    #expect(found.filter { $0.severity == .error } == [])
    #expect(found.map(\.rule) == (file == "render.yaml" ? ["free-hours", "free-database-expires"] : []))
  }

  @Test("whatever a deployment asks for, its blueprint has no error")
  func written() throws {
    for regions in ["oregon", "ohio, frankfurt, singapore", "oregon, ohio, virginia, frankfurt, singapore"] {
      for web in RenderVocabulary.serverPlans {
        for database in RenderVocabulary.databasePlans {
          let text = """
            name: a
            regions: [\(regions)]
            service: { health_check: /, environment: { A: 'yes', B: "x: #y" }, prompted: [API_KEY] }
            database: {}
            plan_sets: { set: { web: \(web), database: \(database), blueprint: render.yaml } }
            """
          let deployment = try DeploymentReader.read(text: text, file: "d.yaml")
          let errors = try findings(BlueprintText.make(deployment, deployment.planSets[0]))
            .filter { $0.severity == .error }
          #expect(errors == [], "\(web), \(database)")
        }
      }
    }
  }

  @Test("findings stand in the order of the file, and the counts below")
  func order() throws {
    let found = try findings("databases: [{ name: pg, plan: basic-256mb, diskSizeGB: 7, region: ohoi }]")
    #expect(found.map(\.rule) == ["database-disk-size", "unknown-region"])
    let lines = LintText.render(found, file: "render.yaml")
    #expect(lines.first?.hasPrefix("render.yaml:1:56: error: diskSizeGB: 7 [database-disk-size]") == true)
    #expect(lines.last == "render.yaml: 2 errors, 0 warnings")
  }

  @Test(
    "whatever a file holds, it is judged",
    arguments: [
      "a", "[]", "services:", "services: [null]", "databases: [{ name: [] }]",
      "services: [{ envVars: 3, plan: [] , type: {} }]",
    ])
  func hostile(text: String) throws { _ = try findings(text) }
}
