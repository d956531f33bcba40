import HTTPService
import Hummingbird
import Logging
import Synchronization
import TestSupport
import Testing

struct StandardHeadersTests {
  private struct Unexpected: Error {}

  private static func router() -> Router<ServiceContext> {
    let router = ServiceRouter.make()
    router.get("/text") { _, _ in "hello" }
    router.post("/text") { _, _ in "posted" }
    router.get("/broken") { _, _ -> String in throw Unexpected() }
    return router
  }

  @Test("every answer forbids sniffing, framing and loading, also errors")
  func everywhere() async throws {
    try await withServer(Self.router()) { port in
      for (method, path) in [("GET", "/text"), ("HEAD", "/text"), ("GET", "/no"), ("PUT", "/text"), ("GET", "/broken")]
      {
        let response = try await WireClient.send(method, path, port: port)
        #expect(response.headers["x-content-type-options"] == "nosniff", "\(path)")
        #expect(response.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
        #expect(response.headers["x-request-id"]?.isEmpty == false)
        #expect(response.headers["strict-transport-security"] == nil)
        #expect(response.headers["access-control-allow-origin"] == nil && response.headers["vary"] == nil)
      }
    }
  }

  @Test("only a proxy of ours says that the client came by TLS")
  func transportSecurity() async throws {
    for (proxies, scheme, isSaid) in [
      (TrustedProxies(), "https", true), (TrustedProxies(), "http", false),
      (TrustedProxies("10.0.0.0/8") ?? TrustedProxies(), "https", false),
    ] {
      try await withServer(Self.router(), proxies: proxies) { port in
        let response = try await WireClient.send("GET", "/text", port: port, headers: ["X-Forwarded-Proto": scheme])
        #expect((response.headers["strict-transport-security"] == "max-age=31536000") == isSaid, "\(scheme)")
      }
    }
  }

  @Test("a request keeps the name that it came with, if that can stand in a log; others get one each")
  func names() async throws {
    try await withServer(Self.router()) { port in
      func name(_ given: String?) async throws -> String? {
        let headers = given.map { ["X-Request-ID": $0] } ?? [:]
        return try await WireClient.send("GET", "/text", port: port, headers: headers).headers["x-request-id"]
      }
      #expect(try await name("abc-1._Z") == "abc-1._Z")
      let longest = String(repeating: "a", count: 128)
      #expect(try await name(longest) == longest)
      var seen: Set<String> = []
      for unfit in [nil, nil, "a b", "", longest + "a", "a\"b", "ä"] {
        let own = try #require(try await name(unfit))
        #expect(own != unfit && own.allSatisfy(\.isHexDigit) && seen.insert(own).inserted)
      }
    }
  }

  @Test("a line of the log about a request bears its name")
  func logged() async throws {
    let lines = Mutex<[Logger.MetadataValue?]>([])
    struct Handler: LogHandler {
      var metadata: Logger.Metadata = [:]
      var logLevel = Logger.Level.error
      let note: @Sendable (Logger.MetadataValue?) -> Void
      subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
      }
      func log(event: LogEvent) { note(metadata["request_id"]) }
    }
    let logger = Logger(label: "t") { _ in Handler { line in lines.withLock { $0.append(line) } } }
    try await withServer(Self.router(), logger: logger) { port in
      _ = try await WireClient.send("GET", "/broken", port: port, headers: ["X-Request-ID": "mine-7"])
    }
    #expect(lines.withLock { $0.contains("mine-7") })
  }

  @Test("pages of named origins may read answers, others' may not")
  func origins() async throws {
    let allowed = try #require(CrossOrigin("https://a.example, http://localhost:5173"))
    try await withServer(Self.router(), crossOrigin: allowed) { port in
      for (origin, isAllowed) in [
        ("https://a.example", true), ("http://localhost:5173", true), ("https://b.example", false), ("null", false),
        ("https://a.example.evil.example", false), ("http://a.example", false),
      ] {
        let response = try await WireClient.send("GET", "/text", port: port, headers: ["Origin": origin])
        #expect(response.status == 200 && response.headers["vary"] == "Origin")
        #expect(response.headers["access-control-allow-origin"] == (isAllowed ? origin : nil))
        #expect(response.headers["access-control-allow-credentials"] == nil)
      }
      #expect(try await WireClient.send("GET", "/text", port: port).headers["vary"] == "Origin")
      let asked = ["Origin": "https://a.example", "Access-Control-Request-Method": "POST"]
      let preflight = try await WireClient.send("OPTIONS", "/text", port: port, headers: asked)
      #expect(preflight.status == 204 && preflight.body.isEmpty)
      #expect(preflight.headers["access-control-allow-methods"] == "GET, HEAD, POST")
      #expect(preflight.headers["access-control-allow-origin"] == "https://a.example")
      #expect(preflight.headers["access-control-max-age"] == "600")
      let stranger = asked.merging(["Origin": "https://b.example"]) { $1 }
      let refused = try await WireClient.send("OPTIONS", "/text", port: port, headers: stranger)
      #expect(refused.status == 204 && refused.headers["access-control-allow-methods"] == nil)
      #expect(try await WireClient.send("OPTIONS", "/nowhere", port: port, headers: asked).status == 404)
      #expect(try await WireClient.send("OPTIONS", "/text", port: port).status == 405)
    }
  }

  @Test("everybody's pages may read, without anything of the one who looks at them")
  func everybody() async throws {
    let open = try #require(CrossOrigin("*"))
    try await withServer(Self.router(), crossOrigin: open) { port in
      let response = try await WireClient.send("GET", "/text", port: port, headers: ["Origin": "https://b.example"])
      #expect(response.headers["access-control-allow-origin"] == "*" && response.headers["vary"] == nil)
      #expect(response.headers["access-control-allow-credentials"] == nil)
    }
  }

  @Test(
    "what is no origin is refused",
    arguments: [
      "", " ", "*,https://a.example", "a.example", "https://a.example/", "https://a.example/path",
      "https://*.a.example",
      "HTTPS://A.example", "ftp://a.example", "https://", "null", "https://a.example\r\nX: y",
    ])
  func unfit(text: String) {
    #expect(CrossOrigin(text) == nil)
  }
}
