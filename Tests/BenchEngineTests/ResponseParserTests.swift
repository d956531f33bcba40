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

struct JSONScannerTests {
  private func find(_ path: [JSONPath.Component], in text: String) -> JSONScanner.Value? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { JSONScanner.value(at: JSONPath(components: path), in: $0) }
  }

  private func key(_ text: String) -> JSONPath.Component { .key(Array(text.utf8)) }

  private static let text =
    #"{"count": 2, "skip": {"count": [1, {"a": "}"}]}, "data": [{"name": "Dr. \u0041 \ud83d\ude00"}, {"ok": true}], "n": null}"#

  @Test("a path leads to its value and past everything else")
  func paths() {
    #expect(find([key("count")], in: Self.text) == .number(2))
    #expect(find([key("data"), .index(0), key("name")], in: Self.text) == .string(Array("Dr. A 😀".utf8)))
    #expect(find([key("data"), .index(1), key("ok")], in: Self.text) == .bool(true))
    #expect(find([key("data"), .length], in: Self.text) == .number(2))
    #expect(find([key("n")], in: Self.text) == .null)
    #expect(find([key("absent")], in: Self.text) == nil)
    #expect(find([key("data"), .index(2)], in: Self.text) == nil)
    #expect(find([], in: "[]") == .array(count: 0))
  }

  @Test(
    "what Swift reads as a number and JSON does not is none", arguments: ["nan", "inf", "Infinity", "0x1p3", "1e999"])
  func numbers(_ text: String) {
    #expect(find([key("n")], in: "{\"n\": \(text)}") == nil)
    #expect(find([key("n")], in: "{\"n\": -1.5E+3}") == .number(-1_500))
  }

  @Test(
    "numbers are compared by their exact value, whatever their form",
    arguments: [
      ("9007199254740993", "9007199254740992", 1), ("9007199254740993", "9007199254740993", 0),
      ("18446744073709551615", "18446744073709551614", 1), ("-9223372036854775808", "-9223372036854775807", -1),
      ("1", "1.0", 0), ("1.10", "1.1", 0), ("10e-1", "1", 0), ("1E2", "100", 0), ("-0", "0", 0), ("-0.0e9", "0", 0),
      ("0.1", "0.10000000000000001", -1), ("1e-400", "0", 1), ("-1e-400", "0", -1), ("1e-400", "1e-401", 1),
      ("123456789012345678901234567890", "123456789012345678901234567891", -1), ("2", "10", -1), ("0.02", "0.010", 1),
      ("-2", "-10", 1), ("1e2147483647000", "1", nil), ("01", "1", nil), ("1.", "1", nil), ("+1", "1", nil),
      (".5", "1", nil), ("1e", "1", nil), ("- 1", "1", nil), ("", "1", nil), ("-", "1", nil),
    ] as [(String, String, Int?)])
  func exact(left: String, right: String, order: Int?) throws {
    guard let order else {
      #expect(JSONNumeral(Array(left.utf8)) == nil)
      return
    }
    let (one, other) = (try #require(JSONNumeral(Array(left.utf8))), try #require(JSONNumeral(Array(right.utf8))))
    #expect((one == other) == (order == 0) && (other == one) == (order == 0))
    #expect((one < other) == (order < 0) && (other < one) == (order > 0))
    // As a body has it and a check expects it.
    let found = try #require(find([key("n")], in: "{\"n\": \(left)}"))
    #expect(CheckPlan.Comparison.equal.holds(found, .number(other)) == (order == 0))
    #expect(CheckPlan.Comparison.greater.holds(found, .number(other)) == (order > 0))
  }

  @Test("texts are compared as texts, whatever they look like and however they are escaped")
  func texts() {
    for (text, expected, isEqual) in [
      ("1.10", "1.1", false), ("1.10", "1.10", true), ("01234", "1234", false), ("caf\\u00e9", "café", true),
      ("\\ud83d\\ude00", "😀", true), ("a\\/b\\n", "a/b\n", true), ("true", "true", true),
      ("e\\u0301", "é", false),
    ] {
      let found = find([key("t")], in: "{\"t\": \"\(text)\"}")
      #expect(found.map { CheckPlan.Comparison.equal.holds($0, .string(Array(expected.utf8))) } == isEqual, "\(text)")
      #expect(found.map { CheckPlan.Comparison.equal.holds($0, .number(1.1)) } == false)
    }
    #expect(find([key("t")], in: "{\"t\": \"\\ud83d\"}") == nil)
  }

  @Test("a captured number is the one that was written", arguments: ["9007199254740993", "1.10", "1e3", "-0", "19.90"])
  func captured(text: String) {
    #expect(find([key("n")], in: "{\"n\": \(text)}")?.text == Array(text.utf8))
  }

  @Test("truncated, mutated and deep texts end without a value or with one, never otherwise")
  func hostile() {
    let bytes = Array(Self.text.utf8)
    for end in 0..<(bytes.count - 1) {
      #expect(find([key("n")], in: String(decoding: bytes[..<end], as: UTF8.self)) == nil)
    }
    for round in 0..<2_000 {
      var mutated = bytes
      let place = Int(RandomDraw.bits(seed: 5, UInt64(round)) % UInt64(bytes.count))
      mutated[place] = UInt8(truncatingIfNeeded: RandomDraw.bits(seed: 6, UInt64(round)))
      let found = mutated.withUnsafeBufferPointer {
        JSONScanner.value(at: JSONPath(components: [key("data"), .index(1), key("ok")]), in: $0)
      }
      #expect(found == nil || found == .bool(true))
    }
    #expect(find([.index(0)], in: String(repeating: "[", count: 100_000)) == nil)
  }

  @Test(
    "comparisons hold between numbers, and equality by type",
    arguments: [
      (CheckPlan.Comparison.greater, JSONScanner.Value.number(2), JSONScalar.number(1), true),
      (.greater, .string([0x32]), .number(1), false), (.equal, .string([0x32]), .number(2), false),
      (.equal, .number(2), .number(2), true), (.notEqual, .null, .null, false),
      (.lessOrEqual, .number(2), .number(2), true),
      (.exists, .object, .null, true),
    ])
  func comparisons(
    _ comparison: CheckPlan.Comparison, _ value: JSONScanner.Value, _ expected: JSONScalar, _ holds: Bool
  ) {
    #expect(comparison.holds(value, expected) == holds)
  }
}
