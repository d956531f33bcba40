import Foundation
import Secrets
import Sentry
import Synchronization
import TestSupport
import Testing

@testable import AppComposition

@Suite(.timeLimit(.minutes(2)))
struct SentryEndToEndTests {
  private static let dsn = "https://opensesame@o1.ingest.sentry.io/42"

  @Test("what ends the service is told to Sentry before the process ends; a Sentry that is silent delays that by 2 s")
  func uncaught() async throws {
    let bodies = Mutex<[String]>([])
    let sentry = try LoopbackServer(answeringBodies: { _, body in
      bodies.withLock { $0.append(String(decoding: body, as: UTF8.self)) }
      return .init()
    })
    defer { sentry.stop() }
    let silent = try LoopbackServer { _ in .init(bytes: [], hangs: true) }
    defer { silent.stop() }
    for server in [sentry, silent] {
      try await withTemporaryDirectory { folder in
        let start = ContinuousClock.now
        // The port is the server's own, so that the service finds it taken.
        let service = try BuiltExecutable(
          ["app", "serve", "--source", "http://127.0.0.1:9/", "--port", "\(server.port)"], in: folder,
          environment: [
            "DATABASE_URL": "sqlite:test.sqlite", "SENTRY_ENVIRONMENT": "rehearsal",
            "SENTRY_DSN": server.url.replacing("http://", with: "http://opensesame@") + "/42",
          ])
        #expect(await service.exitStatus() == 69)
        #expect(start.duration(to: .now) < .seconds(8), "starting included")
        #expect(service.log.contains("is in use") && !service.log.contains("opensesame"), "\(service.log)")
      }
    }
    let told = try #require(bodies.withLock { $0.last })
    #expect(told.contains(#""level":"fatal""#) && told.contains("is in use") && told.contains("HTTPServiceError"))
    #expect(told.contains(#""environment":"rehearsal""#) && told.contains(#""release":"outgrown@"#))
    #expect(told.contains(#""boot_id""#) && !told.contains("server_name"))
  }

  @Test("a Sentry that never answers holds up neither requests nor, beyond 2 s, a stop; its metrics are the service's")
  func frozen() async throws {
    let heads = Mutex<[String]>([])
    let silent = try LoopbackServer { head in
      heads.withLock { $0.append(head) }
      return .init(bytes: [], hangs: true)
    }
    defer { silent.stop() }
    try await withTemporaryDirectory { folder in
      // A backup that can't be made is an error of the log.
      let service = try BuiltExecutable(
        ["app", "serve", "--source", "http://127.0.0.1:9/", "--ready-file", folder + "/app.json"], in: folder,
        environment: [
          "PORT": "0", "DATABASE_URL": "sqlite:test.sqlite", "BACKUP_TO": "/proc/none",
          "SENTRY_DSN": silent.url.replacing("http://", with: "http://opensesame@") + "/42",
        ])
      let ready = try await service.ready(folder + "/app.json")
      await Waiting.until { heads.withLock { $0.count } == 1 }
      #expect(heads.withLock { $0.first?.hasPrefix("POST /api/42/envelope/ ") } == true)
      #expect(try await WireClient.send("GET", "/schedules", port: ready.port).status == 200)
      let metrics = try await WireClient.send("GET", "/metrics", port: ready.port)
      #expect(metrics.body.contains(#"sentry_events_total{result="sent"} 0"#))
      let start = ContinuousClock.now
      service.signal(SIGTERM)
      #expect(await service.exitStatus() == 0)
      #expect(start.duration(to: .now) < .seconds(5))
    }
  }

  @Test(
    "settings that can't be used are refused without the DSN",
    arguments: [
      ["SENTRY_DSN": "opensesame"], ["SENTRY_DSN": "http://opensesame@sentry.io/1"],
      ["SENTRY_SAMPLE_RATE": "1.1"], ["SENTRY_SAMPLE_RATE": "nan"], ["SENTRY_SAMPLE_RATE": "-0.1"],
      ["SENTRY_SAMPLE_RATE": "half", "SENTRY_DSN": dsn], ["SENTRY_RELEASE": "a/b", "SENTRY_DSN": dsn],
      ["SENTRY_ENVIRONMENT": "a b", "SENTRY_DSN": dsn],
    ])
  func refused(environment: [String: String]) throws {
    let error = #expect(throws: ConfigurationError.self) { try SentryOptions(environment: environment) }
    let name = try #require(environment.keys.sorted().last)
    #expect(error?.description.hasPrefix(name) == true && error?.description.contains("expected") == true)
    #expect(error?.description.contains("opensesame") == false)
  }

  @Test("without a DSN nobody is told; with one, everything has a value, and no secret prints")
  func settings() throws {
    #expect(try SentryOptions(environment: ["SENTRY_RELEASE": "x"]) == nil)
    let options = try #require(
      try SentryOptions(environment: [
        "SENTRY_DSN": Self.dsn, "INSTANCE_ID": "i-1", "SENTRY_SAMPLE_RATE": "0.25", "ADMIN_TOKEN": "topsecrettopsecret",
        "SMTP_URL": "smtp://u:mailsecret@h",
      ]))
    #expect(options.release.hasPrefix("outgrown@") && options.environment == "production")
    #expect(options.serverName == "i-1" && options.sampleRate == 0.25)
    #expect(options.secrets.secret.contains("topsecrettopsecret") && options.secrets.secret.contains("mailsecret"))
    let printed = String(reflecting: options) + "\(options)"
    #expect(!printed.contains("secret\"") && !printed.contains("opensesame") && !printed.contains("mailsecret"))
    let shown = SettingLine.all(of: Settings(environment: ["SENTRY_DSN": Self.dsn]))
    #expect(shown.first { $0.name == "SENTRY_DSN" }?.value == "(set)")
  }
}
