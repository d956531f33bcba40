import Histograms
import Synchronization
import Testing

@testable import BenchEngine

/// Requests that depend on what came before, against a server that looks at them.
@Suite(.serialized)
struct JourneyStateTests {
  /// Requests as the server saw them, and how many of them it refused.
  private final class Record: Sendable {
    let requests = Mutex<[String]>([])
    let logins = Atomic<Int>(0)
  }

  private static func response(_ status: Int, _ headers: String = "", _ body: String = "") -> String {
    "HTTP/1.1 \(status) Status\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private func run(
    _ steps: [StepPlan], rate: Double? = nil, milliseconds: Int64 = 400, record: Record,
    respond: @escaping @Sendable (String) -> String, adjust: (inout LoadPlan) -> Void
  ) throws -> LoadResult {
    let server = try FaultyServer(
      .responds { request in
        record.requests.withLock { $0.append(request) }
        return respond(request)
      })
    defer { server.stop() }
    let endpoint = Endpoint(host: "127.0.0.1", port: server.port)
    let stage = Workload.Stage(duration: .milliseconds(milliseconds), target: rate ?? 3, isStep: true)
    var plan = LoadPlan(
      endpoint: endpoint, steps: steps,
      journeys: [JourneyPlan(name: "j", weight: 1, steps: Array(steps.indices), feeds: [])],
      workload: rate == nil ? .users([stage]) : .rate([stage], maxInFlight: 20), gracefulStop: .milliseconds(300))
    adjust(&plan)
    let result = try LoadEngine.run(plan, to: try Preflight.reach(endpoint, timeout: .seconds(1)))
    #expect(result.iterations.isConserved, "\(result.iterations)")
    return result
  }

  private static func get(_ path: [RequestPart], _ headers: [RequestPart] = []) -> RequestTemplate {
    RequestTemplate(
      head: [.bytes(Array("GET ".utf8))] + path + [.bytes(Array(" HTTP/1.1\r\nHost: test\r\n".utf8))] + headers)
  }

  private static func text(_ text: String) -> RequestPart { .bytes(Array(text.utf8)) }

  @Test("captured values and cookies go into the same user's later requests, never into another's", arguments: [1, 2])
  func session(workers: Int) throws {
    let record = Record()
    let sources: [CapturePlan.Source] = [
      .json(JSONPath(components: [.key(Array("token".utf8))])), .header(Array("x-user".utf8)),
      .cookie(Array("sid".utf8)), .regex(try BoundedRegex("\"no\":([0-9]+)")),
    ]
    let login = StepPlan(
      name: "login", request: [],
      checks: sources.enumerated().map {
        CheckPlan(label: "captures \($0)", subject: .captured(CapturePlan(slot: $0, source: $1)))
      }, template: Self.get([Self.text("/login")]))
    let me = StepPlan(
      name: "me", request: [],
      template: Self.get(
        [Self.text("/me/"), .value(.slot(1), .percent)],
        [
          Self.text("Authorization: Bearer "), .value(.slot(0), .header), Self.text("\r\nX-No: "),
          .value(.slot(3), .header), Self.text("\r\n"),
        ]))
    let result = try run(
      [login, me], record: record,
      respond: { request in
        if request.hasPrefix("GET /login") {
          let number = record.logins.add(1, ordering: .relaxed).newValue
          return Self.response(
            200, "X-User: u \(number)\r\nSet-Cookie: sid=s\(number); Path=/\r\n",
            "{\"token\":\"t\(number)\",\"no\":\(number)}")
        }
        let number = request.dropFirst("GET /me/u%20".count).prefix { $0.isNumber }
        let isRight =
          request.contains("Authorization: Bearer t\(number)\r\n") && request.contains("Cookie: sid=s\(number)\r\n")
          && request.contains("X-No: \(number)\r\n")
        return Self.response(isRight ? 200 : 401)
      },
      adjust: {
        $0.slotCount = 4
        $0.keepsCookies = true
        $0.workers = workers
      })
    #expect(result.steps[1].answered > 10)
    #expect(result.steps[1].statuses == [200: result.steps[1].answered])
    #expect(result.steps[0].checksPassed == Array(repeating: result.steps[0].answered, count: 4))
  }

  @Test("a value that isn't found ends the iteration as failed, and the step after it isn't asked")
  func missing() throws {
    let record = Record()
    let login = StepPlan(
      name: "login", request: [],
      checks: [
        CheckPlan(
          label: "captures token",
          subject: .captured(CapturePlan(slot: 0, source: .header(Array("x-token".utf8)))))
      ], template: Self.get([Self.text("/login")]))
    let next = StepPlan(name: "next", request: [], template: Self.get([Self.text("/"), .value(.slot(0), .percent)]))
    let result = try run(
      [login, next], record: record, respond: { _ in Self.response(200) }, adjust: { $0.slotCount = 1 })
    #expect(result.steps[0].answered > 0)
    #expect(result.steps[0].checksFailed == [result.steps[0].answered])
    #expect(result.steps[1].attempts == 0)
    #expect(result.iterations.completed == 0)
    #expect(result.iterations.failed + result.iterations.interrupted == result.iterations.started)
  }

  @Test("an arrival of an open model begins without the last one's cookies and values")
  func visitors() throws {
    let record = Record()
    let step = StepPlan(name: "get", request: [], template: Self.get([Self.text("/")]))
    let result = try run(
      [step], rate: 50, record: record, respond: { _ in Self.response(200, "Set-Cookie: a=1\r\n") },
      adjust: {
        $0.keepsCookies = true
        $0.workload = .rate([.init(duration: .milliseconds(400), target: 50, isStep: true)], maxInFlight: 1)
      })
    #expect(result.steps[0].answered == 20)
    #expect(record.requests.withLock { $0.allSatisfy { !$0.contains("Cookie:") } })
  }

  @Test("each row of unique data is used once, and then the run ends", arguments: [1, 2])
  func uniqueData(workers: Int) throws {
    let record = Record()
    let rows = (0..<40).map { [Array("n\($0)".utf8), Array("a b&\($0)".utf8)] }
    let step = StepPlan(
      name: "get", request: [],
      template: RequestTemplate(
        head: [Self.text("POST /"), .value(.column(feed: 0, column: 0), .percent), Self.text(" HTTP/1.1\r\n")],
        body: [Self.text("v="), .value(.column(feed: 0, column: 1), .percent)]))
    let result = try run(
      [step], milliseconds: 20_000, record: record, respond: { _ in Self.response(200) },
      adjust: {
        $0.workers = workers
        $0.feeds = [FeedPlan(name: "people", columns: ["name", "value"], rows: rows, order: .unique)]
        $0.journeys[0].feeds = [0]
      })
    #expect(result.elapsedNanoseconds < 5_000_000_000)
    #expect(result.iterations.completed == 40)
    let seen = record.requests.withLock { $0 }
    #expect(Set(seen.map { $0.prefix { $0 != "\r\n" } }) == Set((0..<40).map { "POST /n\($0) HTTP/1.1" }))
    let seventh = seen.first { $0.hasPrefix("POST /n7 ") }
    #expect(seventh?.hasSuffix("\r\nContent-Length: 11\r\n\r\nv=a%20b%267") == true, "\(seventh ?? "")")
  }

  @Test("unique data ends an open model too, with nothing unaccounted for")
  func uniqueArrivals() throws {
    let record = Record()
    let rows = (0..<10).map { [Array("n\($0)".utf8)] }
    let step = StepPlan(
      name: "get", request: [], template: Self.get([Self.text("/"), .value(.column(feed: 0, column: 0), .percent)]))
    let result = try run(
      [step], rate: 100, milliseconds: 10_000, record: record, respond: { _ in Self.response(200) },
      adjust: {
        $0.feeds = [FeedPlan(name: "people", columns: ["name"], rows: rows, order: .unique)]
        $0.journeys[0].feeds = [0]
      })
    #expect(result.iterations.completed == 10)
    #expect(result.iterations.scheduled == 10)
    #expect(result.elapsedNanoseconds < 3_000_000_000)
  }

  @Test("every request has a UUID of its own, and numbers are within their bounds")
  func draws() throws {
    let record = Record()
    let step = StepPlan(
      name: "get", request: [],
      template: Self.get(
        [Self.text("/"), .value(.uuid, .percent), Self.text("/"), .value(.randomInt(-2...3), .percent)]))
    _ = try run([step], record: record, respond: { _ in Self.response(200) }, adjust: { _ in })
    let paths = record.requests.withLock { $0.map { $0.split(separator: " ")[1].split(separator: "/") } }
    #expect(paths.count > 20)
    #expect(Set(paths.map { $0[0] }).count == paths.count)
    let pattern = try BoundedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
    #expect(
      paths.allSatisfy { path in
        Array(path[0].utf8).withUnsafeBufferPointer { pattern.firstMatch(in: $0) != nil }
      })
    #expect(Set(paths.compactMap { Int($0[1]) }) == [-2, -1, 0, 1, 2, 3])
  }

  @Test("values can't break out of where they stand")
  func encodings() {
    func encoded(_ encoding: ValueEncoding) -> String {
      var bytes: [UInt8] = []
      encoding.append("a b/\"\r\nX: é".utf8, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(encoded(.percent) == "a%20b%2F%22%0D%0AX%3A%20%C3%A9")
    #expect(encoded(.header) == "a b/\"X: é")
    #expect(encoded(.json) == "a b/\\\"\\u000D\\u000AX: é")
  }

  @Test("a cookie stays until the service ends it")
  func jar() {
    var jar = CookieJar()
    for field in ["a=1; Path=/; HttpOnly", "b = 2 ", "a=3", "b=; Max-Age=5", "c=4; max-age=0", "noise", "=x"] {
      jar.set(Array(field.utf8))
    }
    var header: [UInt8] = []
    jar.appendHeader(to: &header)
    #expect(String(decoding: header, as: UTF8.self) == "Cookie: a=3\r\n")
  }

  @Test("checks look at headers, size, time and patterns")
  func checks() throws {
    let record = Record()
    let step = StepPlan(
      name: "get", request: Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
      checks: [
        CheckPlan(label: "1", subject: .header(Array("etag".utf8), .equal, .string(Array("\"x\"".utf8)))),
        CheckPlan(label: "2", subject: .header(Array("age".utf8), .greater, .number(5))),
        CheckPlan(label: "3", subject: .header(Array("missing".utf8), .exists, .null)),
        CheckPlan(label: "4", subject: .size(.equal, 5)),
        CheckPlan(label: "5", subject: .duration(.less, 1e9)),
        CheckPlan(label: "6", subject: .bodyMatches(try BoundedRegex("^h.l+o$"))),
        CheckPlan(label: "7", subject: .bodyMatches(try BoundedRegex("x"))),
      ])
    let result = try run(
      [step], record: record, respond: { _ in Self.response(200, "ETag: \"x\"\r\nAge:  60 \r\n", "hello") },
      adjust: { _ in })
    let count = result.steps[0].answered
    #expect(result.steps[0].checksPassed == [count, count, 0, count, count, count, 0])
  }
}
