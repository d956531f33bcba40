import BenchEngine
import Matching
import Testing

@testable import BenchVerdict

/// k6's thresholds as budgets.
struct ThresholdTests {
  @Test(
    "k6's names, methods and numbers without a unit are read as what they mean there",
    arguments: [
      ("http_req_duration", "p(95)<300", Metric.responseTime, Method.quantile(0.95), Comparison.less, 300e6),
      ("http_req_duration", "p(99.9) < 1000.5", .responseTime, .quantile(99.9 / 100), .less, 1_000.5e6),
      ("http_req_duration", "avg<200", .responseTime, .mean, .less, 200e6),
      ("http_req_duration", "max<=1000", .responseTime, .maximum, .lessOrEqual, 1e9),
      ("http_req_duration", "med<100", .responseTime, .quantile(0.5), .less, 100e6),
      ("http_req_duration", "min>1", .responseTime, .minimum, .greater, 1e6),
      ("http_req_duration", "p(95)<1.5s", .responseTime, .quantile(0.95), .less, 1.5e9),
      ("http_req_failed", "rate<0.01", .failed, .rate, .less, 0.01),
      ("http_req_failed", "rate===0", .failed, .rate, .equal, 0),
      ("http_reqs", "rate>50", .requests, .rate, .greater, 50),
      ("http_reqs", "count>=100", .requests, .count, .greaterOrEqual, 100),
      ("http_req_waiting", "p(90)<80", .waitTime, .quantile(0.9), .less, 80e6),
      ("http_req_connecting", "max<50", .connectTime, .maximum, .less, 50e6),
      ("http_req_tls_handshaking", "max<90", .tlsTime, .maximum, .less, 90e6),
      ("http_req_sending", "max<5", .sendTime, .maximum, .less, 5e6),
      ("http_req_receiving", "avg<5", .receiveTime, .mean, .less, 5e6),
      ("iterations", "rate>4", .iterations, .rate, .greater, 4),
      ("iterations", "rate>60/min", .iterations, .rate, .greater, 1),
      ("iterations", "count!=0", .iterations, .count, .notEqual, 0),
      ("checks", "rate>0.99", .checks, .rate, .greater, 0.99),
      ("dropped_iterations", "count<10", .dropped, .count, .less, 10),
      ("data_received", "count<1000000", .bytesReceived, .count, .less, 1e6),
      ("data_sent", "rate<2000", .bytesSent, .rate, .less, 2_000), ("vus", "value>10", .users, .last, .greater, 10),
    ] as [(String, String, Metric, BenchVerdict.Method, Comparison, Double)])
  func meaning(
    _ name: String, _ condition: String, _ metric: Metric, _ method: BenchVerdict.Method, _ comparison: Comparison,
    _ limit: Double
  ) throws {
    let budget = try Budget.parse(selector: name, condition: condition)
    #expect(budget.selector.metric == metric && budget.method == method && budget.comparison == comparison)
    #expect(abs(budget.limit - limit) <= 1e-9 * limit)
    #expect(budget.text == "\(name): \(condition)")
    #expect(try Budget.parse("\(name): \(condition)") == budget)
  }

  @Test("a request's name is its step, and a scenario with a load of its own a phase")
  func tags() throws {
    let budget = try Budget.parse("http_req_duration{name:page,scenario:herd,kind:read}: p(95)<300 over 10s warn")
    #expect(
      budget.selector.step == "page" && budget.selector.phase == "herd" && budget.selector.tags == ["kind": "read"])
    #expect(budget.window == .seconds(10) && budget.level == .warn)
    // Their own names have no such second ones.
    #expect(try Budget.parse("response_time{name:page}: max < 1s").selector.step == nil)
  }

  @Test(
    "what k6 can't ask for, or measures as nothing here does, is refused at its place",
    arguments: [
      ("http_req_duration: rate<1", 19, "'p(N)'"), ("http_req_duration: median<1", 19, "'p(N)'"),
      ("http_req_failed: count<1", 17, "'rate'"), ("http_req_failed: rate<5", 22, "a share"),
      ("dropped_iterations: rate<1", 20, "'count'"), ("vus: max<1", 5, "'value'"), ("users: value<1", 7, "max"),
      ("http_reqs: rate>fast", 16, "a rate"), ("http_req_duration{expected_response:true}: max<1", 18, "no such tag"),
      ("iteration_duration: max<1", 0, ""), ("http_req_durations: max<1", 0, "'http_req_duration'"),
      ("vus_max: value<1", 0, ""),
      ("requests: rate > 50", 17, "a rate"), ("response_time: p(95) < 300", 23, "a duration"),
    ])
  func refused(text: String, column: Int, expected: String) throws {
    let error = try #require(throws: BudgetError.self) { try Budget.parse(text) }
    #expect(error.offset == column)
    #expect(error.expected.contains(expected.replacing("'", with: "")) || error.expected.contains(expected))
  }

  @Test("to abort on failure is to abort after a second, or after the delay; once said is enough")
  func aborting() throws {
    let budget = try Budget.parse("http_req_failed: rate<0.01")
    let atOnce = try #require(budget.aborting(after: nil))
    #expect(atOnce.abortAfter == .seconds(1) && atOnce.text == "http_req_failed: rate<0.01 abort after 1s")
    let later = try #require(budget.aborting(after: ("10s", .seconds(10))))
    #expect(later.abortAfter == .seconds(10))
    #expect(try Budget.parse(later.text) == later)
    #expect(budget.aborting(after: ("0s", .zero))?.text == atOnce.text)
    #expect(try Budget.parse("http_reqs: count>1 warn").aborting(after: nil) == nil)
    #expect(later.aborting(after: nil) == nil)
  }
}
