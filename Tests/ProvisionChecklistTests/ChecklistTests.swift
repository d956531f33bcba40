import Documents
import Evidence
import Foundation
import Plans
import ProvisionBlueprint
import TestSupport
import Testing

@testable import ProvisionChecklist

@Suite struct ChecklistTests {
  private let catalogue: Catalogue

  init() throws { catalogue = try #require(try Catalogue.bundled(Catalogue.render2026October)) }

  private func items(
    _ blueprint: String?, health: String? = nil, monitor: MonitorReport? = nil
  ) throws -> [String: Checklist.Item] {
    var view = ChecklistView(catalogue: catalogue, now: 1_795_300_000)
    if let blueprint {
      view.blueprint = ("r.yaml", BlueprintOutline(try DocumentReader().read(text: blueprint, file: "r.yaml")))
    }
    if let health {
      let answer = try #require(BlueprintItem(try DocumentReader().read(text: health, file: "h")))
      view.health = ("https://a.example/health/full", answer)
    }
    if let monitor { view.monitor = ("monitor.json", monitor) }
    let items = ChecklistBuilder.items(view)
    #expect(items.count == 10 && items.allSatisfy { ($0.state == .done) == ($0.remedy == nil) })
    #expect(items.allSatisfy { $0.state != .done || !$0.seen.isEmpty }, "what is done was seen somewhere")
    return Dictionary(uniqueKeysWithValues: items.map { ($0.id, $0) })
  }

  private static let healthy = """
    {"db":"initialized","cache":"redis","scheduler":"running","boot_id":"b","scrape_age_s":60.5,"outbox":0}
    """

  @Test(
    "each item is found where it is, and not where it only seems to be",
    arguments: [
      ("web-plan", "services: [{ type: web, name: a, plan: starter }]", Checklist.State.done),
      ("web-plan", "services: [{ type: web, name: a, plan: starter }, { type: web, name: b, plan: free }]", .open),
      ("web-plan", "services: [{ type: web, name: a, plan: Free }]", .open),
      ("web-plan", "services: [{ type: web, runtime: static, name: a }]", .notTold),
      ("database-plan", "databases: [{ name: d, plan: free }]", .open),
      ("database-plan", "databases: [{ name: d }]", .done),
      ("database-plan", "services: [{ type: web, envVars: [{ key: DATABASE_URL, sync: false }] }]", .notTold),
      ("indexes", "databases: [{ name: d }]", .notTold),
      ("caching", "services: [{ type: keyvalue, name: k, ipAllowList: [] }]", .open),
      (
        "caching",
        "services: [{ type: redis, name: k }, { type: web, envVars: [{ key: C, fromService: { type: redis, name: k } }] }]",
        .done
      ),
      ("caching", "services: [{ type: web, envVars: [{ key: REDIS_URL, value: 'redis://x' }] }]", .done),
      ("error-tracking", "services: [{ type: web, envVars: [{ key: SENTRY_DSN, sync: false }] }]", .notTold),
      ("error-tracking", "services: [{ type: web, envVars: [{ key: SENTRY_DSN, value: 'https://k@h/1' }] }]", .done),
      ("error-tracking", "services: [{ type: web, envVars: [{ key: SENTRY_DSN, value: '' }] }]", .notTold),
      ("schedule", "services: [{ type: cron, name: c, schedule: '0 3 * * *' }]", .done),
      ("schedule", "services: [{ type: web, name: c }]", .notTold),
      ("logging", "envVarGroups: [{ name: g, envVars: [{ key: LOG_FORMAT, value: json }] }]", .done),
      ("messages", "services: [{ type: web, envVars: [{ key: TWILIO_ACCOUNT_SID, value: x }] }]", .done),
      ("backups", "databases: [{ name: d, plan: free }]", .open),
      ("backups", "databases: [{ name: d, plan: basic-1gb }, { name: e, plan: free }]", .open),
      ("backups", "databases: [{ name: d, plan: basic-1gb }]", .done),
      ("backups", "databases: [{ name: d, plan: accelerated-16gb }]", .notTold),
      (
        "backups",
        "databases: [{ name: d, plan: free }]\nservices: [{ type: cron, name: night, startCommand: 'pg_dump x' }]",
        .done
      ),
      ("backups", "services: []", .notTold),
      ("health-monitoring", "services: [{ type: web, name: a }]", .open),
      ("health-monitoring", "services: [{ type: web, name: a, healthCheckPath: /h }]", .done),
      ("health-monitoring", "services: [{ type: worker, name: a }]", .notTold),
    ])
  func found(id: String, blueprint: String, state: Checklist.State) throws {
    let item = try #require(try items(blueprint)[id])
    #expect(item.state == state, "\(item)")
    #expect(item.seen.allSatisfy { $0.place.hasPrefix("r.yaml:") })
  }

  @Test("what the service tells of itself: cache, schedule, and whether that is stale; a liar's answer tells nothing")
  func health() throws {
    let told = try items(nil, health: Self.healthy)
    #expect(told["caching"]?.state == .done && told["schedule"]?.state == .done && told["indexes"]?.state == .done)
    #expect(told["schedule"]?.seen.map(\.what) == ["\"scheduler\": running", "last scrape 1 min ago"])
    let stale = try items(nil, health: Self.healthy.replacing("60.5", with: "99999").replacing("redis", with: "off"))
    #expect(stale["schedule"]?.state == .open && stale["caching"]?.state == .open)
    let away = try items(nil, health: Self.healthy.replacing("initialized", with: "unavailable"))
    #expect(away["indexes"]?.state == .notTold)
    for text in [
      "{\"cache\":\"disconnected\",\"scheduler\":\"stopped\"}", "{\"scheduler\":\"running\",\"scrape_age_s\":-1}",
    ] {
      let unsure = try items(nil, health: text)
      #expect(unsure["caching"]?.state == .notTold && unsure["schedule"]?.state == .notTold, "\(text)")
    }
    for text in ["{}", "{\"scheduler\":[],\"cache\":{},\"scrape_age_s\":\"x\",\"plan\":null}"] {
      #expect(try items(nil, health: text).values.allSatisfy { $0.state == .notTold })
    }
    #expect(
      try items(nil, health: "{\"scheduler\":\"\\u001b[31m\",\"scrape_age_s\":1e300}")["schedule"]?.state == .open)
  }

  @Test("a monitor's report is evidence of monitoring")
  func monitored() throws {
    var report = MonitorReport(
      origin: .live, outgrown: .init(version: "0", commit: nil), service: "s", url: nil, sensor: .heartbeats,
      from: UTCInstant(Date(timeIntervalSince1970: 1_795_000_000)),
      to: UTCInstant(Date(timeIntervalSince1970: 1_795_259_200)), secondsByState: ["up": 259_200], uptime: 1, wakes: 0,
      wakeSeconds: nil, affectedShare: nil, visits: nil, instanceHoursPerMonth: nil, causedSeconds: 0, probes: 0,
      transitions: [])
    let items = try self.items("services: [{ type: web, name: a }]", monitor: report)
    #expect(items["health-monitoring"]?.seen == [.init(place: "monitor.json", what: "3 days of s were watched")])
    #expect(items["logging"]?.state == .done)
    let whole = report
    for change: (inout MonitorReport) -> Void in [
      { $0.origin = .emulated }, { $0.timeScale = 60 }, { $0.secondsByState = [:] },
      { $0.secondsByState = ["unknown": 259_200] },
      { $0.to = UTCInstant(Date(timeIntervalSince1970: 1_700_000_000)) },
    ] {
      report = whole
      change(&report)
      let none = try self.items("services: [{ type: web, name: a }]", monitor: report)
      #expect(none["health-monitoring"]?.state == .open && none["logging"]?.state == .notTold)
    }
  }

  @Test("as text, in 100 columns, and as data that its schema takes")
  func output() throws {
    var view = ChecklistView(catalogue: catalogue, now: 1_795_300_000)
    let path = SchemaCorpus.root.appending(path: "render.yaml").path
    view.blueprint = ("render.yaml", BlueprintOutline(try DocumentReader().read(path: path)))
    let list = Checklist(sources: ["render.yaml"], items: ChecklistBuilder.items(view))
    let lines = list.text()
    #expect(lines.allSatisfy { $0.count <= 100 })
    try Golden.expect(lines.joined(separator: "\n") + "\n", equals: "checklist.txt")
    guard SchemaCorpus.python != nil else { return }
    let told = Checklist(sources: ["x"], items: Array(try items(nil, health: Self.healthy).values))
    var broken = list
    broken.items[0].remedy = nil
    #expect(
      try SchemaCorpus("checklist").judge([list, told, broken].map { try JSONEncoder().encode($0) })
        == [true, true, false])
  }
}
