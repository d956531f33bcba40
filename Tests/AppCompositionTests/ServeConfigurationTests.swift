import AppCache
import AppDomain
import AppStore
import Foundation
import Redis
import Testing

@testable import AppAPI
@testable import AppComposition
@testable import HTTPService

struct ServeConfigurationTests {
  @Test("defaults")
  func defaults() throws {
    let configuration = try ServeConfiguration(ServeConfiguration.Options(), environment: ["PORT": "", "HOST": ""])
    #expect(configuration.source.absoluteString == "https://iitj.ac.in/health-center/en/doctors-schedule")
    #expect(configuration.database == .sqlite(path: "var/app.sqlite"))
    #expect(configuration.address == ListeningAddress(host: "127.0.0.1", port: 8_000))
    #expect(configuration.delay == nil)
  }

  @Test("options win over the environment")
  func precedence() throws {
    let environment = [
      "PORT": "81", "HOST": "0.0.0.0", "SCHEDULE_URL": "http://a/", "DATABASE_URL": "sqlite:/e.sqlite",
    ]
    let fromEnvironment = try ServeConfiguration(ServeConfiguration.Options(), environment: environment)
    #expect(fromEnvironment.address == ListeningAddress(host: "0.0.0.0", port: 81))
    #expect(fromEnvironment.source.absoluteString == "http://a/")
    #expect(fromEnvironment.database == .sqlite(path: "/e.sqlite"))
    let fromOptions = try ServeConfiguration(
      ServeConfiguration.Options(
        source: "http://b/", database: "sqlite:o", host: "::1", port: "0", readyFile: "r", delay: "500ms"),
      environment: environment)
    #expect(fromOptions.address == ListeningAddress(host: "::1", port: 0))
    #expect(fromOptions.source.absoluteString == "http://b/")
    #expect(fromOptions.database == .sqlite(path: "o"))
    #expect(fromOptions.delay == .milliseconds(500))
  }

  @Test(
    "a Redis that can't be used, and what is neither on nor off, is refused by name",
    arguments: [
      (["REDIS_URL": "rediss://h"], "REDIS_URL: rediss:// (TLS)"), (["REDIS_URL": "http://h"], "REDIS_URL: redis://"),
      (["REDIS_PREFIX": "a b"], "REDIS_PREFIX: "), (["INDEXES": "none"], "INDEXES \"none\": on or off"),
      (["CACHE": "none"], "CACHE \"none\": on or off"),
    ])
  func redis(environment: [String: String], start: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try ServeConfiguration(ServeConfiguration.Options(), environment: environment)
    }
    #expect(error?.description.hasPrefix(start) == true, "\(error?.description ?? "")")
    let taken = try ServeConfiguration(
      ServeConfiguration.Options(),
      environment: ["REDIS_URL": "redis://h", "REDIS_PREFIX": "p", "INDEXES": "off", "CACHE": "on"])
    #expect(taken.redis?.server.host == "h" && taken.redis?.prefix == "p" && !taken.hasIndexes)
  }

  @Test(
    "everybody may do what is the operator's on a developer's own machine only",
    arguments: [
      (["DEVELOPMENT": "1"], true), (["DEVELOPMENT": "1", "HOST": "localhost"], true),
      (["DEVELOPMENT": "1", "HOST": "::1"], true), (["DEVELOPMENT": "1", "HOST": "0.0.0.0"], false),
      (["DEVELOPMENT": "1", "HOST": "10.0.0.7"], false), (["DEVELOPMENT": "1", "RENDER": "true"], false),
      (["DEVELOPMENT": "yes"], false), (["DEVICES_MAX": "0"], false),
    ])
  func development(environment: [String: String], isTaken: Bool) throws {
    guard isTaken else {
      #expect(throws: ConfigurationError.self) {
        try ServeConfiguration(ServeConfiguration.Options(), environment: environment)
      }
      return
    }
    let configuration = try ServeConfiguration(ServeConfiguration.Options(), environment: environment)
    guard case .everybody = configuration.access.admin else {
      Issue.record("the operator's is not everybody's")
      return
    }
    var withToken = environment
    withToken["ADMIN_TOKEN"] = "0123456789abcdef"
    #expect(
      try ServeConfiguration(ServeConfiguration.Options(), environment: withToken).access.admin.token != nil)
  }

  private static func read(_ environment: [String: String]) throws -> ServeConfiguration {
    try ServeConfiguration(ServeConfiguration.Options(), environment: environment)
  }

  @Test(
    "answers are kept for five minutes, for as long as is said, or not at all",
    arguments: [
      ([:], 300), (["CACHE": "", "CACHE_TTL": ""], 300), (["CACHE_TTL": "60"], 60), (["CACHE_TTL": "2m"], 120),
      (["CACHE": "on", "CACHE_TTL": "24h"], 86_400), (["CACHE": "off"], 0), (["CACHE": "off", "CACHE_TTL": "60"], 0),
      (["CACHE": "no"], nil), (["CACHE_TTL": "0"], nil), (["CACHE_TTL": "-1"], nil), (["CACHE_TTL": "25h"], nil),
      (["CACHE_TTL": "soon"], nil),
    ] as [([String: String], Double?)])
  func cache(environment: [String: String], lifetime: Double?) throws {
    if let lifetime {
      #expect(try Self.read(environment).cache.lifetime == lifetime)
    } else {
      let error = #expect(throws: ConfigurationError.self) { try Self.read(environment) }
      #expect(error?.description.hasPrefix("CACHE") == true)
    }
  }

  @Test("where an instance runs is what the deployment says, before what the platform does")
  func place() throws {
    #expect(try Self.read([:]).place == InstancePlace())
    let onPlatform = ["RENDER_INSTANCE_ID": "srv-1-a", "REGION": "singapore", "PLAN": "free"]
    #expect(try Self.read(onPlatform).place == InstancePlace(instance: "srv-1-a", region: "singapore", plan: "free"))
    #expect(try Self.read(onPlatform.merging(["INSTANCE_ID": "blue"]) { $1 }).place.instance == "blue")
  }

  @Test("pages that may read, and how often somebody may ask, are what is said, or refused")
  func strangers() throws {
    #expect(try Self.read([:]).access.crossOrigin == CrossOrigin())
    #expect(
      try Self.read(["ALLOWED_ORIGINS": "https://a.example"]).access.crossOrigin == CrossOrigin("https://a.example"))
    #expect(try Self.read(["LIMIT_PER_MINUTE": "5"]).access.perMinute == 5)
    for (name, value) in [("ALLOWED_ORIGINS", "a.example"), ("LIMIT_PER_MINUTE", "0"), ("LIMIT_PER_MINUTE", "many")] {
      let error = #expect(throws: ConfigurationError.self) { try Self.read([name: value]) }
      #expect(error?.description.hasPrefix(name) == true)
    }
  }

  @Test("a limit is a client's for a minute, and ten clients' for all together")
  func limit() throws {
    let limit = try Self.read(["LIMIT_PER_MINUTE": "6"]).access.limit { 0 }
    let admitted = (0..<10).map { _ in limit.admit(client: "a") == nil }
    #expect(admitted.filter { $0 }.count == 6)
    #expect((0..<100).filter { limit.admit(client: "\($0)") == nil }.count == 14)
  }

  @Test(
    "the campus is five and a half hours ahead of UTC",
    arguments: [(1_795_458_600.0, "2026-11-24"), (1_795_458_599.0, "2026-11-23"), (1_795_544_999.0, "2026-11-24")])
  func campusDay(seconds: Double, day: String) {
    #expect(CampusClock.today(at: seconds).iso8601 == day)
  }
}
