import Histograms
import Matching
import Measures
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

  /// Python's gzip.compress(b"hello " * 20, mtime=0) and zlib.compress(b"hello " * 20).
  private static let gzip: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0xA0, 0x3B,
    0x09, 0x00, 0x2F, 0xFA, 0xF8, 0x48, 0x78, 0x00, 0x00, 0x00,
  ]
  private static let zlib: [UInt8] = [
    0x78, 0x9C, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0xA0, 0x3B, 0x09, 0x00, 0x77, 0xBA, 0x2C, 0x11,
  ]

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
    expectConserved(result)
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
        $0.end(after: .perUser(100))
      })
    #expect(result.steps[1].statuses == [200: 300])
    #expect(result.steps[0].checksPassed == Array(repeating: 300, count: 4))
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
      [login, next], record: record, respond: { _ in Self.response(200) },
      adjust: {
        $0.slotCount = 1
        $0.end(after: .perUser(3))
      })
    #expect(result.steps[0].answered == 9)
    #expect(result.steps[0].checksFailed == [9])
    #expect(result.steps[1].attempts == 0)
    #expect(result.iterations.completed == 0 && result.iterations.failed == 9)
  }

  @Test("captured numbers are counted where they are measured: none, and one that isn't found, as no number")
  func measured() throws {
    let record = Record()
    func capture(_ header: String, at place: Int?, optional: Bool = false) -> CheckPlan {
      let plan = CapturePlan(
        slot: 0, source: .header(Array(header.utf8)), isOptional: optional, name: header, measuredAt: place)
      return CheckPlan(label: "captures \(header)", subject: .captured(plan))
    }
    let step = StepPlan(
      name: "login", request: [],
      checks: [
        capture("x-other", at: nil, optional: true), capture("x-queue", at: 0),
        capture("x-rare", at: 1, optional: true),
      ], template: Self.get([Self.text("/login")]))
    let queues = ["0.25", "7", "-3", "1e3", "many", "9e99", ""]
    let result = try run(
      [step], record: record,
      respond: { _ in
        let number = record.logins.add(1, ordering: .relaxed).oldValue
        let queue = queues[number % queues.count]
        return Self.response(200, (queue.isEmpty ? "" : "X-Queue: \(queue)\r\n") + (number < 1 ? "X-Rare: 5\r\n" : ""))
      },
      adjust: {
        $0.slotCount = 1
        $0.workload = .users([.init(duration: .seconds(20), target: 1, isStep: true)])
        $0.end(after: .perUser(7))
      })
    let numbers = try #require(result.steps[0].captured.first)
    #expect(numbers.entries.map(\.count) == [1, 1, 1, 1])
    #expect(numbers.minimum == 0 && numbers.maximum == 1_000_000)
    #expect(numbers.count == 7 && numbers.recorded == 4)
    #expect(result.steps[0].captured.count == 2)
    #expect(result.steps[0].captured[1].count == 1)
    #expect(result.warmUpSteps[0].captured.allSatisfy { $0.isEmpty })
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
    _ = try run(
      [step], record: record, respond: { _ in Self.response(200) }, adjust: { $0.end(after: .shared(1_000)) })
    let paths = record.requests.withLock { $0.map { $0.split(separator: " ")[1].split(separator: "/") } }
    #expect(paths.count == 1_000)
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

  @Test("a step is asked only where its condition holds")
  func conditions() throws {
    let record = Record()
    let role = CapturePlan(slot: 0, source: .header(Array("x-role".utf8)))
    let login = StepPlan(
      name: "login", request: [], checks: [CheckPlan(label: "captures role", subject: .captured(role))],
      template: Self.get([Self.text("/login")]))
    func step(_ name: String, _ test: StepCondition.Test) -> StepPlan {
      var step = StepPlan(name: name, request: Array("GET /\(name) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
      step.condition = StepCondition(source: .slot(0), test: test)
      return step
    }
    let steps = [
      login, step("nurse", .equals(Array("nurse".utf8))), step("other", .differs(Array("nurse".utf8))),
      step("any", .isSet),
    ]
    let result = try run(
      steps, rate: 400, milliseconds: 100, record: record,
      respond: { _ in
        let isNurse = record.logins.add(1, ordering: .relaxed).newValue % 2 == 0
        return Self.response(200, "X-Role: \(isNurse ? "nurse" : "doctor")\r\n")
      }, adjust: { $0.slotCount = 1 })
    let counts = result.steps.map(\.answered)
    #expect(counts[0] == 40 && counts[1] > 0 && counts[2] > 0)
    #expect(counts[1] + counts[2] == 40 && counts[3] == 40)
    #expect(result.iterations.completed == 40)
  }

  @Test("a compressed body is counted as it came and checked as it is", arguments: ["gzip", "deflate", "br"])
  func compressed(coding: String) throws {
    let bytes: [UInt8] = coding == "gzip" ? Self.gzip : Self.zlib
    let server = try FaultyServer(
      .sends(
        Array("HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\nContent-Length: \(bytes.count)\r\n\r\n".utf8) + bytes))
    defer { server.stop() }
    let endpoint = Endpoint(host: "127.0.0.1", port: server.port)
    let step = StepPlan(
      name: "get", request: Array("GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n".utf8),
      checks: [
        CheckPlan(label: "text", subject: .bodyContains(Array("hello hello".utf8))),
        CheckPlan(label: "size", subject: .size(.equal, Double(bytes.count))),
      ])
    let plan = LoadPlan(
      endpoint: endpoint, steps: [step], journeys: [JourneyPlan(name: "j", weight: 1, steps: [0])],
      workload: .users([.init(duration: .seconds(20), target: 2, isStep: true)]), iterationLimit: .shared(20))
    let result = try LoadEngine.run(plan, to: try Preflight.reach(endpoint, timeout: .seconds(1)))
    #expect(result.steps[0].answered == 20)
    #expect(result.steps[0].checksPassed == [coding == "br" ? 0 : 20, 20])
  }

  @Test("a body that would grow beyond the bound, or is cut off, is not decoded")
  func bombs() {
    func inflated(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
      bytes.withUnsafeBufferPointer { ContentCoding.inflate($0, limit: limit) }
    }
    #expect(inflated(Self.gzip, limit: 120)?.count == 120)
    #expect(inflated(Self.gzip, limit: 119) == nil)
    #expect(inflated(Array(Self.gzip.dropLast(9)), limit: 1_000) == nil)
    #expect(inflated([1, 2, 3], limit: 1_000) == nil)
  }

  @Test("traced exchanges are what went over the wire, in order, with times that rise")
  func traces() throws {
    let record = Record()
    let step = StepPlan(
      name: "get", request: Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
      checks: [CheckPlan(label: "s", subject: .status([StatusRange(201, 201)]))])
    let result = try run(
      [step], record: record, respond: { _ in Self.response(201, "A: b\r\n", "hello") },
      adjust: {
        $0.tracesExchanges = true
        $0.journeys[0].steps = [0, 0]
        $0.workload = .users([.init(duration: .seconds(9), target: 1, isStep: true)])
        $0.iterationLimit = .perUser(1)
      })
    #expect(result.exchanges.count == 2)
    #expect(result.exchanges.map(\.connected) == [true, false])
    for exchange in result.exchanges {
      #expect(exchange.request == step.request)
      #expect(exchange.status == 201 && exchange.checksPassed == [true])
      #expect(String(decoding: exchange.head, as: UTF8.self).contains("\r\nA: b\r\n"))
      #expect(exchange.body == Array("hello".utf8))
      #expect(exchange.sendDelay <= exchange.firstByte ?? 0 && exchange.firstByte ?? .max <= exchange.total)
    }
  }

  @Test(
    "a redirect leads to a request on the same origin or nowhere",
    arguments: [
      (303, "/new?a=1#x", "GET /new?a=1 HTTP/1.1\r\nHost: h:8080\r\nX: 1\r\n\r\n"),
      (302, "http://h:8080/new", "GET /new HTTP/1.1\r\nHost: h:8080\r\nX: 1\r\n\r\n"),
      (301, "//H:8080", "GET / HTTP/1.1\r\nHost: h:8080\r\nX: 1\r\n\r\n"),
      (302, "b", "GET /dir/b HTTP/1.1\r\nHost: h:8080\r\nX: 1\r\n\r\n"),
      (302, "?q=2", "GET /dir/a?q=2 HTTP/1.1\r\nHost: h:8080\r\nX: 1\r\n\r\n"),
      (
        308, "/n",
        "POST /n HTTP/1.1\r\nHost: h:8080\r\nContent-Type: text/plain\r\nX: 1\r\nContent-Length: 2\r\n\r\nhi"
      ),
      (302, "../up", "GET /up HTTP/1.1\r\nHost: h:8080\r\nX: 1\r\n\r\n"),
      (302, "", "GET /dir/a?q=1 HTTP/1.1\r\nHost: h:8080\r\nX: 1\r\n\r\n"),
      (302, "/a b\tü#x", "GET /a%20b%C3%BC HTTP/1.1\r\nHost: h:8080\r\nX: 1\r\n\r\n"),
      (302, "http://other:8080/new", nil), (302, "http://h:8081/", nil), (302, "https://h:8080/", nil),
      (302, "//h:8080@evil/", nil), (302, "\\\\evil/", nil), (302, "mailto:a@h", nil),
    ] as [(Int, String, String?)])
  func redirects(status: Int, location: String, expected: String?) {
    let request =
      "POST /dir/a?q=1 HTTP/1.1\r\nHost: h:8080\r\nContent-Type: text/plain\r\nX: 1\r\nCookie: a=1\r\n"
      + "Content-Length: 2\r\n\r\nhi"
    var redirect = Redirect(
      request: Array(request.utf8), status: status, locations: [Array(location.utf8)], scheme: "http",
      dropsCookies: true)
    #expect((try? redirect.next()).map { String(decoding: $0, as: UTF8.self) } == expected)
    redirect.locations += [Array(location.utf8)]
    #expect((try? redirect.next()).map { String(decoding: $0, as: UTF8.self) } == expected)
    redirect.locations += [Array("/elsewhere".utf8)]
    #expect(throws: WebURLDefect.self) { try redirect.next() }
    redirect.locations = []
    #expect(throws: WebURLDefect.self) { try redirect.next() }
  }

  @Test("the author's cookies go along a redirect where the user keeps none")
  func redirectedCookies() throws {
    let redirect = Redirect(
      request: Array("GET /a HTTP/1.1\r\nHost: h\r\nCookie: a=1\r\n\r\n".utf8), status: 302,
      locations: [Array("/b".utf8)], scheme: "http", dropsCookies: false)
    #expect(
      try redirect.next() == Array("GET /b HTTP/1.1\r\nHost: h\r\nCookie: a=1\r\n\r\n".utf8))
  }

  @Test(
    "a redirect that can't be followed is a failure, unless a check names its status",
    arguments: [
      ("Location: http://elsewhere.invalid/\r\n", "elsewhere.invalid"), ("", "no Location"),
      ("Location: http://\r\n", "no host"), ("Location: /again\r\n", "more than 2 redirects"),
    ])
  func unfollowed(headers: String, words: String) throws {
    let record = Record()
    var step = StepPlan(
      name: "get", request: Array("GET / HTTP/1.1\r\nHost: test\r\n\r\n".utf8),
      checks: [CheckPlan(label: "status", subject: .status([StatusRange(302, 302)]))])
    step.redirectLimit = 2
    var named = step
    named.name = "named"
    named.acceptedStatuses = [StatusRange(302, 302)]
    var unasked = step
    unasked.name = "unasked"
    unasked.redirectLimit = 0
    let result = try run(
      [step], rate: 200, milliseconds: 100, record: record, respond: { _ in Self.response(302, headers) },
      adjust: { _ in })
    let failures = result.steps[0].failures[.protocol] ?? 0
    #expect(failures == 20 && result.iterations.failed == 20, "\(result.steps[0].failures)")
    #expect(result.steps[0].failureSamples[.protocol]?.contains(words) == true, "\(result.steps[0].failureSamples)")
    let accepted = try run(
      [named, unasked], rate: 200, milliseconds: 100, record: record, respond: { _ in Self.response(302, headers) },
      adjust: { _ in })
    #expect(accepted.steps.allSatisfy { $0.failed == 0 && $0.checksPassed == [20] && $0.checksFailed == [0] })
  }

  @Test("redirects are followed up to their limit, with the cookies they set, and the last answer is checked")
  func followed() throws {
    let record = Record()
    var step = StepPlan(
      name: "get", request: [],
      checks: [CheckPlan(label: "status", subject: .status([StatusRange(200, 200)]))],
      template: Self.get([Self.text("/0")]))
    step.redirectLimit = 2
    var short = step
    short.name = "short"
    short.redirectLimit = 1
    let result = try run(
      [step, short], rate: 200, milliseconds: 100, record: record,
      respond: { request in
        let number = request.dropFirst("GET /".count).first.flatMap { Int(String($0)) } ?? 9
        let hasCookie = number == 0 || request.contains("Cookie: n=\(number - 1)\r\n")
        if number < 2 { return Self.response(302, "Location: /\(number + 1)\r\nSet-Cookie: n=\(number)\r\n") }
        return Self.response(hasCookie ? 200 : 400)
      }, adjust: { $0.keepsCookies = true })
    #expect(result.steps[0].statuses == [302: 40, 200: 20])
    #expect(result.steps[0].checksPassed == [20])
    // The second redirect is one too many.
    #expect(result.steps[1].statuses == [302: 20])
    #expect(result.steps[1].failures == [.protocol: 20] && result.steps[1].checksFailed == [0])
  }

  @Test(
    "a request has one line of cookies: the author's, and the jar's that the author doesn't name",
    arguments: [
      ("", "sid=2; seen=1"), ("Cookie: z=9\r\n", "z=9; sid=2; seen=1"),
      ("cookie: z=9\r\nX: 1\r\nCOOKIE: y=8;\r\n", "z=9; y=8; sid=2; seen=1"),
      ("Cookie: sid=mine\r\n", "sid=mine; seen=1"), ("Cookie:\r\n", "sid=2; seen=1"),
    ])
  func oneCookieLine(headers: String, expected: String) throws {
    let record = Record()
    let login = StepPlan(name: "login", request: [], template: Self.get([Self.text("/login")]))
    var get = StepPlan(name: "get", request: [], template: Self.get([Self.text("/get")], [Self.text(headers)]))
    get.redirectLimit = 1
    let result = try run(
      [login, get], rate: 20, milliseconds: 100, record: record,
      respond: { request in
        if request.hasPrefix("GET /login") {
          return Self.response(200, "Set-Cookie: sid=1\r\nSet-Cookie: seen=1\r\nSet-Cookie: sid=2\r\n")
        }
        return request.hasPrefix("GET /get") ? Self.response(302, "Location: /end\r\n") : Self.response(200)
      }, adjust: { $0.keepsCookies = true })
    #expect(result.iterations.completed == 2)
    let asked = record.requests.withLock { $0.filter { !$0.hasPrefix("GET /login") } }
    #expect(asked.count == 4)
    for request in asked {
      let lines = request.split(separator: "\r\n").filter { $0.lowercased().hasPrefix("cookie:") }
      let pairs = lines.map { $0.dropFirst("Cookie: ".count).split(separator: "; ").sorted() }
      #expect(pairs == [expected.split(separator: "; ").sorted()], "\(lines)")
    }
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
      adjust: { $0.end(after: .shared(50)) })
    #expect(result.steps[0].checksPassed == [50, 50, 0, 50, 50, 50, 0])
    #expect(result.steps[0].checksFailed == [0, 0, 50, 0, 0, 0, 50])
  }
}
