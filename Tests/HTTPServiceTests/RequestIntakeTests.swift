import Testing

@testable import HTTPService

struct RequestIntakeTests {
  private static func head(_ text: String, maximumBody: Int = 1_000) throws -> RequestHead {
    let bytes = Array(text.replacing("\n", with: "\r\n").utf8)
    return try bytes.withUnsafeBytes { try RequestHead($0, maximumBody: maximumBody) }
  }

  @Test(
    "a head says how long its request is and whether its connection ends",
    arguments: [
      ("GET / HTTP/1.1\nHost: a\n\n", RequestHead.Body.none, false),
      ("GET / HTTP/1.1\nHost: a\nConnection: Close\n\n", .none, true),
      ("GET / HTTP/1.1\nHost: a\nConnection: x , close\n\n", .none, true),
      ("GET / HTTP/1.0\n\n", .none, true), ("GET / HTTP/1.0\nConnection: keep-alive\n\n", .none, false),
      ("POST / HTTP/1.1\nhOST:a:80\nCONTENT-LENGTH: 12\n\n", .length(12), false),
      ("POST / HTTP/1.1\nHost: [::1]:80\nContent-Length:0\n\n", .none, false),
      ("POST / HTTP/1.1\nHost:\nTransfer-Encoding:\tChunked \n\n", .chunked, false),
      ("GET / HTTP/1.1\nHost: a\nUpgrade: h2c\n\n", .none, true),
      ("CONNECT a:1 HTTP/1.1\nHost: a\n\n", .none, true),
      ("GET http://a/%00?x=\u{e9} HTTP/1.1\nHost: a\nX:\n\n", .none, false),
    ])
  func heads(text: String, body: RequestHead.Body, closes: Bool) throws {
    let head = try Self.head(text)
    #expect(head.body == body && head.closes == closes)
  }

  @Test(
    "what two readers could take differently is refused",
    arguments: [
      ("GET / HTTP/1.1\n\n", 400), ("GET / HTTP/1.1\nHost: a\nHost: a\n\n", 400),
      ("GET / HTTP/1.1\nHost: a\nhost: b\n\n", 400), ("GET / HTTP/1.0\nHost: a\nHost: b\n\n", 400),
      ("GET / HTTP/1.1\nHost: a, b\n\n", 400), ("GET / HTTP/1.1\nHost: a/b\n\n", 400),
      ("GET / HTTP/1.1\nHost: u@a\n\n", 400), ("GET / HTTP/2.0\nHost: a\n\n", 400), ("GET /\n\n", 400),
      ("GET  / HTTP/1.1\nHost: a\n\n", 400), ("GET /a b HTTP/1.1\nHost: a\n\n", 400),
      ("G(T / HTTP/1.1\nHost: a\n\n", 400), (" GET / HTTP/1.1\nHost: a\n\n", 400),
      ("GET / HTTP/1.1\nHost: a\n folded\n\n", 400), ("GET / HTTP/1.1\nHost : a\n\n", 400),
      ("GET / HTTP/1.1\nHost: a\n: x\n\n", 400), ("GET / HTTP/1.1\nHost: a\nX: a\u{0}b\n\n", 400),
      ("GET / HTTP/1.1\nHost: a\nX: a\rb\n\n", 400), ("GET /\u{7f} HTTP/1.1\nHost: a\n\n", 400),
      ("POST / HTTP/1.1\nHost: a\nContent-Length: 5\nContent-Length: 5\n\n", 400),
      ("POST / HTTP/1.1\nHost: a\nContent-Length: 5, 5\n\n", 400),
      ("POST / HTTP/1.1\nHost: a\nContent-Length: +5\n\n", 400), ("POST / HTTP/1.1\nHost: a\nContent-Length:\n\n", 400),
      ("POST / HTTP/1.1\nHost: a\nContent-Length: 0x5\n\n", 400),
      ("POST / HTTP/1.1\nHost: a\nContent-Length: 99999999999999999999\n\n", 400),
      ("POST / HTTP/1.1\nHost: a\nContent-Length: 5\nTransfer-Encoding: chunked\n\n", 400),
      ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked, chunked\n\n", 400),
      ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n", 400),
      ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked, gzip\n\n", 400),
      ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding:\n\n", 400),
      ("POST / HTTP/1.0\nTransfer-Encoding: chunked\n\n", 400),
      ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n\n", 501),
      ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: xchunked\n\n", 501),
      ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: identity\n\n", 501),
      ("POST / HTTP/1.1\nHost: a\nContent-Length: 1001\n\n", 413),
      ("POST / HTTP/1.1\nHost: a\nExpect: magic\n\n", 417),
      ("GET /\\(long) HTTP/1.1\nHost: a\n\n", 414), ("GET / HTTP/1.1\nHost: a\nX: \\(long)\\(long)\n\n", 431),
      ("GET / HTTP/1.1\nHost: a\n\\(many)\n", 431),
    ])
  func refused(text: String, status: Int) {
    let text = text.replacing("\\(long)", with: String(repeating: "x", count: 9_000))
      .replacing("\\(many)", with: String(repeating: "X: y\n", count: 100))
    do {
      let head = try Self.head(text)
      Issue.record("taken: \(head)")
    } catch {
      #expect((error as? RequestRefusal)?.status == status, "\(error)")
    }
  }

  /// What an intake makes of bytes that come in pieces.
  private static func read(_ text: String, pieces: Int, maximumBody: Int = 1_000) -> [String] {
    var intake = RequestIntake(maximumBody: maximumBody)
    var held: [UInt8] = []
    var seen: [String] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      held += bytes[start..<min(start + pieces, bytes.count)]
      loop: while !held.isEmpty {
        switch held.withUnsafeBytes({ intake.read($0) }) {
        case .wait:
          guard intake.isComplete else { break loop }
          seen.append("|")
          intake.next()
        case .skip(let count): held.removeFirst(count)
        case .passHead(let count), .passBody(let count):
          seen.append(String(decoding: held[..<count], as: UTF8.self))
          held.removeFirst(count)
        case .refuse(let refusal): return seen + ["\(refusal.status)"]
        }
      }
    }
    return seen
  }

  @Test("one request at a time, wherever the bytes are cut", arguments: [1, 2, 3, 7, 50, 1_000])
  func pieces(size: Int) {
    let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
    let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    let body = "5;x=\"y\"\r\nGET /\r\n00a\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"
    let text = get + "\r\n" + post + "GET /" + chunked + body + get
    let parts = Self.read(text, pieces: size).joined().split(separator: "|").map(String.init)
    #expect(parts == [get, post + "GET /", chunked + body, get])
  }

  @Test(
    "chunks that can't be read end the connection, and a body that is too long does",
    arguments: [
      ("5\r\nabcde0\r\n\r\n", "400"), ("\r\n", "400"), ("g\r\n", "400"), ("5 \n", "400"), ("-1\r\n", "400"),
      ("5\nabcde\n0\n\n", "400"), ("ffffffffffffffff\r\n", "400"), ("0x5\r\n", "400"), ("3e9\r\n", "413"),
      ("5;\u{1}\r\n", "400"), ("0\r\nX: \u{0}\r\n\r\n", "400"),
    ])
  func chunks(body: String, status: String) {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    #expect(Self.read(head + body, pieces: 1).last == status)
    #expect(Self.read(head + body, pieces: 1_000).last == status)
  }

  @Test("a head without an end is refused at its bound, and empty lines are not read for ever")
  func endless() {
    #expect(Self.read("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 40_000), pieces: 1_000).last == "431")
    #expect(Self.read(String(repeating: "\r\n", count: 10), pieces: 2).last == "400")
    #expect(Self.read("GET / HTTP/1.1\nHost: a\n\n", pieces: 5).last == "400")
  }
}
