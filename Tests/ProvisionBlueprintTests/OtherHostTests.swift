import Documents
import Foundation
import TestSupport
import Testing

@testable import ProvisionBlueprint

@Suite struct OtherHostTests {
  private static func deployment(_ regions: String, web: String = "free", value: String = "x") throws -> Deployment {
    try DeploymentReader.read(
      text: """
        name: a
        regions: [\(regions)]
        service: { health_check: /health, environment: { A: \(YAMLScalar.quoted(value)) }, prompted: [API_KEY] }
        database: {}
        plan_sets: { set: { web: \(web), database: free, blueprint: render.yaml } }
        """, file: "deploy/d.yaml")
  }

  @Test("this repository's files are what its deployment asks for", arguments: OtherHost.allCases)
  func ours(host: OtherHost) throws {
    let deployment = try DeploymentReader.read(path: SchemaCorpus.root.appending(path: "deploy/deployment.yaml").path)
    let text = try String(contentsOfFile: deployment.path(of: host), encoding: .utf8)
    #expect(text == host.make(deployment, deployment.planSets[0]))
  }

  @Test("their own readers read them, from one region to five, free and paid, whatever a value holds")
  func read() async throws {
    let python = SchemaCorpus.root.appending(path: ".venv/bin/python").path
    let all = ["oregon", "frankfurt", "singapore", "ohio", "virginia"]
    let values = ["x", "a\"b\\c", "${nope} %{if}", "é\u{1}\t'", "\\x41"]
    try await withTemporaryDirectory { directory in
      for count in 1...5 {
        for web in ["free", "starter"] {
          let deployment = try Self.deployment(
            all.prefix(count).joined(separator: ", "), web: web, value: values[count - 1])
          for host in OtherHost.allCases {
            let name = "\(count)-\(web)-\(host.path.replacing("/", with: "-"))"
            try Data(host.make(deployment, deployment.planSets[0]).utf8).write(
              to: URL(filePath: "\(directory)/\(name)"))
          }
        }
      }
      try Data(try JSONEncoder().encode(values)).write(to: URL(filePath: directory + "/values"))
      let script = """
        import hcl2, json, sys, tomllib
        folder = sys.argv[1]
        values = json.load(open(folder + "/values"))
        for count in range(1, 6):
            for web in ("free", "starter"):
                name = f"{folder}/{count}-{web}-"
                terraform = hcl2.load(open(name + "cloudflare-main.tf"))
                kinds = [kind.strip('"') for resource in terraform["resource"] for kind in resource]
                assert kinds.count("cloudflare_load_balancer_pool") == count, kinds
                balancer = next(r for r in terraform["resource"] if "load_balancer\\"" in str(r) or "cloudflare_load_balancer" in r)
                assert str(balancer).count("WNAM") == 1
                monitor = next(v["monitor"] for v in terraform["variable"] if "monitor" in v)
                assert monitor["default"] is (web != "free"), monitor
                fly = tomllib.load(open(name + "fly.toml", "rb"))
                assert fly["env"]["A"] == values[count - 1], fly
                assert fly["http_service"]["min_machines_running"] == (0 if web == "free" else 1)
                railway = json.load(open(name + "railway.json"))
                assert railway["deploy"]["sleepApplication"] is (web == "free")
        print("read")
        """
      let process = Process()
      process.executableURL = URL(filePath: python)
      process.arguments = ["-c", script, directory]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
      process.waitForEnd()
      #expect(String(decoding: output, as: UTF8.self) == "read\n")
    }
  }
}

@Suite struct BlueprintChangesTests {
  private func changes(_ old: String, _ new: String) throws -> BlueprintChanges {
    BlueprintChanges(
      from: try DocumentReader().read(text: old, file: "old.yaml"),
      to: try DocumentReader().read(text: new, file: "new.yaml"))
  }

  @Test(
    "what Render can't do in place is told",
    arguments: [
      ("services: [{ type: web, name: a }]", "services: [{ type: pserv, name: a }]", true),
      ("services: [{ type: web, name: a, runtime: go }]", "services: [{ type: web, name: a, runtime: docker }]", true),
      ("services: [{ type: web, name: a, env: go }]", "services: [{ type: web, name: a, runtime: go }]", false),
      ("services: [{ type: web, name: a }]", "services: [{ type: web, name: a, region: ohio }]", true),
      ("services: [{ type: web, name: a }]", "services: [{ type: web, name: a, region: oregon }]", false),
      ("services: [{ type: web, name: a }]", "services: [{ type: web, name: b, region: ohio }]", false),
      ("databases: [{ name: d, diskSizeGB: 10 }]", "databases: [{ name: d, diskSizeGB: 5 }]", true),
      ("databases: [{ name: d, diskSizeGB: 5 }]", "databases: [{ name: d, diskSizeGB: 10 }]", false),
      ("databases: [{ name: d, user: a }]", "databases: [{ name: d, user: b }]", true),
      ("databases: [{ name: d, plan: basic-1gb }]", "databases: [{ name: d, plan: standard }]", true),
      ("databases: [{ name: d, plan: standard }]", "databases: [{ name: d, plan: basic-1gb }]", false),
      (
        "services: [{ type: web, name: a, disk: { sizeGB: 10 } }]",
        "services: [{ type: web, name: a, disk: { sizeGB: 1 } }]", true
      ),
    ])
  func obstacles(old: String, new: String, hasObstacle: Bool) throws {
    #expect(try changes(old, new).hasObstacle == hasObstacle)
    #expect(try changes(new, new).text() == ["nothing changes"])
  }

  @Test("added, taken out and changed; what a variable holds is never shown")
  func text() throws {
    let lines = try changes(
      """
      services:
        - { type: web, name: a, plan: free, envVars: [{ key: K, value: s3cr3t }, { key: L, value: s3cr3t }] }
        - { type: worker, name: gone }
      """,
      """
      services: [{ type: web, name: a, plan: starter, envVars: [{ key: K, value: other }, { key: M, sync: false }] }]
      databases: [{ name: pg }]
      """
    ).text()
    #expect(
      lines == [
        "~ web a", "    plan: free → starter", "    variable K changes", "    variable M is new",
        "    variable L is left out: Render keeps it", "- worker gone", "+ database pg",
      ])
  }
}
