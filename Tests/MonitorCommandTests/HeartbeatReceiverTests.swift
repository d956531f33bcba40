import Curl
import Foundation
import MonitorLedger
import MonitorProbe
import MonitorSleep
import Secrets
import TestSupport
import Testing

@testable import MonitorCommand

@Suite(.timeLimit(.minutes(1)))
struct HeartbeatReceiverTests {
  private static let good = #"{"boot_id":"a","sequence":0,"state":"running","more":1}"#

  /// Sends one body to a receiver of the service `s` with the token `secret`, and tells the state after it.
  private func send(
    _ body: String, to path: String = "/heartbeat/s", token: String? = "Bearer secret", method: String = "POST"
  ) async throws -> (status: Int, answer: String, state: String) {
    let watched = MonitorConfiguration.Watched(
      name: "s", url: nil, sensor: .heartbeats, rules: SleepRules(canProbe: false), token: Redacted("secret"),
      accessLog: nil, healthPath: "/health", conditions: [])
    let client = try CurlClient()
    defer { client.shutdown() }
    let service = WatchedService(
      watched, timeScale: 1, resumed: nil, probe: Probe(client: client), wait: { _ in }, record: { _ in },
      onChange: { _, _ in })
    return try await withServer(HeartbeatReceiver([service]).makeRouter()) { port in
      let headers = token.map { [(name: "Authorization", value: $0)] } ?? []
      let response = try await client.send(
        CurlRequest(
          method: method, url: "http://127.0.0.1:\(port)\(path)", headers: headers,
          body: method == "POST" ? Array(body.utf8) : nil))
      return (response.status, String(decoding: response.body, as: UTF8.self), await service.standing.state)
    }
  }

  @Test(
    "a heartbeat with the token is taken, however its scheme is written", arguments: ["Bearer", "bearer", "BEARER"])
  func taken(scheme: String) async throws {
    let result = try await send(Self.good, token: "\(scheme) secret")
    #expect(result.status == 204 && result.state == "UP")
  }

  @Test(
    "anything else is refused, and changes nothing",
    arguments: [
      ("/heartbeat/s", nil, good, 401), ("/heartbeat/s", "Bearer wrong!", good, 401),
      ("/heartbeat/s", "Bearer secret2", good, 401), ("/heartbeat/t", "Bearer secret", good, 404),
      ("/heartbeat/s", "Bearer secret", "", 400), ("/heartbeat/s", "Bearer secret", "{}", 400),
      ("/heartbeat/s", "Bearer secret", #"{"boot_id":"","sequence":0,"state":"running"}"#, 400),
      ("/heartbeat/s", "Bearer secret", #"{"boot_id":"a","sequence":-1,"state":"running"}"#, 400),
      ("/heartbeat/s", "Bearer secret", #"{"boot_id":"a","sequence":0,"state":"dancing"}"#, 400),
      ("/heartbeat/s", "Bearer secret", #"{"boot_id":"a","sequence":0,"state":"running","sent_at":"now"}"#, 400),
      ("/heartbeat/s", "Bearer secret", #"{"boot_id":"a","sequence":0,"state":"running","memory":{"peak":0}}"#, 400),
      ("/heartbeat/s", "Bearer secret", String(repeating: "x", count: 5_000), 413),
      ("/heartbeat/s", "Bearer secret", String(repeating: "[", count: 4_000), 400),
    ])
  func refused(path: String, token: String?, body: String, status: Int) async throws {
    let result = try await send(body, to: path, token: token)
    #expect(result.status == status, "\(result.answer)")
    #expect(result.state == "UNKNOWN")
    #expect(result.answer.contains("detail") && !result.answer.contains("secret"))
  }

  @Test("the state can be asked; other methods are refused")
  func state() async throws {
    let state = try await send("", to: "/state", method: "GET")
    #expect(state.status == 200 && state.answer.contains(#""name":"s","state":"UNKNOWN""#))
    #expect(try await send("", method: "GET").status == 405)
  }
}
