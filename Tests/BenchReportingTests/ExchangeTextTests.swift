import BenchEngine
import Measures
import Terminal
import TestSupport
import Testing

@testable import BenchReporting

struct ExchangeTextTests {
  private static let step = StepPlan(
    name: "sign in", request: [],
    checks: [
      CheckPlan(label: "status is 200", subject: .status([StatusRange(200, 200)])),
      CheckPlan(label: "captures token", subject: .bodyContains([])),
    ])

  private static func exchange() -> Exchange {
    Exchange(
      step: 0,
      request: Array(
        "POST /login HTTP/1.1\r\nHost: h\r\nAuthorization: Basic c2VjcmV0\r\nContent-Length: 3\r\n\r\na=1".utf8),
      head: Array("HTTP/1.1 200 OK\r\nX: \u{1B}[31mred\r\n\r\n".utf8),
      body: Array((1...30).map { "line \($0)\n" }.joined().utf8), status: 200, failure: nil, connected: true,
      sendDelay: 412_000, firstByte: 11_900_000, total: 12_345_678, checksPassed: [true, false])
  }

  @Test("a request and its response are shown with times and checks, cut, without credentials and escapes")
  func answered() throws {
    let lines = ExchangeText.render(Self.exchange(), number: 1, step: Self.step, showsAll: false, style: .plain)
    try Golden.expect(lines.joined(separator: "\n"), equals: "exchange.txt")
  }

  @Test("the same for programs has everything, credentials apart")
  func figures() {
    let figures = ExchangeFigures(Self.exchange(), journey: "j", step: Self.step, showsAll: false)
    #expect(
      figures.request
        == "POST /login HTTP/1.1\r\nHost: h\r\nAuthorization: Basic •••\r\nContent-Length: 3\r\n\r\na=1")
    #expect(figures.status == 200 && figures.total == 12.345678 && figures.firstByte == 11.9)
    #expect(figures.checks.map(\.passed) == [true, false])
    #expect(
      ExchangeFigures(Self.exchange(), journey: "j", step: Self.step, showsAll: true).request.contains("c2VjcmV0"))
  }

  @Test("--full shows everything but escapes")
  func full() {
    let text = ExchangeText.render(Self.exchange(), number: 1, step: Self.step, showsAll: true, style: .plain)
      .joined(separator: "\n")
    #expect(text.contains("Basic c2VjcmV0"))
    #expect(text.contains("line 30"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test("a failure says what it was, and bytes that are no text are counted")
  func failed() {
    var exchange = Self.exchange()
    exchange.failure = (.timeout, "no response within 10 s")
    exchange.head = []
    exchange.body = [0, 1, 2]
    let lines = ExchangeText.render(exchange, number: 7, step: Self.step, showsAll: false, style: .plain)
    #expect(lines[0].hasPrefix("  7  sign in  timeout: no response within 10 s  12.3 ms, sent after"))
    #expect(lines.contains { $0.hasSuffix("(3 bytes that are no text)") })
  }
}
