import Testing

@testable import BenchEngine

struct ResponseParserTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var status: Int32
    var body: Int
    var keepsAlive = true
    var isHead = false
    var endsAtClose = false
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    .init(name: "fixed length", text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", status: 200, body: 5),
    .init(name: "no body", text: "HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", status: 200, body: 0),
    .init(
      name: "close", text: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab", status: 200, body: 2,
      keepsAlive: false),
    .init(
      name: "1.0", text: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab", status: 200, body: 2, keepsAlive: false),
    .init(
      name: "1.0 keep-alive", text: "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nab",
      status: 200, body: 2),
    .init(
      name: "chunked with extension and trailer",
      text:
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n",
      status: 200, body: 15),
    .init(name: "204", text: "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", status: 204, body: 0),
    .init(name: "304", text: "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", status: 304, body: 0),
    .init(name: "HEAD", text: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", status: 200, body: 0, isHead: true),
    .init(
      name: "1xx first",
      text: "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 Nope\r\nContent-Length: 1\r\n\r\nx", status: 404,
      body: 1),
    .init(
      name: "several 1xx, 100 among them",
      text:
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Wait\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
      status: 200, body: 0),
    .init(
      name: "chunked goes before a length",
      text: "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
      status: 200, body: 2),
    .init(
      name: "a chunk's quoted extension, several trailers",
      text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "3 ; n=\"a b\"\r\nabc\r\n000;last\r\nX: y\r\nDigest: z\r\n\r\n", status: 200, body: 3),
    .init(
      name: "HEAD of a chunked body", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", status: 200,
      body: 0, isHead: true),
    .init(
      name: "304 of a chunked body", text: "HTTP/1.1 304 Same\r\nTransfer-Encoding: chunked\r\n\r\n", status: 304,
      body: 0),
    .init(
      name: "another coding than chunked lasts until the end",
      text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc", status: 200, body: 3, keepsAlive: false,
      endsAtClose: true),
    .init(
      name: "until close", text: "HTTP/1.1 200 OK\r\nServer: x\r\n\r\nall of this", status: 200, body: 11,
      keepsAlive: false, endsAtClose: true),
  ]

  private func feed(_ parser: inout ResponseParser, _ bytes: [UInt8]) -> ResponseParser.Outcome {
    bytes.withUnsafeBufferPointer { buffer in
      var offset = 0
      while true {
        let (outcome, next) = parser.advance(buffer.span, from: offset)
        offset = next
        if outcome != .bodyPiece { return outcome }
      }
    }
  }

  @Test("a response reads the same whole, byte by byte, and split anywhere", arguments: cases, [false, true])
  func splits(_ test: Case, reportsBody: Bool) {
    let bytes = Array(test.text.utf8)
    var pieces = (0...bytes.count).map { [Array(bytes[..<$0]), Array(bytes[$0...])].filter { !$0.isEmpty } }
    pieces.append(bytes.map { [$0] })
    for split in pieces {
      var parser = ResponseParser()
      parser.isHead = test.isHead
      parser.reportsBody = reportsBody
      var outcome = ResponseParser.Outcome.needsMore
      for piece in split where outcome == .needsMore { outcome = feed(&parser, piece) }
      #expect(outcome == (test.endsAtClose ? .needsMore : .complete), "\(split.map(\.count))")
      #expect(parser.isCompleteAtClose() == test.endsAtClose)
      #expect(parser.status == test.status)
      #expect(parser.bodyBytes == test.body)
      #expect(parser.keepsAlive == test.keepsAlive)
      parser.deallocate()
    }
  }

  @Test(
    "what is no HTTP/1.1 response is named",
    arguments: [
      ("SSH-2.0-OpenSSH\r\n", ResponseParser.Defect.statusLine), ("HTTP/1.1 999 X\r\n\r\n", .statusLine),
      ("HTTP/1.1 200 OK\r\n folded: x\r\n\r\n", .headerLine),
      ("HTTP/1.1 200 OK\r\nA: b\r\n\tfolded\r\n\r\n", .headerLine),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000000000000000\r\n", .chunkSize),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1" + String(repeating: ";x", count: 70_000), .chunkSize),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + String(repeating: "x", count: 70_000),
        .headTooLarge
      ),
      ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", .contentLength),
      ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .contentLength),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", .chunkSize),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc", .chunkEnd),
      ("HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 140_000), .headTooLarge),
      ("HTTP/1.1 101 Switching Protocols\r\nContent-Length: 0\r\n\r\n", .switched),
    ])
  func malformed(text: String, defect: ResponseParser.Defect) {
    var parser = ResponseParser()
    var outcome = ResponseParser.Outcome.needsMore
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: 60_000) where outcome == .needsMore {
      outcome = feed(&parser, Array(bytes[start..<min(start + 60_000, bytes.count)]))
    }
    #expect(outcome == .malformed)
    #expect(parser.defect == defect)
    parser.deallocate()
  }
}
