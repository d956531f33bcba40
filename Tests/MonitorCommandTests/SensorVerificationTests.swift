import Curl
import MonitorProbe
import Synchronization
import TestSupport
import Testing

@testable import MonitorCommand

@Suite(.timeLimit(.minutes(1)))
struct SensorVerificationTests {
  @Test(
    "the path that is given is asked, with its query; /robots.txt beside it",
    arguments: [
      ("http://h", "http://h", "/"), ("http://h/", "http://h", "/"), ("http://h/path", "http://h", "/path"),
      ("https://u:p@h:8/a/b?c=/d#e", "https://u:p@h:8", "/a/b?c=/d"), ("http://h?c=1", "http://h", "/?c=1"),
      ("http://h#e", "http://h", "/"),
    ])
  func parts(url: String, base: String, path: String) {
    #expect(SensorVerification.parts(of: url) == (base, path))
  }

  @Test("what is asked of the app is asked at the path, awake and asleep")
  func path() async throws {
    let asked = Mutex<[String]>([])
    let server = try LoopbackServer { head in
      asked.withLock { $0.append(String(head.split(separator: " ").dropFirst().first ?? "")) }
      return .init(headers: ["x-render-origin-server: uvicorn"], body: Array("ok".utf8))
    }
    defer { server.stop() }
    let client = try CurlClient()
    defer { client.shutdown() }
    let (base, path) = SensorVerification.parts(of: server.url + "/clinic?day=1")
    let steps = try await SensorVerification(base: base, path: path, probe: Probe(client: client))
      .run(resting: .seconds(960), wait: { _ in }, tell: { _ in })
    #expect(steps.count == 6)
    #expect(
      asked.withLock { $0 } == [
        "/clinic?day=1", "/robots.txt", "/robots.txt", "/robots.txt", "/clinic?day=1", "/clinic?day=1",
      ])
  }
}
