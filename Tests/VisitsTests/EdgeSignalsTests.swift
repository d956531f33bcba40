import Testing
import Visits

@Suite struct EdgeSignalsTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var status: Int
    var headers: [String: String] = [:]
    var body = ""
    var path = "/"
    var expected: EdgeClass
  }

  /// The recorded signals one by one, then what is none of them.
  static let rows: [Row] = [
    Row(
      testDescription: "loading page", status: 503,
      headers: ["x-render-routing": "hibernate-pending-wake", "retry-after": "5"], body: "<html>", expected: .asleep),
    Row(
      testDescription: "held until the app answered", status: 200,
      headers: ["x-render-origin-server": "uvicorn", "rndr-id": "a"], expected: .awake),
    Row(
      testDescription: "wake failed", status: 503, headers: ["x-render-routing": "hibernate-wake-error"],
      expected: .down),
    Row(
      testDescription: "the asleep answer of 2025", status: 503,
      headers: ["x-render-routing": "dynamic-hibernate-error-503"], expected: .asleep),
    Row(
      testDescription: "free instance unreachable", status: 502, headers: ["x-render-routing": "dynamic-free-error"],
      expected: .down),
    Row(
      testDescription: "paid instance unreachable", status: 502, headers: ["x-render-routing": "dynamic-paid-error"],
      expected: .down),
    Row(
      testDescription: "suspended by the platform", status: 503, headers: ["x-render-routing": "suspend"],
      body: "Service Suspended", expected: .suspended),
    Row(
      testDescription: "suspended by its owner", status: 503, headers: ["x-render-routing": "suspend-by-user"],
      expected: .suspended),
    Row(
      testDescription: "no such service", status: 404, headers: ["x-render-routing": "no-server"], body: "Not Found",
      expected: .misrouted),
    Row(
      testDescription: "throttled", status: 429, headers: ["x-render-routing": "rate-limited"], expected: .unknown),
    Row(
      testDescription: "the app's own error", status: 500,
      headers: ["x-render-origin-server": "Render", "rndr-id": "a"], expected: .awake),
    Row(
      testDescription: "the edge's robots.txt", status: 200, body: "User-agent: *\nDisallow: /", path: "/robots.txt",
      expected: .edgeRobots),
    Row(
      testDescription: "the edge's robots.txt with other line ends", status: 200,
      body: "User-Agent: *\r\nDisallow: /\r\n", path: "/robots.txt", expected: .edgeRobots),
    Row(
      testDescription: "the same text from the app", status: 200, headers: ["x-render-origin-server": "Render"],
      body: "User-agent: *\nDisallow: /", path: "/robots.txt", expected: .awake),
    Row(
      testDescription: "a robots.txt that disallows less", status: 200, body: "User-agent: *\nDisallow: /admin",
      path: "/robots.txt", expected: .unmarked),
    Row(
      testDescription: "the robots text at another path", status: 200, body: "User-agent: *\nDisallow: /",
      expected: .unmarked),
    Row(
      testDescription: "a sign that nobody has seen yet", status: 503, headers: ["x-render-routing": "new-thing"],
      expected: .unknown),
    Row(
      testDescription: "through the edge, unsaid by whom", status: 503, headers: ["rndr-id": "a"], expected: .unknown),
    Row(testDescription: "no edge at all", status: 200, body: "hello", expected: .unmarked),
  ]

  @Test("each answer has its class", arguments: rows)
  func classes(_ row: Row) {
    let found = EdgeSignals.classify(
      status: row.status, headers: { row.headers[$0] }, body: Array(row.body.utf8), path: row.path)
    #expect(found.edgeClass == row.expected)
    #expect(!found.meaning.isEmpty)
  }

  @Test("every recorded signal is in the table of tests")
  func complete() {
    let tested = Set(Self.rows.compactMap { $0.headers["x-render-routing"] })
    #expect(EdgeSignals.all.allSatisfy { tested.contains($0.routing) })
  }
}
