import Documents
import Foundation
import Secrets
import TestSupport
import Testing

@testable import MonitorCommand
@testable import MonitorSleep

@Suite struct MonitorConfigurationTests {
  private func read(_ text: String, _ environment: [String: String] = [:]) throws -> MonitorConfiguration {
    try MonitorConfiguration(
      DocumentReader().read(text: text, file: "monitor.yaml"), file: "monitor.yaml", environment: environment)
  }

  @Test("one service with nothing but its name is watched by its heartbeats")
  func defaults() throws {
    let configuration = try read("services:\n  - name: schedule\n")
    let service = try #require(configuration.services.first)
    #expect(configuration.ledger == "var/monitor.sqlite" && configuration.listen == nil)
    #expect(service.sensor == .heartbeats && service.rules == SleepRules(canProbe: false))
    #expect(service.rules.idle == 900 && service.rules.poll == 960 && service.rules.failures == 3)
  }

  @Test("every key is read")
  func everything() throws {
    let configuration = try read(
      """
      ledger: data/l.sqlite
      listen: "[::1]:9000"
      time_scale: 300
      services:
        - name: schedule
          url: https://schedule.example/
          token_env: TOKEN
          idle: 3s
          heartbeat_every: 500ms
          grace: 200ms
          start_within: 10s
          confirm_every: 100ms
          poll_every: 4s
          failures: 2
          successes: 1
        - {name: other, url: "http://127.0.0.1:1", sensor: health, idle: never, health: /up, conditions: ["[STATUS] == 200"]}
      """, ["TOKEN": "secret"])
    let first = try #require(configuration.services.first)
    #expect(first.url == "https://schedule.example" && first.token?.secret == "secret")
    #expect(!"\(first)".contains("secret"))
    #expect(
      first.rules
        == SleepRules(
          idle: 3, heartbeat: 0.5, grace: 0.2, start: 10, confirm: 0.1, poll: 4, canProbe: true, failures: 2,
          successes: 1))
    #expect(configuration.services.last?.rules.idle == nil && configuration.services.last?.conditions.count == 1)
  }

  @Test(
    "what is wrong is said with its place",
    arguments: [
      ("services:\n  - nam: a\n", "monitor.yaml:2:5: unknown key 'nam', expected 'name'"),
      ("services: []\n", "monitor.yaml:1:11: a list of 0, expected at least 1"),
      ("service: []\n", "monitor.yaml:1:1: unknown key 'service', expected 'services'"),
      ("listen: 8787\nservices: [{name: a}]\n", "monitor.yaml:1:9: '8787', expected host:port"),
      ("services: [{name: a, url: ftp://x}]\n", "monitor.yaml:1:27: 'ftp://x', expected an http:// or https://"),
      ("services: [{name: a/b}]\n", "monitor.yaml:1:19: '/' in the name"),
      ("services: [{name: a, sensor: ping}]\n", "monitor.yaml:1:30: 'ping', expected heartbeats"),
      ("services: [{name: a, sensor: robots}]\n", "without a URL, expected 'url'"),
      ("services: [{name: a, sensor: access_log}]\n", "expected 'access_log', its path"),
      (
        "services:\n  - {name: a, url: http://h, sensor: robots, poll_every: 10m}\n",
        "monitor.yaml:2:58: a poll every 10 m 0 s would keep the service awake"
      ),
      ("services: [{name: a, idle: 60s}]\n", "monitor.yaml:1:22: heartbeats every 60.0 s under an idle time of 60.0 s"),
      ("services: [{name: a}, {name: a}]\n", "monitor.yaml:1:23: a second service 'a'"),
      ("services: [{name: a, token_env: NONE}]\n", "monitor.yaml:1:33: the variable 'NONE' is not set"),
      ("listen: 0.0.0.0:80\nservices: [{name: a}]\n", "no token for a listener that others can reach"),
      (
        "services:\n  - {name: a, url: http://h, sensor: health, conditions: [\"[STATUS] = 200\"]}\n",
        "monitor.yaml:2:69: '= 200', expected a comparison"
      ),
      ("services: [{name: a, failures: 0}]\n", "monitor.yaml:1:32: '0', expected a whole number from 1 to 20"),
    ])
  func refused(text: String, message: String) {
    let error = #expect(throws: DocumentError.self) { try read(text) }
    #expect(error?.description.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
  }
}
