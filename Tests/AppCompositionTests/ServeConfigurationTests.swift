import AppDomain
import Foundation
import Testing

@testable import AppComposition
@testable import AppStore
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

  @Test(
    "the campus is five and a half hours ahead of UTC",
    arguments: [(1_795_458_600.0, "2026-11-24"), (1_795_458_599.0, "2026-11-23"), (1_795_544_999.0, "2026-11-24")])
  func campusDay(seconds: Double, day: String) {
    #expect(CampusClock.today(at: seconds).iso8601 == day)
  }
}
