import Digests
import Testing

@testable import Matching

struct JSONScannerTests {
  private func find(_ path: [JSONPath.Component], in text: String) -> JSONValue? {
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
    #expect(Comparison.equal.holds(found, .number(other)) == (order == 0))
    #expect(Comparison.greater.holds(found, .number(other)) == (order > 0))
  }

  @Test("texts are compared as texts, whatever they look like and however they are escaped")
  func texts() {
    for (text, expected, isEqual) in [
      ("1.10", "1.1", false), ("1.10", "1.10", true), ("01234", "1234", false), ("caf\\u00e9", "café", true),
      ("\\ud83d\\ude00", "😀", true), ("a\\/b\\n", "a/b\n", true), ("true", "true", true),
      ("e\\u0301", "é", false),
    ] {
      let found = find([key("t")], in: "{\"t\": \"\(text)\"}")
      #expect(found.map { Comparison.equal.holds($0, .string(Array(expected.utf8))) } == isEqual, "\(text)")
      #expect(found.map { Comparison.equal.holds($0, .number(1.1)) } == false)
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
      let place = Int(SplitMix.mix(UInt64(round)) % UInt64(bytes.count))
      mutated[place] = UInt8(truncatingIfNeeded: SplitMix.mix(UInt64(round + 5_000)))
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
      (Comparison.greater, JSONValue.number(2), JSONValue.number(1), true),
      (.greater, .string([0x32]), .number(1), false), (.equal, .string([0x32]), .number(2), false),
      (.equal, .number(2), .number(2), true), (.notEqual, .null, .null, false),
      (.lessOrEqual, .number(2), .number(2), true),
      (.exists, .object(count: 0), .null, true),
    ])
  func comparisons(
    _ comparison: Comparison, _ value: JSONValue, _ expected: JSONValue, _ holds: Bool
  ) {
    #expect(comparison.holds(value, expected) == holds)
  }
}
