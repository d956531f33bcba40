import Testing

@testable import Visits

@Suite struct LogFormTests {
  private func read(_ notation: String, _ line: String) throws -> LogEntry? {
    try LogForm(notation: notation).read(Array(line.utf8)[...])
  }

  @Test(
    "nginx's and Apache's own notation read what they write",
    arguments: [
      (
        #"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#,
        #"203.0.113.9 - Jane Doe [25/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 512 "-" "agent \"x\"""#
      ),
      (
        #"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#,
        #"203.0.113.9 - - [25/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 512 "-" "agent \"x\"""#
      ),
      (
        #"%{X-Forwarded-For}i %h %t %m %U %H %>s %O %D \"%{User-Agent}i\""#,
        #"203.0.113.9, 10.0.0.2 10.0.0.1 [25/Nov/2026:15:30:00 +0530] GET /a HTTP/1.1 200 512 1234 "agent \"x\"""#
      ),
      (
        "%{%Y-%m-%d}t\\t%{%H:%M:%S}t %a %m %U %{User-Agent}i %s %B",
        "2026-11-25\t10:00:00 203.0.113.9 GET /a agent\\x20 200 512"
      ),
      (
        #"${msec}|$remote_addr|$request_uri|$status|$bytes_sent|$http_user_agent"#,
        #"1795600800.125|203.0.113.9|/a|200|512|agent "x""#
      ),
      (
        #"%v:%p %a %u %{sec}t "%r" %s %b "%{User-Agent}i" %^FB"#,
        #"e.example:443 [203.0.113.9]:1 - 1795600800 "GET /a HTTP/1.1" 200 512 "agent \"x\"" 12"#
      ),
    ])
  func notations(notation: String, line: String) throws {
    let line = line.replacing("[203.0.113.9]:1", with: "203.0.113.9:1")
    let entry = try #require(try read(notation, line))
    #expect(entry.seconds == 1_795_600_800 && entry.client.text() == "203.0.113.9" && entry.path.text() == "/a")
    #expect(entry.agent.text().hasPrefix("agent") && entry.status == 200 && entry.bytes == 512)
  }

  @Test("a client may be hidden behind a pseudonym where its field is named")
  func pseudonyms() throws {
    let line = #"a94a8fe5ccb1 - - [25/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 512"#
    #expect(try read(#"%h %l %u %t "%r" %>s %b"#, line)?.client.text() == "a94a8fe5ccb1")
    #expect(LogLine.parse(Array(line.utf8)[...]) == nil)
    let json = #"{"time":1795600800,"method":"GET","path":"/a","client_ip":"a94a8fe5","user_agent":"x"}"#
    #expect(LogLine.parse(Array(json.utf8)[...])?.client.text() == "a94a8fe5")
  }

  @Test(
    "a line that doesn't fit as a whole is not read",
    arguments: [
      #"203.0.113.9 - - [25/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 512 more"#,
      #"203.0.113.9 - - [25/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 2x0 512"#,
      #"203.0.113.900 - - [25/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 512"#,
      #"203.0.113.9 - - [25/Nov/2026:10:00:61 +0000] "GET /a HTTP/1.1" 200 512"#,
      #"203.0.113.9 - - [25/Nov/2026:10:00:00 +0000] "GIT /a HTTP/1.1" 200 512"#, "",
    ])
  func strict(line: String) throws { #expect(try read(#"%h %l %u %t "%r" %>s %b"#, line) == nil) }

  @Test(
    "a notation that can't tell who came when is refused with what it lacks",
    arguments: [
      (#"$remote_addr "$request""#, "time"), (#"[$time_local] "$request""#, "client"), ("%h %t", "request"),
      ("%h%t %r", "between"), (#"%h %{%Q}t "%r""#, "%Q"), ("$", "variable"), ("%{x", "}"), ("", "time"),
    ])
  func refused(notation: String, word: String) {
    let error = #expect(throws: LogFormError.self) { try LogForm(notation: notation) }
    #expect(error?.description.contains(word) == true)
  }
}
