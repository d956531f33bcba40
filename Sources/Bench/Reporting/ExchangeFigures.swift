package import BenchEngine
import Measures

/// One request and its response for programs; times in milliseconds from the request's start.
package struct ExchangeFigures: Encodable, Sendable, Equatable {
  package var journey: String
  package var step: String
  package var request: String
  /// Null without an answer.
  package var status: Int?
  package var head: String
  /// What is no UTF-8 is replaced.
  package var body: String
  package var failure: String?
  /// A connection was opened for it.
  package var connected: Bool
  package var sent: Double
  package var firstByte: Double?
  package var total: Double
  package var checks: [Check]

  package struct Check: Encodable, Sendable, Equatable {
    package var label: String
    package var passed: Bool
  }

  /// - Parameter showsAll: credentials too.
  package init(_ exchange: Exchange, journey: String, step: StepPlan, showsAll: Bool) {
    self.journey = journey
    self.step = step.name
    request = ExchangeText.requestText(exchange.request, showsAll: showsAll)
    status = exchange.status
    head = String(decoding: exchange.head, as: UTF8.self)
    body = String(decoding: exchange.body, as: UTF8.self)
    failure = exchange.failure.map { "\($0.kind.rawValue): \($0.sample)" }
    connected = exchange.connected
    sent = Double(exchange.sendDelay) / 1e6
    firstByte = exchange.firstByte.map { Double($0) / 1e6 }
    total = Double(exchange.total) / 1e6
    checks = zip(step.checks, exchange.checksPassed).map { Check(label: $0.label, passed: $1) }
  }

  private enum CodingKeys: String, CodingKey {
    case journey, step, request, status, head, body, failure, connected, checks
    case sent = "sent_ms"
    case firstByte = "first_byte_ms"
    case total = "total_ms"
  }
}
