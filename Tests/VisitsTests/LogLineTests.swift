import Instants
import Testing

@testable import Visits

/// One line of a log with what it tells.
struct Form: Sendable, CustomTestStringConvertible {
  var name: String
  var line: String
  var seconds: Int64? = 1_795_600_800
  var client = "203.0.113.9"
  var agent = "Mozilla/5.0 (X11)"
  var path = "/schedules?date=25"
  var bytes: Int? = 512
  var hasZone = true

  var testDescription: String { name }
}

extension Form {
  static let all: [Form] = [
    Form(
      name: "nginx combined",
      line:
        #"203.0.113.9 - - [25/Nov/2026:10:00:00 +0000] "GET /schedules?date=25 HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11)""#
    ),
    Form(
      name: "nginx with the request's time behind",
      line:
        #"203.0.113.9 - bob [25/Nov/2026:15:30:00 +0530] "GET /schedules?date=25 HTTP/2.0" 200 512 "https://a/" "Mozilla/5.0 (X11)" 0.012 0.011"#
    ),
    Form(
      name: "nginx main, with X-Forwarded-For",
      line:
        #"10.0.0.5 - - [25/Nov/2026:10:00:00 +0000] "GET /schedules?date=25 HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11)" "203.0.113.9, 10.0.0.4""#
    ),
    Form(
      name: "common, without an agent",
      line: #"203.0.113.9 - - [25/Nov/2026:10:00:00 +0000] "GET /schedules?date=25 HTTP/1.1" 200 512"#, agent: ""),
    Form(
      name: "a quote within the agent",
      line:
        #"203.0.113.9 - - [25/Nov/2026:10:00:00 +0000] "GET /schedules?date=25 HTTP/1.1" 200 512 "-" "Mozilla/5.0 \"(X11)""#,
      agent: #"Mozilla/5.0 "(X11)"#),
    Form(
      name: "uvicorn with asctime",
      line: #"2026-11-25 10:00:00,123 INFO:     203.0.113.9:5000 - "GET /schedules?date=25 HTTP/1.1" 200 OK"#,
      agent: "",
      bytes: nil, hasZone: false),
    Form(
      name: "uvicorn with ISO time",
      line: #"2026-11-25T10:00:00Z INFO: 203.0.113.9:5000 - "GET /schedules?date=25 HTTP/1.1" 200"#, agent: "",
      bytes: nil),
    Form(
      name: "uvicorn with a logger's name",
      line:
        #"2026-11-25 10:00:00,123 - uvicorn.access - INFO - 203.0.113.9:5000 - "GET /schedules?date=25 HTTP/1.1" 200"#,
      agent: "", bytes: nil, hasZone: false),
    Form(
      name: "uvicorn without a time", line: #"INFO:     203.0.113.9:5000 - "GET /schedules?date=25 HTTP/1.1" 200 OK"#,
      seconds: nil, agent: "", bytes: nil),
    Form(
      name: "IPv6 with a port",
      line: #"2026-11-25T10:00:00Z INFO: [2001:db8::1]:5000 - "GET /schedules?date=25 HTTP/1.1" 200"#,
      client: "2001:db8::1", agent: "", bytes: nil),
    Form(
      name: "caddy",
      line:
        #"{"level":"info","ts":1795600800.25,"request":{"remote_ip":"203.0.113.9","method":"GET","uri":"/schedules?date=25","headers":{"User-Agent":["Mozilla/5.0 (X11)"]}},"size":512,"status":200}"#
    ),
    Form(
      name: "pino",
      line:
        #"{"level":30,"time":1795600800250,"req":{"id":1,"method":"GET","url":"/schedules?date=25","headers":{"user-agent":"Mozilla/5.0 (X11)"},"remoteAddress":"203.0.113.9","remotePort":5000},"res":{"statusCode":200,"headers":{"content-length":"512"}},"responseTime":5,"msg":"request completed"}"#
    ),
    Form(
      name: "morgan's dev",
      line: "\u{1B}[0mGET /schedules?date=25 \u{1B}[32m200\u{1B}[0m 5.123 ms - 512\u{1B}[0m", seconds: nil, client: "",
      agent: ""),
    Form(
      name: "structured, milliseconds",
      line:
        #"{"time":1795600800250,"method":"GET","path":"/schedules?date=25","remote_addr":"203.0.113.9:1234","user_agent":"Mozilla/5.0 (X11)","status":200,"bytes":512}"#
    ),
    Form(
      name: "nginx's JSON with the request line",
      line:
        #"{"time_iso8601":"2026-11-25T10:00:00+00:00","request":"GET /schedules?date=25 HTTP/1.1","remote_addr":"203.0.113.9","http_user_agent":"Mozilla/5.0 (X11)","status":"200","body_bytes_sent":"512"}"#
    ),
    Form(
      name: "the router's line, dated",
      line:
        #"2026-11-25T10:00:00Z [GET] 200 a.onrender.com/schedules?date=25 clientIP="203.0.113.9" requestID="8a" responseTimeMS=11 responseBytes=512 userAgent="Mozilla/5.0 (X11)""#
    ),
    Form(
      name: "the router's line as the dashboard copies it",
      line:
        #"2026-11-25T10:00:00Z      [GET]200a.onrender.com/schedules?date=25clientIP="203.0.113.9" requestID="8a" responseTimeMS=11 responseBytes=512 userAgent="Mozilla/5.0 (X11)""#
    ),
    Form(
      name: "the router's line in JSON with labels",
      line:
        #"{"id":"1","labels":[{"name":"type","value":"request"},{"name":"path","value":"/schedules?date=25"},{"name":"statusCode","value":"200"}],"message":"clientIP=\"203.0.113.9\" requestID=\"8a\" responseTimeMS=11 responseBytes=512 userAgent=\"Mozilla/5.0 (X11)\"","timestamp":"2026-11-25T10:00:00.123Z"}"#
    ),
    Form(
      name: "uvicorn's line in an export, coloured",
      line:
        #"{"timestamp":"2026-11-25T10:00:00.123Z","message":"\u001b[32mINFO\u001b[0m:     203.0.113.9:0 - \"\u001b[1mGET /schedules?date=25 HTTP/1.1\u001b[0m\" \u001b[32m200 OK\u001b[0m"}"#,
      agent: "", bytes: nil),
    Form(
      name: "syslog",
      line:
        #"<14>1 2026-11-25T10:00:00+00:00 my-service web-1 7 web-1 - 203.0.113.9 - - [25/Nov/2026:10:00:00 +0000] "GET /schedules?date=25 HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11)""#
    ),
  ]
}

@Suite struct LogLineTests {
  @Test("every form tells time, client, agent, path and bytes", arguments: Form.all)
  func tells(form: Form) throws {
    let entry = try #require(LogLine.parse(Array(form.line.utf8)[...]))
    #expect(entry.seconds == form.seconds)
    #expect(entry.client.text() == form.client)
    #expect(entry.agent.text() == form.agent)
    #expect(entry.path.text() == form.path)
    #expect(entry.bytes == form.bytes && entry.status == 200)
    #expect(entry.hasZone == form.hasZone || form.seconds == nil)
  }

  @Test(
    "what tells of no request is none",
    arguments: [
      "", "   ", "==> Your service is live", "{", "{}", "[", #"{"message":"hello","timestamp":"2026-11-25T10:00:00Z"}"#,
      "2026-11-25 10:00:00", #""GET /"#, #"INFO: started "quoted" text"#, "<14>1", #"clientIP=""#, "\"\\",
      #"{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}}"#,
    ])
  func nothing(line: String) { #expect(LogLine.parse(Array(line.utf8)[...]) == nil) }

  @Test("any bytes are survived")
  func anyBytes() {
    var state: UInt64 = 1
    func next() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    for form in Form.all {
      let line = Array(form.line.utf8)
      for length in 0..<line.count { _ = LogLine.parse(line[..<length]) }
      for _ in 0..<200 {
        var changed = line
        for _ in 0..<3 { changed[Int(next()) % changed.count] = next() }
        _ = LogLine.parse(changed[...])
      }
    }
  }
}
