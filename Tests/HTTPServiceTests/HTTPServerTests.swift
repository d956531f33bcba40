import HTTPService
import HTTPTypes
import Hummingbird
import Telemetry
import TestSupport
import Testing
import Timers

struct HTTPServerTests {
  private struct Unexpected: Error {}

  private static func router() -> Router<ServiceContext> {
    let router = ServiceRouter.make()
    router.get("/text") { _, _ in "hello" }
    router.post("/only-post") { _, _ in "posted" }
    router.get("/items/{id}") { _, context in context.parameters.get("id") ?? "" }
    router.get("/broken") { _, _ -> String in throw Unexpected() }
    router.get("/teapot") { _, _ -> String in throw HTTPProblem(.unprocessableContent, "too \"hot\"") }
    router.get("/missing-thing") { _, _ -> String in throw HTTPError(.notFound, message: "no such thing") }
    return router
  }

  @Test(
    "what may be somebody's secret in a path is not shown",
    arguments: [
      ("/subscriptions/0123456789abcdef", "/subscriptions/…"), ("/unsubscribe/0123456789abcdef?x", "/unsubscribe/…"),
      ("/health/full", "/health/full"), ("/schedules?date=0123456789abcdef", "/schedules"),
      ("/a-rather-long-first-part", "/a-rather-long-first-part"), ("/a/0123456789abcdef/b", "/a/…/b"), ("/", "/"),
    ])
  func shownPath(path: String, shown: String) {
    let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: path)
    #expect(Request(head: head, body: RequestBody(buffer: ByteBuffer())).shownPath == shown)
  }

  @Test(
    "who can be reached from this machine alone is told by the address, and by no name but one",
    arguments: [
      ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("localhost", true), ("127.evil.example", false),
      ("0.0.0.0", false), ("::", false), ("10.0.0.1", false), ("", false),
    ])
  func loopback(host: String, isLoopback: Bool) {
    #expect(ListeningAddress(host: host, port: 1).isLoopback == isLoopback)
  }

  @Test(
    "errors are JSON with a detail, wrong methods are 405 with Allow",
    arguments: [
      ("GET", "/nowhere", 404, #"{"detail":"Not Found"}"#, nil),
      ("GET", "/broken", 500, #"{"detail":"Internal Server Error"}"#, nil),
      ("GET", "/teapot", 422, #"{"detail":"too \"hot\""}"#, nil),
      ("GET", "/missing-thing", 404, #"{"detail":"no such thing"}"#, nil),
      ("DELETE", "/text", 405, #"{"detail":"Method Not Allowed"}"#, "GET, HEAD"),
      ("GET", "/only-post", 405, #"{"detail":"Method Not Allowed"}"#, "POST"),
      ("PROPFIND", "/items/1", 405, #"{"detail":"Method Not Allowed"}"#, "GET, HEAD"),
    ] as [(String, String, Int, String, String?)])
  func errors(method: String, path: String, status: Int, body: String, allow: String?) async throws {
    try await withServer(Self.router()) { port in
      let response = try await WireClient.send(method, path, port: port)
      #expect(response.status == status)
      #expect(response.body == body)
      #expect(response.headers["allow"] == allow)
      #expect(response.headers["content-type"] == "application/json")
    }
  }

  @Test("HEAD answers as GET does, without the body", arguments: ["/text", "/teapot", "/nowhere", "/only-post"])
  func head(path: String) async throws {
    try await withServer(Self.router()) { port in
      let get = try await WireClient.send("GET", path, port: port)
      let head = try await WireClient.send("HEAD", path, port: port)
      #expect(head.status == get.status)
      #expect(head.headers["content-length"] == "\(get.body.utf8.count)")
      #expect(head.headers["content-type"] == get.headers["content-type"])
      #expect(head.body.isEmpty)
    }
  }

  @Test("every answered request is counted once, under its template and status")
  func counts() async throws {
    let registry = MetricsRegistry()
    try await withServer(Self.router(), metrics: registry) { port in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<40 {
          group.addTask { _ = try await WireClient.send("GET", "/items/\(number)", port: port) }
        }
        try await group.waitForAll()
      }
      for (method, path) in [
        ("HEAD", "/text"), ("PUT", "/text"), ("PROPFIND", "/only-post"), ("GET", "/x/\u{22}y"), ("GET", "/broken"),
      ] {
        _ = try await WireClient.send(method, path, port: port)
      }
    }
    let counts = registry.render().split(separator: "\n").filter { $0.hasPrefix("http_requests_total{") }
    #expect(
      counts == [
        #"http_requests_total{method="GET",route="/broken",status="500"} 1"#,
        #"http_requests_total{method="GET",route="/items/{id}",status="200"} 40"#,
        #"http_requests_total{method="GET",route="unmatched",status="404"} 1"#,
        #"http_requests_total{method="HEAD",route="/text",status="200"} 1"#,
        #"http_requests_total{method="PUT",route="/text",status="405"} 1"#,
        #"http_requests_total{method="other",route="/only-post",status="405"} 1"#,
      ])
    #expect(registry.render().contains(#"http_request_duration_seconds_count{route="/items/{id}"} 40"#))
  }

  @Test("a set delay is added to every answer")
  func delay() async throws {
    let timers = try TimerThread()
    let elapsed = try await withServer(Self.router(), delay: timers.waiting(.milliseconds(120))) { port in
      let start = ContinuousClock.now
      _ = try await WireClient.send("GET", "/text", port: port)
      return start.duration(to: .now)
    }
    #expect(elapsed >= .milliseconds(120))
  }

  @Test("a port that is taken is said to be taken, with what to do")
  func portTaken() async throws {
    try await withServer(Self.router()) { port in
      let second = HTTPServer(
        router: Self.router(), address: ListeningAddress(host: "127.0.0.1", port: port), logger: silentLogger
      ) { _ in Issue.record("it listens") }
      let error = await #expect(throws: HTTPServiceError.self) { try await second.run() }
      #expect(error?.code == .portUnavailable)
      #expect(error?.description.contains("port \(port) of 127.0.0.1 is in use") == true)
    }
  }

  @Test("a host that isn't here is a configuration error")
  func foreignHost() async throws {
    let server = HTTPServer(
      router: Self.router(), address: ListeningAddress(host: "203.0.113.7", port: 0), logger: silentLogger
    ) { _ in Issue.record("it listens") }
    let error = await #expect(throws: HTTPServiceError.self) { try await server.run() }
    #expect(error?.code == .addressInvalid)
  }

  @Test("headers without end are refused with 4xx, not collected")
  func headerBound() async throws {
    try await withServer(Self.router()) { port in
      let request = "GET /text HTTP/1.1\r\nHost: x\r\nX: " + String(repeating: "a", count: 100_000) + "\r\n\r\n"
      let answer = try await WireClient.exchange(Array(request.utf8), port: port)
      #expect(String(decoding: answer.prefix(10), as: UTF8.self) == "HTTP/1.1 4")
    }
  }

  @Test(
    "a listening address names a URL that reaches it",
    arguments: [
      ("127.0.0.1", "http://127.0.0.1:80"), ("0.0.0.0", "http://127.0.0.1:80"), ("::", "http://[::1]:80"),
      ("::1", "http://[::1]:80"), ("localhost", "http://localhost:80"),
    ])
  func url(host: String, url: String) {
    #expect(ListeningAddress(host: host, port: 80).url == url)
  }
}
