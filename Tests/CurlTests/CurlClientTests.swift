import Curl
import Synchronization
import TestSupport
import Testing

struct CurlClientTests {
  private let client: CurlClient

  init() throws { client = try CurlClient() }

  private func failure(_ request: CurlRequest) async throws -> CurlError {
    do throws(CurlError) {
      let response = try await client.send(request)
      Issue.record("answered with status \(response.status)")
      throw CurlError(.other, "unexpected response")
    } catch { return error }
  }

  @Test("a response carries status, headers of any case, body, address and phases")
  func okay() async throws {
    let server = try LoopbackServer { _ in .init(headers: ["X-Plan:  Free "], body: Array("hello".utf8)) }
    defer { server.stop() }
    let response = try await client.send(CurlRequest(url: server.url + "/a?b=c"))
    #expect(response.status == 200)
    #expect(response.headers["x-plan"] == "Free")
    #expect(response.headers["content-length"] == "5")
    #expect(response.headers["missing"] == nil)
    #expect(response.body == Array("hello".utf8))
    #expect(response.effectiveURL == server.url + "/a?b=c")
    #expect(response.primaryIP == "127.0.0.1")
    #expect(response.phases.connect > .zero)
    #expect(response.phases.firstByte >= response.phases.connect)
    #expect(response.phases.total >= response.phases.firstByte)
    #expect(response.phases.tls == .zero)
  }

  @Test("method, headers and body reach the server", arguments: ["POST", "PUT", "GET", "HEAD", "DELETE"])
  func request(method: String) async throws {
    let heads = Mutex<[String]>([])
    let server = try LoopbackServer { head in
      heads.withLock { $0.append(head) }
      return method == "HEAD"
        ? .init(bytes: Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".utf8)) : .init(body: [])
    }
    defer { server.stop() }
    let hasBody = method.hasPrefix("P")
    var request = CurlRequest(method: method, url: server.url, body: hasBody ? Array("abc".utf8) : nil)
    request.headers = [("X-One", "1"), ("X-Empty", "")]
    request.userAgent = "Tester/1"
    let response = try await client.send(request)
    #expect(response.status == 200)
    let head = try #require(heads.withLock { $0.first })
    #expect(head.hasPrefix("\(method) / HTTP/1.1"))
    #expect(head.contains("X-One: 1") && head.contains("X-Empty:") && head.contains("User-Agent: Tester/1"))
    #expect(head.contains("Content-Length: 3") == hasBody)
  }

  @Test("a request that libcurl won't take as it is isn't sent without what it refused")
  func refusedOption() async throws {
    let server = try LoopbackServer { _ in .init(body: Array("sent".utf8)) }
    defer { server.stop() }
    // libcurl takes no text above 8,000,000 bytes. Source: CURL_MAX_INPUT_LENGTH, curl_easy_setopt(3).
    let long = String(repeating: "x", count: 8_000_001)
    for change in [
      { $0.userAgent = long }, { $0.authorityFile = "/" + long }, { $0.method = long },
    ] as [(inout CurlRequest) -> Void] {
      var request = CurlRequest(url: server.url)
      change(&request)
      let error = try await failure(request)
      #expect(error.code == .other && error.message.contains("nothing was sent"), "\(error.message.prefix(300))")
    }
    let mail = CurlMail(
      url: server.url.replacing("http://", with: "smtp://"), user: "u", password: long, encryption: .none,
      sender: "a@example.org", recipient: "b@example.org", content: Array("Subject: x\r\n\r\nx".utf8))
    let error = await #expect(throws: CurlError.self) { try await client.send(mail) }
    #expect(error?.message.contains("nothing was sent") == true)
  }

  @Test("an error status is a response")
  func serverError() async throws {
    let server = try LoopbackServer { _ in .init(status: "500 Oops", body: Array("no".utf8)) }
    defer { server.stop() }
    let response = try await client.send(CurlRequest(url: server.url))
    #expect(response.status == 500 && response.body == Array("no".utf8))
  }

  @Test("a silent server and a body that stops half-way end with the total timeout", arguments: [true, false])
  func timeout(isSilent: Bool) async throws {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    let server = try LoopbackServer { _ in .init(bytes: isSilent ? [] : Array(head.utf8), hangs: true) }
    defer { server.stop() }
    let error = try await failure(CurlRequest(url: server.url + "/slow?secret=1", totalTimeout: .milliseconds(150)))
    #expect(error.code == .timeout)
    #expect(error.isTransient)
    #expect(error.message.contains("127.0.0.1:\(server.port)/slow") && !error.message.contains("secret"))
  }

  @Test(
    "a body over the limit ends the transfer, announced or not",
    arguments: [
      "Content-Length: 4000\r\n\r\n" + String(repeating: "x", count: 4_000),
      "\r\n" + String(repeating: "x", count: 4_000),
      "Content-Length: 9000000000000\r\n\r\n",
    ])
  func tooLarge(rest: String) async throws {
    let server = try LoopbackServer { _ in .init(bytes: Array("HTTP/1.1 200 OK\r\n\(rest)".utf8), hangs: true) }
    defer { server.stop() }
    let error = try await failure(CurlRequest(url: server.url, totalTimeout: .seconds(20), maxBodyBytes: 1_000))
    #expect(error.code == .tooLarge)
  }

  @Test("a header without an end is cut off")
  func endlessHeader() async throws {
    let fields = String(repeating: "X-Filler: \(String(repeating: "y", count: 1_000))\r\n", count: 400)
    let server = try LoopbackServer { _ in .init(bytes: Array("HTTP/1.1 200 OK\r\n\(fields)".utf8), hangs: true) }
    defer { server.stop() }
    let error = try await failure(CurlRequest(url: server.url, totalTimeout: .seconds(20)))
    #expect(error.code == .tooLarge)
  }

  @Test("redirects are followed up to the limit")
  func redirects() async throws {
    let server = try LoopbackServer { head in
      guard let count = head.split(separator: " ").dropFirst().first.flatMap({ Int($0.dropFirst()) }), count > 0 else {
        return .init(body: Array("end".utf8))
      }
      return .init(status: "302 Found", headers: ["Location: /\(count - 1)"], body: Array("hop".utf8))
    }
    defer { server.stop() }
    var request = CurlRequest(url: server.url + "/3", maxRedirects: 3, redirectsOnlyToHTTPS: false)
    let response = try await client.send(request)
    #expect(response.status == 200 && response.redirects == 3 && response.body == Array("end".utf8))
    #expect(response.effectiveURL == server.url + "/0")
    request.url = server.url + "/4"
    let error = try await failure(request)
    #expect(error.code == .redirectLimit)
    request.maxRedirects = 0
    #expect(try await client.send(request).status == 302)
  }

  @Test(
    "a redirect to a scheme that isn't allowed is refused",
    arguments: [("file:///etc/passwd", false), ("gopher://127.0.0.1/", false), ("http://127.0.0.1:1/", true)])
  func refusedRedirect(location: String, onlyHTTPS: Bool) async throws {
    let server = try LoopbackServer { _ in .init(status: "302 Found", headers: ["Location: \(location)"]) }
    defer { server.stop() }
    let error = try await failure(CurlRequest(url: server.url, redirectsOnlyToHTTPS: onlyHTTPS))
    #expect(error.code == .protocol)
  }

  @Test("a closed port is refused, an unknown host not resolved")
  func unreachable() async throws {
    let server = try LoopbackServer { _ in .init() }
    let url = server.url
    server.stop()
    // The port is closed once a connection to it is refused; until then the stopping server resets them.
    var error = try await failure(CurlRequest(url: url))
    while error.code == .reset { error = try await failure(CurlRequest(url: url)) }
    #expect(error.code == .connect)
    #expect(try await failure(CurlRequest(url: "http://host.invalid/")).code == .resolve)
  }

  @Test(
    "an early end of the connection is a reset", arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"])
  func reset(bytes: String) async throws {
    let server = try LoopbackServer { _ in .init(bytes: Array(bytes.utf8)) }
    defer { server.stop() }
    // A request with a length makes this server close after its answer.
    let error = try await failure(CurlRequest(method: "POST", url: server.url, body: [1]))
    #expect(error.code == .reset)
  }

  @Test(
    "a certificate is trusted by its authority only, and only for its name", .enabled(if: TLSServer.isAvailable))
  func verification() async throws {
    let server = try TLSServer()
    var request = CurlRequest(url: "https://127.0.0.1:\(server.port)/")
    #expect(try await failure(request).code == .tls)
    request.authorityFile = server.certificate
    let response = try await client.send(request)
    #expect(response.status == 200)
    #expect(response.phases.tls > response.phases.connect)
    request.url = "https://localhost:\(server.port)/"
    #expect(try await failure(request).code == .tls)
  }

  @Test("an authority file that isn't there is named", .enabled(if: TLSServer.isAvailable))
  func missingAuthorities() async throws {
    let server = try TLSServer()
    var request = CurlRequest(url: "https://127.0.0.1:\(server.port)/")
    request.authorityFile = "/nowhere/ca.pem"
    let error = try await failure(request)
    #expect(error.code == .tls && error.message.contains("no authority can be read from /nowhere/ca.pem"))
  }

  @Test("TLS to a server that speaks none fails as TLS")
  func plainServer() async throws {
    let server = try LoopbackServer(greeting: Array("no TLS here\r\n".utf8)) { _ in .init() }
    defer { server.stop() }
    let error = try await failure(CurlRequest(url: "https://127.0.0.1:\(server.port)/"))
    #expect(error.code == .tls && !error.isTransient)
  }

  @Test(
    "what isn't a plain HTTP request is refused before it is sent",
    arguments: [
      CurlRequest(url: "file:///etc/passwd"), CurlRequest(url: "no url"), CurlRequest(url: ""),
      CurlRequest(url: "ftp://127.0.0.1/"), CurlRequest(method: "GET /\r\nX: y", url: "http://127.0.0.1:1/"),
      CurlRequest(url: "http://127.0.0.1:1/", headers: [("X", "a\r\nHost: evil")]),
      CurlRequest(url: "http://127.0.0.1:1/", headers: [("X: y", "a")]),
      CurlRequest(url: "http://127.0.0.1:1/", userAgent: "a\nb"),
    ])
  func refusedRequest(request: CurlRequest) async throws {
    #expect(try await failure(request).code == .protocol)
  }

  @Test("cancelling the task aborts the transfer")
  func cancellation() async throws {
    let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
    let server = try LoopbackServer { _ in
      arrived.yield()
      return .init(bytes: [], hangs: true)
    }
    defer { server.stop() }
    let task = Task { try await failure(CurlRequest(url: server.url)) }
    for await _ in arrivals { break }
    task.cancel()
    #expect(try await task.value.code == .cancelled)
  }

  @Test("a task that is already cancelled sends nothing")
  func cancelledBefore() async throws {
    let requests = Atomic(0)
    let server = try LoopbackServer { _ in
      requests.add(1, ordering: .relaxed)
      return .init()
    }
    defer { server.stop() }
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await failure(CurlRequest(url: server.url))
    }
    #expect(try await task.value.code == .cancelled)
    #expect(requests.load(ordering: .relaxed) == 0)
  }

  @Test("shutdown ends transfers under way and refuses later ones")
  func shutdown() async throws {
    let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
    let server = try LoopbackServer { _ in
      arrived.yield()
      return .init(bytes: [], hangs: true)
    }
    defer { server.stop() }
    async let first = failure(CurlRequest(url: server.url))
    for await _ in arrivals { break }
    client.shutdown()
    #expect(try await first.code == .cancelled)
    #expect(try await failure(CurlRequest(url: server.url)).code == .cancelled)
  }

  @Test("no more transfers run at once than allowed, and all of them end")
  func bounded() async throws {
    let counts = Mutex<(now: Int, most: Int)>((0, 0))
    let server = try LoopbackServer { _ in
      counts.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      counts.withLock { $0.now -= 1 }
      return .init(body: Array("x".utf8))
    }
    defer { server.stop() }
    let bounded = try CurlClient(maxTransfers: 3)
    let total = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<50 { group.addTask { try await bounded.send(CurlRequest(url: server.url)).body.count } }
      return try await group.reduce(0, +)
    }
    #expect(total == 50)
    #expect(counts.withLock { $0.most } <= 3)
  }
}
