import BenchVerdict
import Foundation
import TestSupport
import Testing

@testable import BenchScenario

/// `schemas/scenario.schema.json` and the reader judge alike, the schema by Python's jsonschema.
@Suite(.enabled(if: SchemaCorpus.python != nil, "needs python3 with PyPI jsonschema"))
struct ScenarioSchemaTests {
  private let schema = SchemaCorpus("scenario")

  /// Every key of the format once. JSON is YAML; budgets name no step, since a schema knows no references.
  private static let closed = """
    {"name": "all keys", "description": "text", "target": "http://127.0.0.1:8000/api", "time_zone": "Asia/Kolkata",
    "variables": {"ward": "dental"},
    "defaults": {"headers": {"Accept": "application/json"}, "timeouts": {"connect": "5s", "response": "10s"}},
    "load": {"users": 3, "ramp": "1s", "hold": "2s", "warm_up": "500ms", "graceful_stop": "1s", "seed": 7},
    "journeys": [{"name": "look", "weight": 2, "steps": [
      {"name": "today", "get": "/schedules?date={{today}}", "headers": {"X-Ward": "{{ward}}"}, "think": "1s..3s",
       "checks": {"status": 200, "json": {"$.count": "> 0"}, "body_contains": "Dr."}}]}],
    "budgets": {"response_time": "p(95) < 300ms", "failed": ["rate < 1%"]}}
    """

  private static let open = """
    {"name": "open", "load": {"rate": "500/s", "max_in_flight": 100, "hold": "2s"},
    "journeys": [{"name": "write", "steps": [
      {"name": "send", "post": "/ingest", "json": {"ward": ["dental"]}, "checks": {"status": [200, "300..399"]}},
      {"name": "other", "put": "/text", "body": "plain"}]}]}
    """

  private static let staged = """
    {"name": "staged", "load": {"users": 10, "stages": [{"to": 20, "over": "5s", "hold": "2s"}, {"hold": "1s"}, {"to": 5,
     "over": "1s"}], "iterations": 50, "pacing": "exponential(2s)", "graceful_stop": "1s"},
    "journeys": [{"name": "look", "steps": [{"name": "get", "get": "/", "think": "lognormal(2s, 8s)"}]}]}
    """

  private static let arriving = """
    {"name": "arriving", "load": {"rate": "10/s", "stages": [{"to": "20/min", "hold": "2s"}, {"to": "5/s", "over": "1s"}],
     "arrivals": "poisson", "max_in_flight": 7, "overflow": "drop"},
    "journeys": [{"name": "look", "steps": [{"name": "get", "get": "/"}]}]}
    """

  private static let limited = """
    {"name": "limited", "load": {"users": 2, "hold": "1s", "iterations_per_user": 5, "pacing": "1s..2s"},
    "journeys": [{"name": "look", "steps": [{"name": "get", "get": "/", "think": "exponential(1s)"}]}]}
    """

  private static let stateful = """
    {"name": "stateful", "load": {"users": 1, "hold": "1s"},
    "data": {"people": {"file": "people.csv", "order": "unique"}, "other": {"file": "x.jsonl"}},
    "defaults": {"cookies": true, "redirects": 3, "auth": {"basic": {"user": "u", "password": "{{env.PASSWORD}}"}}},
    "journeys": [{"name": "look", "steps": [
      {"name": "sign in", "post": "/login", "form": {"name": "{{people.name}}", "id": "{{uuid}}"}, "repeat": 2,
       "capture": {"token": "$.token", "id": {"json": "$.id"}, "tag": {"header": "ETag"}, "sid": {"cookie": "sid"},
        "part": {"regex": "a(b+)"}},
       "checks": {"header": {"ETag": "exists", "Content-Length": "> 5"}, "body_matches": ["x+"], "size": "< 10KB",
        "duration": "< 500ms"}},
      {"name": "me", "get": "/me", "auth": {"bearer": "{{token}}"}, "checks": {"body_matches": "a|b", "size": 5}},
      {"name": "send", "put": "/file", "redirects": 0, "file": "body.bin"}]}]}
    """

  private static let conditional = """
    {"name": "conditional", "load": {"users": 1, "hold": "1s"},
    "journeys": [{"name": "look", "steps": [{"name": "a", "get": "/"},
      {"name": "b", "get": "/b", "if": "{{token}}"},
      {"name": "upload", "post": "/up", "if": "{{ token }} == abc", "multipart": {"a": "text", "f": {"file": "x.png",
       "type": "image/png"}}}]},
      {"name": "other", "steps": [{"name": "c", "get": "/"}]}]}
    """

  private static let phased = """
    {"name": "phased", "phases": [
      {"name": "visit", "start_after": "5s", "load": {"users": 1, "hold": "1s"}, "journeys": ["other"],
       "wakes": "p(95) < 500ms"},
      {"name": "herd", "start_after": "{{idle}}", "load": {"rate": "5/s", "hold": "1s"}}],
    "variables": {"idle": "5s"},
    "setup": [{"name": "login", "post": "/login", "capture": {"token": {"json": "$.token", "optional": true}}}],
    "teardown": [{"name": "logout", "post": "/logout", "auth": {"bearer": "{{token}}"}}],
    "journeys": [{"name": "look", "steps": [{"name": "get", "get": "/"}]},
      {"name": "other", "steps": [{"name": "get", "get": "/"}]}]}
    """

  private static let looping = """
    {"name": "looping", "load": {"users": 1, "hold": "1s"}, "defaults": {"expected_response_bytes": 512},
    "journeys": [{"name": "look", "tags": {"kind": "read"}, "steps": [
      {"name": "page", "get": "/", "while": "{{next}}", "at_most": 3, "tags": {"size": "big"},
       "expected_response_bytes": "20KB", "capture": {"next": {"header": "X-Next", "optional": true}}},
      {"name": "job", "get": "/job", "until": "{{state}} == done", "capture": {"state": "$.state"}}]}]}
    """

  /// The corpus changes a list's first element only, so the documents have what is to be changed there.
  private static let uploading = """
    {"name": "uploading", "load": {"users": 1, "hold": "1s"},
    "journeys": [{"name": "look", "steps": [{"name": "upload", "post": "/up", "multipart": {"a": "text",
      "f": {"file": "x.png", "type": "image/png"}}}]}]}
    """

  private static let travelling = """
    {"name": "travelling", "load": {"users": 1, "hold": "1s"}, "target": "https://service.test",
    "defaults": {"connections": "pooled", "dns": {"ttl": "30s", "family": "ipv4"}, "connect_to": "127.0.0.1:8443",
     "tls": {"ca_file": "ca.pem", "insecure": false, "resume": false, "min": "tls1.2", "max": "tls1.3",
      "server_name": "www.service.test"},
     "timeouts": {"dns": "1s", "connect": "1s", "tls": "1s", "first_byte": "1s", "response": "1s", "total": "5s"}},
    "journeys": [{"name": "look", "steps": [{"name": "get", "get": "/"}]}]}
    """

  private static let parallel = """
    {"name": "parallel", "load": {"users": 1, "hold": "1s"},
    "journeys": [{"name": "look", "steps": [
      {"parallel": [{"name": "a", "get": "/a", "checks": {"status": 200}}, {"name": "b", "get": "/b"}],
       "connections": 3, "think": "1s"},
      {"name": "page", "get": "/"}]}]}
    """

  @Test("so is what is asked for in parallel")
  func parallelSteps() throws {
    try schema.expectAlike(
      Data(Self.parallel.utf8),
      extra: [("duration", "700ms"), ("path", "/x"), ("condition", "{{other}} contains x"), ("seven", "7")],
      expecting: (documents: 100, refused: 60)
    ) { document in
      (try? ScenarioReader.read(text: String(decoding: document, as: UTF8.self), file: "s.json")) != nil
    }
  }

  @Test(
    "a step in parallel is asked once and always, in a journey",
    arguments: [
      ("\"get\": \"/a\"", "\"get\": \"/a\", \"if\": \"{{a}}\""),
      ("\"get\": \"/a\"", "\"get\": \"/a\", \"while\": \"{{a}}\""),
      ("\"get\": \"/a\"", "\"get\": \"/a\", \"until\": \"{{a}}\""),
      ("\"get\": \"/a\"", "\"get\": \"/a\", \"repeat\": 2"),
      ("\"get\": \"/a\"", "\"get\": \"/a\", \"think\": \"1s\""), ("\"connections\": 3", "\"connections\": 7"),
      ("\"connections\": 3", "\"connections\": 0"), ("\"connections\": 3", "\"name\": \"x\""),
      ("\"journeys\":", "\"setup\": [{\"parallel\": [{\"name\": \"s\", \"get\": \"/\"}]}], \"journeys\":"),
    ])
  func parallelExclusions(old: String, new: String) throws {
    let text = Self.parallel.replacing(old, with: new)
    #expect(text != Self.parallel)
    #expect((try? ScenarioReader.read(text: text, file: "s.json")) == nil)
    #expect(try schema.judge([Data(text.utf8)]) == [false])
  }

  @Test("so is how its requests travel")
  func transport() throws {
    try schema.expectAlike(
      Data(Self.travelling.utf8),
      extra: [
        ("duration", "700ms"), ("1.2", "tls1.2"), ("1.3", "tls1.3"), ("use", "per_iteration"), ("six", "ipv6"),
        ("address", "[::1]:80"), ("no port", "127.0.0.1"), ("port 0", "localhost:0"), ("name", "a.b"),
      ], expecting: (documents: 300, refused: 200)
    ) { document in
      (try? ScenarioReader.read(text: String(decoding: document, as: UTF8.self), file: "s.json")) != nil
    }
  }

  @Test("so are conditions and parts", arguments: [conditional, uploading])
  func conditions(scenario: String) throws {
    try schema.expectAlike(
      Data(scenario.utf8), extra: [("path", "/x"), ("duration", "1s")], expecting: (documents: 60, refused: 30)
    ) { document in
      (try? ScenarioReader.read(text: String(decoding: document, as: UTF8.self), file: "s.json")) != nil
    }
  }

  @Test("so are phases, setup and teardown, loops and tags", arguments: [phased, looping])
  func phases(scenario: String) throws {
    try schema.expectAlike(
      Data(scenario.utf8),
      extra: [
        ("duration", "700ms"), ("condition", "{{other}} contains x"), ("negated", "not {{a}}"), ("path", "/x"),
        ("tag", "a/b"), ("size", "1.5MB"), ("budget", "max < 1s"),
      ], beyondSchema: ["phases.0.start_after", "phases.0.journeys.0"], expecting: (documents: 300, refused: 150)
    ) { document in
      (try? ScenarioReader.read(text: String(decoding: document, as: UTF8.self), file: "s.json")) != nil
    }
  }

  @Test(
    "a load or phases, one loop, one start, and a step that is always asked",
    arguments: [
      ("\"load\":", "\"phases\": [{\"name\": \"a\", \"load\": {\"users\": 1, \"hold\": \"1s\"}}], \"load\":"),
      ("\"load\": {\"users\": 1, \"hold\": \"1s\"},", ""), ("\"at_most\": 3", "\"repeat\": 3"),
      ("\"at_most\": 3", "\"until\": \"{{a}}\""), ("\"while\": \"{{next}}\", ", ""),
      ("\"until\": \"{{state}} == done\"", "\"at_most\": 3"), ("\"until\": \"{{state}} == done\"", "\"if\": \"{{a}}\""),
      ("\"header\": \"X-Next\", ", ""), ("\"header\": \"X-Next\"", "\"header\": \"X-Next\", \"json\": \"$.a\""),
      ("\"kind\"", "\"step\""), ("\"kind\"", "\"2nd\""), ("\"kind\"", "\"the kind\""),
    ])
  func exclusions(old: String, new: String) throws {
    let text = Self.looping.replacing(old, with: new)
    #expect(text != Self.looping)
    #expect((try? ScenarioReader.read(text: text, file: "s.json")) == nil)
    #expect(try schema.judge([Data(text.utf8)]) == [false])
  }

  @Test(
    "so is each condition",
    arguments: [
      "not {{a}}", "not  {{a}} ", "not {{a}} == b", "not{{a}}", "{{a}} contains b", "{{a}}contains b", "{{a}} contains",
      "{{a}} contains ", "{{a}}<=-1.5e3 ", "{{a}} > x", "{{a}} < 03", "{{a}} >= 1 2", "{{a}} = b",
      "{{a}}", "{{ a }} == b", "{{a}}!=b c", "{{a}} ==", "a", "", "{{a}} b", "{{a", "{{a}} < 3", "{{a}}  ",
    ])
  func eachCondition(text: String) throws {
    let document = Data(Self.conditional.replacing("\"{{token}}\"", with: "\"\(text)\"").utf8)
    let isRead = (try? ScenarioReader.read(text: String(decoding: document, as: UTF8.self), file: "s.json")) != nil
    #expect(try schema.judge([document]) == [isRead])
  }

  @Test(
    "so is each budget",
    arguments: [
      ("failed", "rate < 1%"), ("failed", "rate < 1% warn"), ("failed", "rate < 1% warned"), ("silence", "share < 50%"),
      ("response_time", "p(95) < 300ms over 30s warn"), ("response_time", "p(95)<300ms abort after 10s fail"),
      ("response_time", "p(95)<300ms abort after 10s warn"), ("response_time", "p(95) < 300ms warn fail"),
      ("response_time", "p(95) < 300ms warn over 30s"), ("response_time", "p (95) < 300ms"), ("speed", "max < 1s"),
      ("http_req_duration", "p(95)<300"), ("http_req_duration", "med<100 warn"), ("vus", "value>1"),
      ("http_req_failed", "rate===0"), ("http_req_time", "max<1"), ("data_sent", "rate<1000"),
      ("wait_time", "p(95) < 1s"), ("users", "max < 9"), ("bytes_sent", "rate < 5KB/s"), ("lookup_time", "max < 1s"),
      ("response_time", "max < 1s abort"), ("response_time{kind:read", "max < 1s"), ("response_time", "< 1s"),
    ])
  func eachBudget(metric: String, condition: String) throws {
    let text = Self.closed.replacing(
      "\"budgets\": {\"response_time\": \"p(95) < 300ms\", \"failed\": [\"rate < 1%\"]}",
      with: "\"budgets\": {\"\(metric)\": \"\(condition)\"}")
    #expect(text != Self.closed)
    let isRead = (try? ScenarioReader.read(text: text, file: "s.json")) != nil
    #expect(try schema.judge([Data(text.utf8)]) == [isRead])
  }

  private static let thresholds = """
    {"name": "thresholds", "load": {"users": 1, "hold": "1s"},
    "journeys": [{"name": "look", "steps": [{"name": "get", "get": "/"}]}],
    "budgets": {"http_req_duration": [{"threshold": "p(99)<500", "abortOnFail": true, "delayAbortEval": "10s"}, "avg<9"],
     "http_req_waiting": {"threshold": "p(90)<10"}}}
    """

  @Test("so are k6's thresholds in their longer form")
  func longThresholds() throws {
    let scenario = try ScenarioReader.read(text: Self.thresholds, file: "s.json")
    #expect(
      scenario.budgets.map(\.budget.text) == [
        "http_req_duration: p(99)<500 abort after 10s", "http_req_duration: avg<9", "http_req_waiting: p(90)<10",
      ])
    try schema.expectAlike(
      Data(Self.thresholds.utf8),
      extra: [("duration", "700ms"), ("warning", "med<10 warn"), ("ending", "med<10 abort after 5s")],
      expecting: (documents: 60, refused: 30)
    ) { document in
      (try? ScenarioReader.read(text: String(decoding: document, as: UTF8.self), file: "s.json")) != nil
    }
  }

  @Test(
    "a threshold that ends the run says so once",
    arguments: [
      ("p(99)<500", "p(99)<500 warn", false), ("p(99)<500", "p(99)<500 abort after 5s", false),
      ("p(99)<500", "p(99)<500 over 5s", true), ("true", "false", true), ("true", "\"true\"", false),
      ("true, ", "false, \"abort\": 1, ", false), ("\"threshold\": \"p(99)<500\", ", "", false), ("10s", "10", false),
    ])
  func abortingThreshold(old: String, new: String, isRead: Bool) throws {
    let text = Self.thresholds.replacing(old, with: new, maxReplacements: 1)
    #expect(text != Self.thresholds)
    #expect(((try? ScenarioReader.read(text: text, file: "s.json")) != nil) == isRead)
    #expect(try schema.judge([Data(text.utf8)]) == [isRead])
  }

  @Test("a wake is measured by a condition that can't warn", arguments: [" warn", " fail", ""])
  func wakes(level: String) throws {
    let text = Self.phased.replacing("p(95) < 500ms", with: "p(95) < 500ms\(level)")
    let isRead = (try? ScenarioReader.read(text: text, file: "s.json")) != nil
    #expect(isRead == (level != " warn"))
    #expect(try schema.judge([Data(text.utf8)]) == [isRead])
  }

  @Test("so is what its users know and send")
  func states() throws {
    try schema.expectAlike(
      Data(Self.stateful.utf8),
      extra: [
        ("duration", "700ms"), ("at most", "<= 5s"), ("size", "> 5KB"), ("path", "$.other"), ("order", "random"),
        ("control", "a\u{1}b"), ("more", "> 1"),
      ], expecting: (documents: 500, refused: 250)
    ) { document in
      (try? ScenarioReader.read(text: String(decoding: document, as: UTF8.self), file: "s.json")) != nil
    }
  }

  @Test("so is what its load may be", arguments: [staged, arriving, limited])
  func loads(scenario: String) throws {
    try schema.expectAlike(
      Data(scenario.utf8),
      extra: [
        ("duration", "700ms"), ("rate", "10/min"), ("no rate", "0/s"), ("range", "1s..2s"), ("drop", "drop"),
        ("poisson", "poisson"), ("exponential", "exponential(3s)"), ("half", "lognormal(3s"),
      ], expecting: (documents: 100, refused: 60)
    ) { document in
      (try? ScenarioReader.read(text: String(decoding: document, as: UTF8.self), file: "s.json")) != nil
    }
  }

  @Test("a scenario with one part changed is judged alike by schema and reader", arguments: [closed, open])
  func mutations(scenario: String) throws {
    try schema.expectAlike(
      Data(scenario.utf8),
      extra: [
        ("duration", "700ms"), ("bare number", "5"), ("rate", "10/min"), ("path", "/x"), ("control", "a\u{1}b"),
        ("comma", "a,b"), ("zone", "Europe/Berlin"), ("url", "https://[::1]:8443"),
      ], beyondSchema: ["time_zone"], expecting: (documents: 300, refused: 150)
    ) { document in
      (try? ScenarioReader.read(text: String(decoding: document, as: UTF8.self), file: "s.json")) != nil
    }
  }
}
