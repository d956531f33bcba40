import Documents
import Foundation
import Plans
import ProvisionBlueprint
import Testing

@testable import ProvisionCost

@Suite struct BlueprintCostTests {
  private let render: Catalogue

  init() throws { render = try #require(try Catalogue.bundled(Catalogue.render2026October)) }

  private func sheet(_ text: String) throws -> CostSheet {
    try BlueprintCost.sheet(try DocumentReader().read(text: text, file: "render.yaml"), file: "render.yaml", by: render)
  }

  @Test("anybody's blueprint is priced: instances, disks, defaults, databases, caches")
  func prices() throws {
    let sheet = try sheet(
      """
      services:
        - { type: web, name: site, runtime: static }
        - { type: web, name: api, runtime: go, plan: standard, numInstances: 2 }
        - { type: worker, name: queue, runtime: go, disk: { name: d, mountPath: /d, sizeGB: 20 } }
        - { type: pserv, name: box, runtime: go, plan: pro, scaling: { minInstances: 1, maxInstances: 3 } }
        - { type: keyvalue, name: cache, plan: 256mb, ipAllowList: [] }
        - { type: keyvalue, name: big, plan: 50g, ipAllowList: [] }
        - { type: cron, name: night, runtime: go, schedule: '0 * * * *' }
      databases:
        - { name: pg }
        - { name: old, plan: basic-1gb, diskSizeGB: 10, readReplicas: [{ name: r }] }
      """)
    #expect(
      sheet.lines.map { "\($0.item) \($0.amount.centsText)" } == [
        "api 50.00", "queue 7.00", "queue 5.00", "box 85.00", "cache 10.00", "pg 10.50", "old 22.00", "old 22.00",
      ])
    #expect(sheet.total.centsText == "211.50" && sheet.lines.last?.what.hasPrefix("1 read replica, each as") == true)
    let notes = (sheet.leftOut + sheet.notes).joined(separator: "\n")
    for part in [
      "static site site", "1 to 3 instances: 1 counted, $85 a month; 3 would be $255", "'50g'", "cron job night",
      "$0.00016",
    ] {
      #expect(notes.contains(part), "\(part) in \(notes)")
    }
    #expect(!notes.contains("750"))
  }

  @Test("free services in any environment share the hours")
  func free() throws {
    let service = "{ type: web, name: NAME, runtime: go, plan: free }"
    let sheet = try sheet(
      """
      services: [\(service.replacing("NAME", with: "a"))]
      projects:
        - name: p
          environments:
            - { name: e, services: [\(service.replacing("NAME", with: "b"))], databases: [{ name: pg, plan: free }] }
      """)
    #expect(sheet.total == .zero)
    let notes = sheet.notes.joined(separator: "\n")
    #expect(notes.contains("2 free services, always awake") && notes.contains("expires 30 days"))
  }

  @Test("a worker can't be free, so it isn't counted as such")
  func freeWorker() throws {
    let sheet = try sheet("services: [{ type: worker, name: w, runtime: go, plan: free }]")
    #expect(sheet.total.centsText == "7.00")
    #expect(sheet.notes.first == "w: a worker can't be free, starter is counted")
  }

  @Test("what has no dated price is named, and the total marked partial")
  func undated() throws {
    let sheet = try sheet(
      """
      services: [{ type: web, name: a, runtime: docker, plan: Starter }, { type: keyvalue, name: kv, ipAllowList: [] }]
      databases: [{ name: d, plan: pro-16gb, diskSizeGB: 100 }, { name: e, plan: Basic-1GB, diskSizeGB: 10 }]
      """)
    #expect(sheet.lines.map { "\($0.item) \($0.amount.centsText)" } == ["a 7.00", "kv 10.00", "e 22.00"])
    #expect(sheet.isPartial && sheet.leftOut.count == 1)
    #expect(sheet.leftOut[0].hasPrefix("d: ") && sheet.leftOut[0].contains("not in the total"))
    #expect(CostText.render(sheet).joined().contains("partial: 1 left out"))
    let again = try JSONDecoder().decode(CostSheet.self, from: try JSONEncoder().encode(sheet))
    #expect(again == sheet)
  }

  @Test("a standby and each replica cost what their primary does; without them there is no word of them")
  func available() throws {
    func sheet(_ text: String) throws -> CostSheet {
      try self.sheet("databases: [{ name: d, plan: basic-1gb, diskSizeGB: 10, \(text) }]")
    }
    let alone = try sheet("highAvailability: { enabled: false }, readReplicas: []")
    #expect(alone.leftOut == [] && alone.total.centsText == "22.00")
    let copies = try sheet("highAvailability: { enabled: true }, readReplicas: [{ name: r }, { name: s }]")
    #expect(copies.leftOut == [] && copies.total.centsText == "88.00")
    #expect(copies.lines.map(\.amount.centsText) == ["22.00", "44.00", "22.00"])
  }

  @Test(
    "a count that can't be is refused with its place",
    arguments: [
      ("numInstances: -5", ": numInstances: -5, expected a whole number from 1 to 1000"),
      ("numInstances: 99999999999999", "numInstances: 99999999999999"),
      ("numInstances: 99999999999999999999999", "numInstances"), ("numInstances: 0", "numInstances"),
      ("numInstances: 1.5", "numInstances"), ("scaling: { minInstances: 3, maxInstances: 2 }", "minInstances"),
      ("scaling: { minInstances: -1 }", "minInstances"), ("disk: { name: d, mountPath: /d, sizeGB: -5 }", "sizeGB"),
    ])
  func refused(field: String, expected: String) throws {
    let error = #expect(throws: CostError.self) {
      try sheet("services: [{ type: web, name: a, runtime: go, plan: standard, \(field) }]")
    }
    #expect(error?.message.contains(expected) == true, "\(error.debugDescription)")
    #expect(throws: CostError.self) { try sheet("databases: [{ name: d, diskSizeGB: -5 }]") }
  }

  @Test(
    "a blueprint is told from a deployment",
    arguments: [
      ("services: []", true), ("databases: []", true), ("plan_sets: {}", false), ("services: []\nplan_sets: {}", false),
      ("[]", false), ("text", false),
    ])
  func kind(text: String, isBlueprint: Bool) throws {
    #expect(BlueprintCost.isBlueprint(try DocumentReader().read(text: text, file: "f.yaml")) == isBlueprint)
  }

  @Test("a deployment and the blueprint that it makes cost the same, whatever the plans")
  func agreement() throws {
    var compared = 0
    for regions in ["oregon", "oregon, frankfurt", "singapore, ohio, virginia"] {
      for web in render.web.map(\.id) {
        for database in ["free", "basic-256mb", "basic-1gb, disk_gb: 1", "pro-8gb, disk_gb: 250", "1c-2g, disk_gb: 15"]
        {
          let text = """
            name: a
            regions: [\(regions)]
            service: { health_check: / }
            database: {}
            plan_sets: { set: { web: \(web), database: \(database), blueprint: render.yaml } }
            """
          let deployment = try DeploymentReader.read(text: text, file: "d.yaml")
          let set = deployment.planSets[0]
          let blueprint = try sheet(BlueprintText.make(deployment, set))
          #expect(try DeploymentCost.sheet(deployment, set, by: render).total == blueprint.total)
          compared += 1
        }
      }
    }
    #expect(compared == 3 * 15 * 5)
  }
}
