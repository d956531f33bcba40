import BenchEngine
import Foundation
import Matching
import Measures
import TestSupport
import Testing

@testable import BenchScenario

/// From a scenario's text to the requests that the engine will make.
struct JourneyCompilerTests {
  private func plan(
    _ top: String = "", steps: String, files: [String: String] = [:], environment: [String: String] = [:]
  ) throws -> LoadPlan {
    let folder = FileManager.default.temporaryDirectory.appending(path: "journeys-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
    let text = """
      name: t
      target: http://h
      time_zone: Asia/Kolkata
      \(top)
      load: { users: 1, hold: 1s }
      journeys:
        - name: j
          steps:
      \(steps)
      """
    let scenario = try ScenarioReader.read(text: text, file: folder.appending(path: "s.yaml").path)
    // 2026-11-23 23:59:00 UTC
    return try ScenarioCompiler.plan(
      scenario, .init(secondsSince1970: 1_795_478_340, version: "0", environment: environment))
  }

  private func message(_ top: String = "", steps: String, files: [String: String] = [:]) -> String {
    do {
      _ = try plan(top, steps: steps, files: files)
      return "valid"
    } catch {
      return "\(error)".replacing(#/\S*/s\.yaml/#, with: "s.yaml")
    }
  }

  @Test("moments are in the scenario's time zone, environment and variables are fixed: the request stays precompiled")
  func fixed() throws {
    let step = """
            - { name: a, get: "/{{now+1d|yyyy-MM-dd}}/{{now-30m|HH:mm}}/{{now|unix}}/{{now}}/{{env.USER_ID}}/{{today|ddMM}}" }
      """
    let plan = try plan(steps: step, environment: ["USER_ID": "7"])
    #expect(plan.steps[0].template == nil)
    let line = String(decoding: plan.steps[0].request, as: UTF8.self).prefix { $0 != "\r\n" }
    #expect(line == "GET /2026-11-25/04:59/1795478340/2026-11-23T23:59:00Z/7/2411 HTTP/1.1")
  }

  @Test("what changes from request to request makes a template, each value encoded for its place")
  func template() throws {
    let steps = """
            - { name: a, post: "/x?q={{people.first}}", json: { id: "{{uuid}}", n: 5 }, capture: { token: $.t } }
            - { name: b, get: /y, headers: { X-T: "a {{ token }}" }, auth: { bearer: "{{token}}" }, repeat: 3 }
            - { name: c, post: /z, form: { "a b": "x&{{random.int(1,9)}}", c: "1" } }
      """
    let plan = try plan(
      "data: { people: { file: p.csv, order: random } }", steps: steps, files: ["p.csv": "id,first\n1,Ann\n2,Bo\n"])
    let a = try #require(plan.steps[0].template)
    #expect(a.head.prefix(2) == [.bytes(Array("POST /x?q=".utf8)), .value(.column(feed: 0, column: 1), .percent)])
    #expect(
      a.body == [.bytes(Array("{\"id\":\"".utf8)), .value(.uuid, .json), .bytes(Array("\",\"n\":5}".utf8))])
    let b = try #require(plan.steps[1].template)
    #expect(b.body == nil)
    #expect(b.head.filter { $0 == .value(.slot(0), .header) }.count == 2)
    #expect(
      plan.steps[2].template?.body
        == [.bytes(Array("a%20b=x%26".utf8)), .value(.randomInt(1...9), .percent), .bytes(Array("&c=1".utf8))])
    #expect(plan.journeys[0].steps == [0, 1, 1, 1, 2])
    #expect(plan.journeys[0].feeds == [0])
    #expect(plan.feeds[0].rows == [["1", "Ann"], ["2", "Bo"]].map { $0.map { Array($0.utf8) } })
    #expect(plan.steps[0].checks.map(\.label) == ["captures token"])
  }

  @Test("credentials, forms and files are precompiled where nothing in them changes; cookies make templates of all")
  func bodies() throws {
    let steps = """
            - { name: a, get: / }
            - { name: b, put: /f, file: f.bin, headers: { Content-Type: image/png } }
            - { name: c, post: /p }
      """
    let auth = "defaults: { auth: { basic: { user: Aladdin, password: open sesame } } }"
    let files = ["f.bin": "\u{F0000}raw"]
    let plain = try plan(auth, steps: steps, files: files)
    let requests = plain.steps.map { String(decoding: $0.request, as: UTF8.self) }
    // RFC 7617's own example.
    #expect(requests[0].contains("\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"))
    #expect(requests[1].contains("\r\nContent-Type: image/png\r\n"))
    #expect(requests[1].hasSuffix("\r\nContent-Length: 7\r\n\r\n\u{F0000}raw"))
    let cookies = try plan("defaults: { cookies: true }", steps: steps, files: files)
    #expect(cookies.keepsCookies)
    #expect(cookies.steps.map(\.template?.body) == [nil, [.bytes(Array("\u{F0000}raw".utf8))], []])
    #expect(cookies.steps.allSatisfy { $0.template != nil && $0.request.isEmpty })
  }

  @Test("conditions are on what a user has; multipart bodies are what RFC 7578 says")
  func conditionsAndParts() throws {
    let steps = """
            - { name: a, get: /, capture: { role: $.r } }
            - { name: b, get: /b, if: "{{role}} == nurse" }
            - { name: c, post: /c, if: "{{role}}", multipart: { 'a"b': "{{role}}", f: { file: f.txt, type: text/plain } } }
      """
    let plan = try plan(steps: steps, files: ["f.txt": "hi"])
    #expect(plan.steps[0].condition == nil)
    #expect(plan.steps[1].condition == StepCondition(source: .slot(0), test: .equals(Array("nurse".utf8))))
    #expect(plan.steps[2].condition == StepCondition(source: .slot(0), test: .isSet))
    let template = try #require(plan.steps[2].template)
    let head = template.head.compactMap {
      if case .bytes(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil }
    }
    .joined()
    let boundary = try #require(head.split(separator: "boundary=").last?.prefix { $0 != "\r\n" })
    #expect(head.contains("\r\nContent-Type: multipart/form-data; boundary=outgrown-"))
    let first = "--\(boundary)\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n"
    let rest =
      "\r\n--\(boundary)\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.txt\"\r\n"
      + "Content-Type: text/plain\r\n\r\nhi\r\n--\(boundary)--\r\n"
    #expect(template.body == [.bytes(Array(first.utf8)), .value(.slot(0), .none), .bytes(Array(rest.utf8))])
  }

  @Test(
    "what can't be known is refused at its place",
    arguments: [
      ("{ name: a, get: '/{{token}}' }", "s.yaml:9:27: unknown variable 'token'"),
      ("{ name: a, get: '/{{env.NO_SUCH}}' }", "s.yaml:9:27: the environment has no NO_SUCH"),
      ("{ name: a, get: '/{{people.age}}' }", "s.yaml:9:27: no column 'age' in 'people', expected name or id"),
      ("{ name: a, get: '/{{peple.age}}' }", "s.yaml:9:27: unknown data 'peple', expected 'people'"),
      ("{ name: a, get: '/{{random.int(9,1)}}' }", "s.yaml:9:27: unknown placeholder"),
      ("{ name: a, get: '/{{random.int(-9223372036854775808,1)}}' }", "s.yaml:9:27: unknown placeholder"),
      ("{ name: a, get: '/{{now-9223372036854775808h}}' }", "s.yaml:9:27: unknown placeholder"),
      ("{ name: a, get: '/{{now|YYYY}}' }", "s.yaml:9:27: unknown placeholder"),
      ("{ name: a, get: '/', checks: { body_contains: '{{uuid}}' } }", "a value that changes from request to request"),
      (
        "{ name: a, get: '/', capture: { t: { regex: 'a(b' } } }",
        "s.yaml:9:53: the regular expression 'a(b', expected ')'"
      ),
      ("{ name: a, get: '/', capture: { now: $.t } }", "s.yaml:9:41: 'now' as a captured value's name"),
      ("{ name: a, get: '/', auth: { basic: { user: '{{uuid}}', password: x } } }", "a value that changes"),
      ("{ name: a, get: '/', if: '{{people.name}}' }", "s.yaml:9:7: 'if' or 'while' on every step"),
      ("{ name: a, put: '/', file: none.bin }", "none.bin can't be read"),
    ])
  func refused(step: String, expected: String) {
    let text = message(
      "data: { people: { file: p.csv } }", steps: "      - " + step, files: ["p.csv": "name,id\nAnn,1\n"])
    #expect(text.contains(expected), "\(text)")
  }

  @Test(
    "what a check expects of JSON is a number or a text, to the last digit; of a header it is a text",
    arguments: [
      ("9007199254740993", .equal, .number(9_007_199_254_740_993), "9007199254740993"),
      ("1.10", .equal, .number(1.1), "1.10"), ("'1.10'", .equal, .string(Array("1.10".utf8)), "1.10"),
      ("'!= \"1.10\"'", .notEqual, .string(Array("1.10".utf8)), "1.10"), ("true", .equal, .bool(true), "true"),
      ("'== 05'", .equal, .string(Array("05".utf8)), "05"),
      ("'> 9007199254740992'", .greater, .number(9_007_199_254_740_992), nil),
    ] as [(String, Comparison, JSONValue, String?)])
  func expectations(value: String, comparison: Comparison, scalar: JSONValue, text: String?) throws {
    let plan = try plan(
      steps: "      - { name: a, get: /, checks: { json: { $.v: \(value) }, header: { X-V: \(value) } } }")
    for check in plan.steps[0].checks {
      switch check.subject {
      case .json(_, let found, let expected):
        #expect(found == comparison && expected == scalar)
      case .header(_, let found, let expected):
        #expect(found == comparison && expected == (text.map { .string(Array($0.utf8)) } ?? scalar))
      default: Issue.record("\(check.label)")
      }
    }
    #expect(plan.steps[0].checks.count == 2)
  }

  @Test("steps in parallel are steps of the journey, and a group of its positions with a pause behind it")
  func parallel() throws {
    let steps = """
            - { name: page, get: /, repeat: 2, capture: { t: $.t } }
            - parallel:
                - { name: css, get: "/css?{{t}}", capture: { v: $.v } }
                - { name: js, get: /js, checks: { status: 200 } }
              connections: 4
              think: 1s
            - parallel: [{ name: a, get: "/{{v}}" }]
            - parallel: [{ name: b, get: /b }]
            - { name: last, get: /last, if: "{{v}}" }
      """
    let plan = try plan(steps: steps)
    let journey = plan.journeys[0]
    #expect(plan.steps.map(\.name) == ["page", "css", "js", "a", "b", "last"])
    #expect(journey.steps == [0, 0, 1, 2, 3, 4, 5])
    #expect(
      journey.groups == [
        ParallelGroup(first: 2, count: 2, connections: 4), ParallelGroup(first: 4, count: 1, connections: 6),
        ParallelGroup(first: 5, count: 1, connections: 6),
      ])
    #expect(plan.steps.map(\.thinkTime) == [.none, .none, .constant(.seconds(1)), .none, .none, .none])
    #expect(plan.lanes == 2 && plan.peakConnections == 2)
  }

  @Test(
    "what a step in parallel can't have is refused at its place",
    arguments: [
      (
        "parallel: [{ name: a, get: / , if: '{{t}}' }]", "s.yaml:9:40: 'if' in a step of 'parallel', expected a step of"
      ),
      ("parallel: [{ name: a, get: / , repeat: 2 }]", "s.yaml:9:40: 'repeat' in a step of 'parallel'"),
      ("parallel: [{ name: a, get: / , until: '{{t}}' }]", "s.yaml:9:40: 'until' in a step of 'parallel'"),
      ("parallel: [{ name: a, get: / , think: 1s }]", "'think' in a step of 'parallel', expected 'think' beside"),
      ("{ parallel: [{ name: a, get: / }], connections: 7 }", "s.yaml:9:57"), ("parallel: []", "s.yaml:9:19"),
      ("{ parallel: [{ name: a, get: / }], name: x }", "s.yaml:9:44: unknown key 'name'"),
      ("parallel: [{ parallel: [{ name: a, get: / }] }]", "s.yaml:9:22: unknown key 'parallel'"),
      ("parallel: [{ name: a, get: / }, { name: a, get: / }]", "a second step 'a' in this journey"),
      (
        "parallel: [{ name: a, get: /, capture: { t: $.t } }, { name: b, get: '/{{t}}' }]",
        "unknown variable 't'"
      ),
    ])
  func refusedInParallel(step: String, expected: String) {
    let text = message(steps: "      - " + step)
    #expect(text.contains(expected), "\(text)")
  }

  @Test(
    "a data file that is none is named with its line",
    arguments: [
      ("p.csv", "a,b\n1,2\n3\n", "p.csv:3 has 1 values, and its first line 2 names"),
      ("p.csv", "a,b\n", "p.csv has no rows"), ("p.csv", "a\n\"x\n", "p.csv:2 has a quote that doesn't end"),
      ("p.jsonl", "{\"a\":1}\n{\"b\":1}\n", "p.jsonl:2 has no text, number or boolean 'a'"),
      ("p.jsonl", "[1]\n", "p.jsonl:1 is no JSON object"),
    ])
  func dataFiles(name: String, text: String, expected: String) {
    let top = "data: { people: { file: \(name) } }"
    let found = message(top, steps: "      - { name: a, get: / }", files: [name: text])
    #expect(found.contains(expected), "\(found)")
  }

  @Test("CSV has quotes, commas, line ends and a byte order mark; JSON lines have scalars")
  func dataValues() throws {
    let csv = try DataFile.csv(Array("\u{FEFF}id,text\r\n1,\"a, \"\"b\"\"\nc\"\r\n\r\n2,".utf8))
    #expect(csv.columns == ["id", "text"])
    #expect(csv.rows == [["1", "a, \"b\"\nc"], ["2", ""]].map { $0.map { Array($0.utf8) } })
    let text = "{\"n\": 1.5, \"s\": \"a\\n\", \"b\": true}\n\n{\"b\":false,\"s\":\"\",\"n\":-2,\"more\":{}}"
    let lines = try DataFile.jsonLines(Array(text.utf8))
    #expect(lines.columns == ["n", "s", "b"])
    #expect(lines.rows == [["1.5", "a\n", "true"], ["-2", "", "false"]].map { $0.map { Array($0.utf8) } })
  }
}
