import Curl
import MonitorProbe
import TestSupport
import Testing
import Visits

@Suite(.timeLimit(.minutes(1)))
struct ProbeTests {
  @Test("a probe has phases, headers, body and class; credentials and query stay out of what it shows")
  func answered() async throws {
    let server = try LoopbackServer { head in
      head.hasPrefix("GET /a?b=secret ")
        ? .init(headers: ["x-render-origin-server: uvicorn"], body: Array("hello".utf8)) : .init(status: "400 Bad")
    }
    defer { server.stop() }
    let client = try CurlClient()
    defer { client.shutdown() }
    let result = await Probe(client: client).ask("http://u:p@127.0.0.1:\(server.port)/a?b=secret")
    #expect(result.status == 200 && result.edgeClass == .awake && result.isConnected)
    #expect(result.url == "http://127.0.0.1:\(server.port)/a")
    #expect(result.phases.totalMilliseconds > 0)
    #expect(result.phases.connectMilliseconds != nil && result.phases.tlsMilliseconds == nil)
    let parts = [
      result.phases.dnsMilliseconds, result.phases.connectMilliseconds, result.phases.firstByteMilliseconds,
      result.phases.transferMilliseconds,
    ].compactMap(\.self).reduce(0, +)
    #expect(abs(parts - result.phases.totalMilliseconds) < 0.1)
  }

  @Test("nobody listens, and nobody answers in time")
  func unanswered() async throws {
    let silent = try LoopbackServer { _ in .init(bytes: [], hangs: true) }
    defer { silent.stop() }
    let client = try CurlClient()
    defer { client.shutdown() }
    let probe = Probe(client: client)
    let refused = await probe.ask("http://127.0.0.1:9/")
    #expect(refused.status == nil && refused.failure?.code == .connect && !refused.isConnected)
    let late = await probe.ask(silent.url + "/", timeout: .milliseconds(200))
    #expect(late.status == nil && late.failure?.code == .timeout)
  }

  @Test(
    "a certificate's end is known of a real one, and conditions compare it", .enabled(if: TLSServer.isAvailable),
    arguments: [
      ("[CERTIFICATE_EXPIRATION] > 47h", true), ("[CERTIFICATE_EXPIRATION] > 49h", false),
      ("[CERTIFICATE_EXPIRATION] < 48h", true), ("49h > [CERTIFICATE_EXPIRATION]", true),
    ])
  func certificate(text: String, isMet: Bool) async throws {
    let server = try TLSServer(days: 2)
    let client = try CurlClient()
    defer { client.shutdown() }
    let result = await Probe(client: client).ask(
      "https://127.0.0.1:\(server.port)/", authorityFile: server.certificate)
    let seconds = try #require(result.certificateSeconds)
    #expect(seconds > 47 * 3_600 && seconds <= 48 * 3_600)
    #expect(try Condition(parsing: text).evaluate(result).isMet == isMet)
  }

  @Test("a redirect is an answer: nobody is asked who was not named")
  func redirect() async throws {
    let server = try LoopbackServer { _ in .init(status: "302 Found", headers: ["Location: http://127.0.0.1:9/"]) }
    defer { server.stop() }
    let client = try CurlClient()
    defer { client.shutdown() }
    #expect(await Probe(client: client).ask(server.url + "/").status == 302)
  }
}
