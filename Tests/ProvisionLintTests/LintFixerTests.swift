import Documents
import Plans
import Testing

@testable import ProvisionLint

@Suite struct LintFixerTests {
  private let catalogue: Catalogue

  init() throws { catalogue = try #require(try Catalogue.bundled(Catalogue.render2026October)) }

  private func fixer(_ text: String) throws -> LintFixer { try LintFixer(text, file: "r.yaml", catalogue: catalogue) }

  @Test("what is mended changes its words alone; comments, order and layout stay, and a second time nothing does")
  func mends() throws {
    let text = """
      # Ours: env is older.
      previewsEnabled: true   # all pull requests
      services:
        - type: redis         # the cache
          name: cache
          plan: Free
          ipAllowList: []

        - { type: web, name: a, env: node, plan: Starter, autoDeploy: false, domain: example.org } # in one line
        - type: web
          name: b
          env: docker # env: docker
          autoDeploy: true
          pullRequestPreviewsEnabled: false
          envVars:
            - { key: DEBUG, value: false }
            - key: ANSWER
              value: yes
            - key: CACHE
              fromService: { type: redis, name: cache, property: connectionString }
      databases:
        - name: pg
          plan: basic_256mb
          postgresMajorVersion: 16

      """
    let fixed = try fixer(text)
    #expect(
      fixed.text == """
        # Ours: env is older.
        previews: { generation: automatic }   # all pull requests
        services:
          - type: keyvalue         # the cache
            name: cache
            plan: free
            ipAllowList: []

          - { type: web, name: a, runtime: node, plan: starter, autoDeployTrigger: 'off', domains: [example.org] } # in one line
          - type: web
            name: b
            runtime: docker # env: docker
            autoDeployTrigger: commit
            previews: { generation: 'off' }
            envVars:
              - { key: DEBUG, value: 'false' }
              - key: ANSWER
                value: 'yes'
              - key: CACHE
                fromService: { type: keyvalue, name: cache, property: connectionString }
        databases:
          - name: pg
            plan: basic-256mb
            postgresMajorVersion: '16'

        """)
    let again = try fixer(fixed.text)
    #expect(again.text == fixed.text && again.mended.isEmpty && again.difference.isEmpty)
    #expect(fixed.difference.hasPrefix("--- a/r.yaml\n+++ b/r.yaml\n@@ -1,"))
    #expect(fixed.difference.contains("-    env: docker # env: docker\n+    runtime: docker # env: docker\n"))
  }

  @Test("line ends of Windows, other scripts and a missing last line end stay")
  func layout() throws {
    let text = "services:\r\n  - { type: web, name: सेवा, env: node } # ü\r\n  - { type: web, name: b, env: go }"
    #expect(try fixer(text).text == text.replacing("env:", with: "runtime:"))
  }

  @Test(
    "what would need a decision is left as it is",
    arguments: [
      "services: [{ type: web, name: a, env: node, runtime: go }]",
      "services: [{ type: web, name: a, autoDeploy: false, autoDeployTrigger: commit }]",
      "services: [{ type: web, name: a, 'env': node }]", "services: [{ type: web, name: a, \"autoDeploy\": true }]",
      "services: [{ type: web, name: a, domain: 'a, b' }]", "previewsEnabled: true\npreviews: {}",
      "previewsEnabled: true\npreviewsExpireAfterDays: 3", "services: [{ type: web, name: a, plan: startr }]",
      "services: [{ type: web, name: a, envVars: [{ key: A, value: 3.10 }] }]",
    ])
  func leaves(text: String) throws { #expect(try fixer(text).text == text) }

  @Test("one place is mended once, though two findings ask for it")
  func twice() throws {
    let text = "services: [{ type: web, name: n }]"
    #expect(try fixer(text).text == "services: [{ type: web, name: 'n' }]")
    #expect(try fixer("previews: { generation: off }").text == "previews: { generation: 'off' }")
  }
}
