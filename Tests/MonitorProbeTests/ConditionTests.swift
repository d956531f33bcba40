import Curl
import Testing
import Visits

@testable import MonitorProbe

@Suite struct ConditionTests {
  private var answer: ProbeResult {
    var result = ProbeResult(
      url: "http://h/", status: 200, edgeClass: .unmarked, meaning: "",
      headers: CurlHeaders([("X-Version", "1.4.2"), ("Content-Type", "application/json")]),
      body: Array(
        #"""
        {"status":"healthy","n":3,"ok":true,"none":null,"items":[{"id":7},{"id":8}],"version":"1.1","zip":"01234",
        "big":9007199254740993,"huge":18446744073709551615,"half":0.50,"word":"a, b)"}
        """#.utf8),
      address: "127.0.0.1")
    result.phases.totalMilliseconds = 120.5
    return result
  }

  @Test(
    "conditions hold or not",
    arguments: [
      ("[STATUS] == 200", true), ("[STATUS]==200", true), ("[STATUS] != 200", false), ("[STATUS] < 300", true),
      ("[STATUS] >= 400", false), ("[STATUS] == any(200, 204)", true), ("[STATUS] == any(500, 503)", false),
      ("[RESPONSE_TIME] < 300", true), ("[RESPONSE_TIME] <= 120", false), ("[CONNECTED]", true),
      ("[CONNECTED] == true", true), ("[CONNECTED] == false", false), ("[IP] == 127.0.0.1", true),
      ("[BODY].status == healthy", true), ("[BODY].status == \"healthy\"", true), ("[BODY].status != healthy", false),
      ("[BODY].status == pat(heal*)", true), ("[BODY].status == pat(*th*)", true),
      ("[BODY].status == pat(sick*)", false), ("[BODY].status == any(healthy, ok)", true), ("[BODY].n > 2", true),
      ("[BODY].n > 3", false), ("[BODY].ok == true", true), ("[BODY].none == null", true),
      ("[BODY].items[1].id == 8", true), ("[BODY].items[2].id == 8", false), ("[BODY].missing == 1", false),
      ("[BODY].missing != 1", false), ("len([BODY].items) == 2", true), ("len([BODY].status) == 7", true),
      ("has([BODY].items)", true), ("has([BODY].missing) == false", true), ("has([BODY].missing)", false),
      ("[HEADER].x-version == pat(1.*)", true), ("[HEADER].X-Version == 1.4.2", true),
      ("[BODY].version == 1.10", false), ("[BODY].version == 1.1", true), ("[BODY].version != 1.10", true),
      ("[BODY].zip == 1234", false), ("[BODY].zip == 01234", true), ("[BODY].zip == any(1234, 01234)", true),
      ("[BODY].version == any(1.10)", false), ("[BODY].half == .5", true), ("[BODY].n == 3.0", true),
      ("[BODY].big == 9007199254740993", true), ("[BODY].big == 9007199254740992", false),
      ("[BODY].big > 9007199254740992", true), ("[BODY].huge == 18446744073709551615", true),
      ("[BODY].huge == 18446744073709551614", false), ("[BODY].status == any(\"UP\", 'healthy')", true),
      ("[BODY].status == any(\"UP\", 'OK')", false), ("[BODY].word == any(\"a, b)\")", true),
      ("[HEADER].absent == 1", false), ("[BODY] == pat(*healthy*)", true), ("[BODY].status > 3", false),
    ])
  func evaluation(text: String, holds: Bool) throws {
    #expect(try Condition(parsing: text).evaluate(answer).isMet == holds)
  }

  /// As Gatus compares: what is a text in the JSON stays one.
  @Test(
    "a condition that Gatus' users write holds here as there",
    arguments: [
      ("[BODY].version == 1.10", false), ("[BODY].version == 1.1", true), ("[BODY].zip == 1234", false),
      ("[BODY].zip == 01234", true), ("[BODY].zip == 668", true), ("[BODY].hex == 16", true),
      ("[BODY].bits == 0b101", true),
      ("[STATUS] == 0xC8", true), ("[STATUS] == 0o310", true), ("[STATUS] == 0310", true), ("200 == [STATUS]", true),
      ("201 == [STATUS]", false), ("300 > [STATUS]", true), ("any(200, 204) == [STATUS]", true),
      ("pat(heal*) == [BODY].status", true), ("pat(sick*) != [BODY].status", true),
      (#"[BODY].status == any("healthy", "ok")"#, true), (#"[BODY].status == any('a, b', 'healthy')"#, true),
      (#"[BODY].status == pat("heal*")"#, true), (#""healthy" == [BODY].status"#, true),
      ("[RESPONSE_TIME] < 300ms", true), ("[RESPONSE_TIME] < 0.1s", false), ("1m > [RESPONSE_TIME]", true),
      ("[RESPONSE_TIME] < 1h30m", true), ("[BODY].n == 3.0", true), ("len([BODY].owner) == 2", true),
      ("[CERTIFICATE_EXPIRATION] > 48h", true), ("[CERTIFICATE_EXPIRATION] > 1000h", false),
      ("[CERTIFICATE_EXPIRATION] < 604801000", true), ("1_000 > [STATUS]", true), ("[BODY].wait < 2s", true),
    ])
  func likeGatus(text: String, holds: Bool) throws {
    var answer = answer
    answer.certificateSeconds = 7 * 86_400
    answer.body = Array(
      #"{"status":"healthy","n":3,"version":"1.1","zip":"01234","hex":"0x10","bits":"5","wait":"1500ms","owner":{"a":1,"b":2}}"#
        .utf8)
    #expect(try Condition(parsing: text).evaluate(answer).isMet == holds)
  }

  @Test("without an answer nothing but [CONNECTED] == false holds")
  func unanswered() throws {
    let nothing = ProbeResult(
      url: "http://h/", status: nil, edgeClass: .unknown, meaning: "", failure: CurlError(.connect, "refused"))
    for text in [
      "[STATUS] == 200", "[STATUS] != 200", "[RESPONSE_TIME] < 300", "[BODY].a == 1", "[CONNECTED]",
      "[CERTIFICATE_EXPIRATION] > 0",
    ] {
      #expect(try !Condition(parsing: text).evaluate(nothing).isMet, "\(text)")
    }
    #expect(try Condition(parsing: "[CONNECTED] == false").evaluate(nothing).isMet)
  }

  @Test(
    "what can't be read says where",
    arguments: [
      ("[STATE] == 200", 1, "[STATUS]"), ("[STATUS] = 200", 10, "=="), ("[STATUS] ==", 12, "compare with"),
      ("[STATUS] < fast", 12, "a number"), ("200 == 200", 1, "[STATUS]"), ("slow > [STATUS]", 1, "a number"),
      ("", 1, "a placeholder"),
      ("[STATUS", 1, "[STATUS]"), ("[HEADER] == 1", 9, "name"), ("[BODY].a[x] == 1", 10, "index"),
      ("len(5) > 1", 5, "[STATUS]"), ("[STATUS] == any(200", 20, ")"), ("[STATUS] < pat(2*)", 12, "number"),
      ("[STATUS]", 9, "comparison"),
    ])
  func refused(text: String, column: Int, expected: String) {
    let error = #expect(throws: ConditionError.self) { try Condition(parsing: text) }
    #expect(error?.column == column)
    #expect(error?.expected.contains(expected) == true, "\(error?.expected ?? "")")
  }

  @Test("a condition of any length and any bytes is read or refused, not worse")
  func hostile() {
    for text in [
      String(repeating: "[", count: 400), String(repeating: "len(", count: 120), String(repeating: "a", count: 501),
      "[STATUS] == \u{0}", "[BODY]" + String(repeating: "[0]", count: 150) + " == 1", "🙂 == 🙂",
    ] {
      _ = try? Condition(parsing: text).evaluate(answer)
    }
    let long = #expect(throws: ConditionError.self) {
      try Condition(parsing: "[STATUS] == " + String(repeating: "2", count: 500))
    }
    #expect(long?.expected == "at most 500")
  }
}
