import AppDomain
import AppStore
import Foundation
import Synchronization
import Terminal
import TestSupport
import Testing

@testable import AppComposition

@Suite(.timeLimit(.minutes(2)))
struct HeartbeatEndToEndTests {
  @Test("the service says that it starts, runs and stops, with its token, and keeps its run in the store")
  func heartbeats() async throws {
    let heads = Mutex<[String]>([])
    let monitor = try LoopbackServer { head in
      heads.withLock { $0.append(head) }
      return .init(status: "204 No Content")
    }
    defer { monitor.stop() }
    try await withTemporaryDirectory { folder in
      let service = try BuiltExecutable(
        ["app", "serve", "--source", "http://127.0.0.1:9/", "--ready-file", folder + "/app.json"], in: folder,
        environment: [
          "PORT": "0", "DATABASE_URL": "sqlite:app.sqlite", "HEARTBEAT_URL": monitor.url + "/heartbeat/s",
          "HEARTBEAT_TOKEN": "opensesame", "HEARTBEAT_INTERVAL": "100ms",
        ])
      let ready = try await service.ready(folder + "/app.json")
      _ = try await WireClient.send("GET", "/schedules", port: ready.port, headers: ["User-Agent": "Mozilla/5.0"])
      await Waiting.until { heads.withLock { $0.count } >= 4 }
      let before = heads.withLock { $0.count }
      service.signal(SIGTERM)
      #expect(await service.exitStatus() == 0)
      let all = heads.withLock { $0 }
      #expect(before >= 4 && all.count > before)
      #expect(all.allSatisfy { $0.hasPrefix("POST /heartbeat/s ") && $0.contains("Authorization: Bearer opensesame") })
      #expect(!service.log.contains("opensesame"))
      let boots = try await SQLScheduleStore(path: folder + "/app.sqlite").boots(limit: 5)
      let boot = try #require(boots.first)
      #expect(boots.count == 1 && boot.id == ready.boot_id && boot.stoppedAt != nil)
      #expect(boot.firstRequest?.path == "/schedules" && boot.firstRequest?.client == .browser)
      #expect(boot.lastInboundAt != nil && boot.previousInboundAt == nil)
    }
  }

  @Test("a monitor that is away, or silent, holds up neither requests nor the end")
  func away() async throws {
    let silent = try LoopbackServer { _ in .init(bytes: [], hangs: true) }
    defer { silent.stop() }
    for url in ["http://127.0.0.1:9/", silent.url + "/"] {
      try await withTemporaryDirectory { folder in
        let service = try BuiltExecutable(
          ["app", "serve", "--source", "http://127.0.0.1:9/", "--ready-file", folder + "/app.json"], in: folder,
          environment: ["PORT": "0", "HEARTBEAT_URL": url, "HEARTBEAT_INTERVAL": "100ms"])
        let ready = try await service.ready(folder + "/app.json")
        #expect(try await WireClient.send("GET", "/schedules", port: ready.port).status == 200)
        let start = ContinuousClock.now
        service.signal(SIGTERM)
        #expect(await service.exitStatus() == 0)
        #expect(ContinuousClock.now - start < .seconds(9))
      }
    }
  }

  @Test(
    "settings that can't be used are refused without the token",
    arguments: [
      (["HEARTBEAT_URL": "ftp://x/?k=secret"], "HEARTBEAT_URL"),
      (["HEARTBEAT_URL": "http://u:secret@h/", "HEARTBEAT_INTERVAL": "soon"], "HEARTBEAT_INTERVAL"),
    ])
  func refused(environment: [String: String], mention: String) {
    let error = #expect(throws: ConfigurationError.self) { try HeartbeatTarget(environment: environment) }
    #expect(error?.description.contains(mention) == true && error?.description.contains("secret") == false)
  }

  @Test("without a URL nobody is told; the token prints as dots")
  func settings() throws {
    #expect(try HeartbeatTarget(environment: ["HEARTBEAT_TOKEN": "x"]) == nil)
    let target = try #require(
      try HeartbeatTarget(environment: ["HEARTBEAT_URL": "http://h/", "HEARTBEAT_TOKEN": "x1y2"]))
    #expect(target.interval == .seconds(60) && !"\(target)".contains("x1y2"))
  }
}
